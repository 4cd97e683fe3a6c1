import { WIDGET_FILES, WIDGET_SCRIPT, WIDGET_TYPES, WIDGET_VERSION } from "koby-widget";
import { expect, it } from "vitest";
import { newClient } from "../../test/client.ts";
import { watched } from "../../test/tables.ts";

const get = (path: string, headers: Record<string, string> = {}) =>
	newClient().call({ method: "GET", host: "chat.test", path, headers, origin: "https://www.example.com" });
const served = (base: string, key = ""): string =>
	WIDGET_SCRIPT.replace("{{koby-base}}", base).replace("{{koby-key}}", key);
const ORIGIN = "https://chat.test/";
const FOR_EVER = "public, max-age=31536000, immutable";
const panel = Object.keys(WIDGET_FILES).find((name) => name.startsWith("panel.")) ?? "";

it("is served to any page, for five minutes, without a database or a key", async () => {
	const { db, trips } = watched();
	const call = {
		method: "GET",
		host: "chat.test",
		path: "/widget.js",
		env: { DB: db, GEMINI_API_KEY: undefined, IP_LIMITER: undefined },
	};
	const response = await newClient().call(call);
	expect(await response.text()).toBe(served(ORIGIN));
	expect(Object.fromEntries(response.headers)).toMatchObject({
		"content-type": "text/javascript; charset=utf-8",
		"cache-control": "public, max-age=300",
		"cross-origin-resource-policy": "cross-origin",
		"x-content-type-options": "nosniff",
		etag: `"${WIDGET_VERSION}"`,
	});
	expect(trips()).toBe(0);
});

it("has one place each for its address and a site key", () => {
	expect([WIDGET_SCRIPT.split("{{koby-base}}").length, WIDGET_SCRIPT.split("{{koby-key}}").length]).toEqual([2, 2]);
});

it.each([
	["?site_key=sk_a_live_abc123", "sk_a_live_abc123"],
	["?shop=a.myshopify.com&site_key=sk_a_test_abc123", "sk_a_test_abc123"],
	["?site_key=sk_a_live_abc123%22%3Balert(1)%2F%2F", ""],
	["?site_key=", ""],
	["?site_key=alert(1)", ""],
])("has the site key of %s in it, and nothing else of the address", async (query, key) => {
	expect(await (await get(`/widget.js${query}`)).text()).toBe(served(ORIGIN, key));
});

it.each([`"${WIDGET_VERSION}"`, `W/"${WIDGET_VERSION}"`, `"old", "${WIDGET_VERSION}"`, "*"])(
	"is not sent again to who has it (%s)",
	async (tag) => {
		const response = await get("/widget.js", { "If-None-Match": tag });
		expect([response.status, await response.text(), response.headers.get("ETag")]).toEqual([
			304,
			"",
			`"${WIDGET_VERSION}"`,
		]);
	},
);

it("is sent to who has another", async () => {
	expect((await get("/widget.js", { "If-None-Match": '"0123456789abcdef"' })).status).toBe(200);
});

it("has an address of its version that is good for ever, and one of another version leads to the current", async () => {
	const response = await get(`/widget.${WIDGET_VERSION}.js`);
	expect([response.status, response.headers.get("Cache-Control")]).toEqual([200, FOR_EVER]);
	const old = await get("/widget.0123456789abcdef.js");
	expect([old.status, old.headers.get("Location"), old.headers.get("Cache-Control")]).toEqual([
		302,
		"widget.js",
		"no-store",
	]);
});

it("fetches its panel from an address that is good for ever and that any page may import", async () => {
	expect(WIDGET_SCRIPT).toContain(panel);
	const response = await get(`/widget/${panel}`);
	expect([response.status, await response.text()]).toEqual([200, WIDGET_FILES[panel]]);
	expect(Object.fromEntries(response.headers)).toMatchObject({
		"content-type": "text/javascript; charset=utf-8",
		"cache-control": FOR_EVER,
		"cross-origin-resource-policy": "cross-origin",
		"access-control-allow-origin": "https://www.example.com",
	});
});

it("gives the file of today, for a while, for a digest that is gone", async () => {
	const response = await get("/widget/panel.00000000.js?1");
	expect([response.status, response.headers.get("Cache-Control"), await response.text()]).toEqual([
		200,
		"public, max-age=300",
		WIDGET_FILES[panel],
	]);
});

it("has types for the author of a page", async () => {
	const response = await get("/widget.d.ts");
	expect([response.status, response.headers.get("Content-Type"), await response.text()]).toEqual([
		200,
		"text/plain; charset=utf-8",
		WIDGET_TYPES,
	]);
});

it.each([
	...["/widget.xyz.js", "/widgets.js", "/widget.js/", "/widget", "/widget.d.tsx"],
	...["/widget/panel.js", "/widget/panel.0000000a.js", "/widget/none.00000000.js", "/widget/constructor.00000000.js"],
])("is not at %s", async (path) => {
	expect((await get(path)).status).toBe(404);
});

it.each(["/widget.js", `/widget/${panel}`, "/widget.d.ts"])("takes no POST at %s", async (path) => {
	expect((await newClient().call({ method: "POST", path })).status).toBe(405);
});
