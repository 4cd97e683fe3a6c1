import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { createPortal, description, NOW } from "../../test/portal.ts";
import type { Answer, Portal } from "../../test/portal.ts";
import { ROUTES, isOfStaff, prepareRoute } from "../../test/routes.ts";
import { CHADIS, PANNU, STAFF, admin, member, seedTwins } from "../../test/seed.ts";

const DASHBOARD = "https://portal.koby.ai";
const CALLER = admin(CHADIS);
/** The export is a stream, which nobody has read when its headers leave. */
const READS = description.operations.filter((name) => name.startsWith("GET /portal/") && name !== "GET /portal/export");
const ENTRY = "/portal/knowledge/kn-alpha-a";

let portal: Portal;

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seedTwins(env.DB);
});

const asked = (path: string, tag: string, method = "GET", as = CALLER): Promise<Answer> =>
	portal.call(path, { as, method, headers: { "If-None-Match": tag, Origin: DASHBOARD } });
const tagOf = ({ headers }: Answer): string => headers.get("ETag") ?? "";

describe("a read", () => {
	it.each(READS)("%s is not sent again to whoever has it, in the same one round trip", async (operation) => {
		const route = ROUTES.find(({ name }) => name === operation);
		if (route === undefined) throw new Error("ROUTES lacks it");
		await prepareRoute(env.DB, route);
		const as = isOfStaff(route) ? STAFF : CALLER;
		const first = await portal.call(route.path, { as, headers: { Origin: DASHBOARD } });
		expect([first.status, tagOf(first)]).toEqual([200, expect.stringMatching(/^W\/"(?:\d+\.)?[0-9a-f]{16}"$/)]);
		for (const method of ["GET", "HEAD"]) {
			const again = await asked(route.path, tagOf(first), method, as);
			expect([again.status, again.text, again.roundTrips]).toEqual([304, "", 1]);
			const {
				"content-type": type,
				"x-request-id": id,
				"server-timing": _,
				...kept
			} = Object.fromEntries(first.headers);
			expect(type).toBe("application/json; charset=utf-8");
			expect(Object.fromEntries(again.headers)).toEqual({
				...kept,
				"x-request-id": expect.not.stringMatching(`^${id}$`),
				// Of the second request: the first may have waited for Clerk's keys as well.
				"server-timing": expect.stringContaining('desc="1 round trip"'),
			});
			expect(kept).toMatchObject({
				"access-control-allow-origin": DASHBOARD,
				"cache-control": "no-store",
				etag: tagOf(first),
				vary: "Origin",
			});
		}
	});

	it.each([
		["as it is", (tag: string) => tag],
		["as a strong one", (tag: string) => tag.replace("W/", "")],
		["among others", (tag: string) => `"a", ${tag} ,W/"b"`],
		["by *", () => " * "],
	])("is not sent again where its tag is named %s", async (_, written) => {
		const tag = tagOf(await portal.call("/portal/config", { as: CALLER }));
		expect((await asked("/portal/config", written(tag))).status).toBe(304);
	});

	it.each(['W/"0"', '"', "W/", '""', "", ",", '"*"', 'w/"0"', "**", "%"])(
		"is sent to who names what is no tag of it: %s",
		async (tag) => {
			expect((await asked("/portal/config", tag)).status).toBe(200);
		},
	);

	it("is sent where it shows something else though nobody has written", async () => {
		const [config, entry] = await Promise.all([asked("/portal/config", "-"), asked(ENTRY, "-")]);
		await env.DB.batch([
			env.DB.prepare("UPDATE orgs SET name = 'Renamed' WHERE id = 'org_chadis'"),
			env.DB.prepare("UPDATE org_config SET display_name = NULL WHERE org_id = 'org_chadis'"),
			env.DB.prepare("UPDATE knowledge SET hits = hits + 1 WHERE id = 'kn-alpha-a'"),
		]);
		expect((await asked("/portal/config", tagOf(config))).status).toBe(200);
		const again = await asked(ENTRY, tagOf(entry));
		expect(again.status).toBe(200);
		const write = { as: CALLER, method: "PUT", headers: { "If-Match": tagOf(entry) } };
		const body = { kind: "article", title: "Other", body: "Text" };
		expect((await portal.call(ENTRY, { ...write, body })).status).toBe(200);
		expect(await portal.call(ENTRY, { ...write, body: { ...body, title: "Third" } })).toMatchObject({ status: 412 });
	});

	it("is refused as ever to who may not have it, whatever they name", async () => {
		const statuses = await Promise.all([
			portal.call("/portal/config", { headers: { "If-None-Match": "*" } }),
			asked("/portal/leads", "*", "GET", member(CHADIS)),
			asked("/portal/config?orgId=org_pannu_dental", "*"),
			asked("/portal/knowledge/kn-alpha-a", "*", "GET", admin(PANNU)),
			asked("/portal/config?sort=name", "*"),
			asked("/portal/nowhere", "*"),
		]);
		expect(statuses.map(({ status }) => status)).toEqual([401, 403, 403, 404, 422, 404]);
	});

	it("alone takes If-None-Match: a write is done", async () => {
		const headers = { "If-None-Match": "*" };
		expect(
			await portal.call("/portal/config", { as: CALLER, method: "PATCH", headers, body: { greeting: "Hi" } }),
		).toMatchObject({ status: 200 });
	});
});

it("the description of the API is not sent again either", async () => {
	const first = await portal.call("/openapi.json");
	const again = await portal.call("/openapi.json", { headers: { "If-None-Match": tagOf(first) } });
	expect([again.status, again.text, again.headers.get("Cache-Control")]).toEqual([304, "", "public, max-age=300"]);
});
