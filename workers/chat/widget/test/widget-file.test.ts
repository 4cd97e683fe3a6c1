import { WIDGET_SCRIPT, WIDGET_VERSION } from "koby-widget";
import { expect, it } from "vitest";
import { newClient } from "../../test/client.ts";
import { watched } from "../../test/tables.ts";

const get = (path: string, headers: Record<string, string> = {}) =>
	newClient().call({ method: "GET", path, headers, origin: "https://www.example.com" });

it("is served to any page, for five minutes, without a database or a key", async () => {
	const { db, trips } = watched();
	const call = { method: "GET", path: "/widget.js", env: { DB: db, GEMINI_API_KEY: undefined, IP_LIMITER: undefined } };
	const response = await newClient().call(call);
	expect(await response.text()).toBe(WIDGET_SCRIPT);
	expect(Object.fromEntries(response.headers)).toMatchObject({
		"content-type": "text/javascript; charset=utf-8",
		"cache-control": "public, max-age=300",
		"cross-origin-resource-policy": "cross-origin",
		"x-content-type-options": "nosniff",
		etag: `"${WIDGET_VERSION}"`,
	});
	expect(trips()).toBe(0);
});

it.each([`"${WIDGET_VERSION}"`, `W/"${WIDGET_VERSION}"`, `"old", "${WIDGET_VERSION}"`])(
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
	expect([response.status, response.headers.get("Cache-Control")]).toEqual([
		200,
		"public, max-age=31536000, immutable",
	]);
	const old = await get("/widget.0123456789abcdef.js");
	expect([old.status, old.headers.get("Location"), old.headers.get("Cache-Control")]).toEqual([
		302,
		"widget.js",
		"no-store",
	]);
});

it.each(["/widget.xyz.js", "/widgets.js", "/widget.js/", "/widget"])("is not at %s", async (path) => {
	expect((await get(path)).status).toBe(404);
});
