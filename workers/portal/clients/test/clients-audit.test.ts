import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { isObject } from "../../../lib/http/json.ts";
import { observe } from "../../numbers/test/observe.ts";
import { createPortal, NOW } from "../../test/portal.ts";
import type { Portal } from "../../test/portal.ts";
import { CHADIS, STAFF, admin, seedTwins } from "../../test/seed.ts";
import { logOf } from "./staff-client.ts";

let portal: Portal;

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
});
beforeEach(async () => {
	await seedTwins(env.DB);
	const insert = env.DB.prepare(
		"INSERT INTO audit_log (org_id, at, user_id, acting_as, action, target) VALUES (?1, ?2, ?3, 'admin', ?4, 't')",
	);
	await env.DB.batch([
		insert.bind("org_chadis", "2026-08-10T00:00:00.000Z", "user_a", "config.update"),
		insert.bind("org_pannu_dental", "2026-08-11T00:00:00.000Z", "user_b", "config.update"),
		insert.bind("org_chadis", "2026-08-12T00:00:00.000Z", "user_a", "lead.list"),
		insert.bind("org_pannu_dental", "2026-08-12T00:00:00.000Z", "user_a", "engine.update"),
	]);
});

async function read(query = "") {
	const { status, body, roundTrips } = await portal.call(`/portal/clients/audit${query}`, { as: STAFF });
	if (!isObject(body) || !Array.isArray(body["entries"])) throw new Error(JSON.stringify(body));
	const entries = body["entries"].filter(isObject);
	const shown = entries.map(({ org_id, action }) => `${String(org_id)} ${String(action)}`);
	return { status, roundTrips, entries, shown, next: body["next_cursor"] };
}

describe("GET /portal/clients/audit", () => {
	it("shows what was done at any client, the newest first, in one round trip that leaves its trace at each", async () => {
		const { status, roundTrips, entries, shown } = await read();
		expect({ status, roundTrips }).toEqual({ status: 200, roundTrips: 1 });
		expect(shown).toEqual([
			...["org_pannu_dental engine.update", "org_chadis lead.list"],
			...["org_pannu_dental config.update", "org_chadis config.update"],
		]);
		expect(entries[0]).toEqual({
			...{ id: expect.any(Number), at: "2026-08-12T00:00:00.000Z", last_at: "2026-08-12T00:00:00.000Z" },
			...{ user_id: "user_a", acting_as: "admin", impersonator_id: null, kind: "write", action: "engine.update" },
			...{ target: "t", fields: [], reads: null, org_id: "org_pannu_dental", org_name: "Pannu Dental" },
		});
		const trace = { user_id: "user_staff", acting_as: "staff", action: "audit.list", fields: "[]" };
		for (const org of ["org_chadis", "org_pannu_dental"])
			expect((await logOf(org)).at(-1)).toEqual({ ...trace, target: org });
	});

	it.each([
		["?kind=write", ["org_pannu_dental engine.update", "org_pannu_dental config.update", "org_chadis config.update"]],
		["?kind=read", ["org_chadis lead.list"]],
		["?user_id=user_b", ["org_pannu_dental config.update"]],
		["?user_id=user_a&kind=write", ["org_pannu_dental engine.update", "org_chadis config.update"]],
		["?from=2026-08-11&to=2026-08-11", ["org_pannu_dental config.update"]],
		["?user_id=nobody", []],
		["?orgId=org_chadis&kind=read", ["org_chadis lead.list"]],
	])("filters by %s", async (query, expected) => {
		expect((await read(query)).shown).toEqual(expected);
	});

	it("leaves no trace at a client of whom it shows nothing", async () => {
		await read("?user_id=user_b");
		expect((await logOf("org_chadis")).map(({ action }) => action)).toEqual(["config.update", "lead.list"]);
	});

	it("goes on from page to page, each entry once", async () => {
		const seen: string[] = [];
		for (let query = "?limit=1&kind=write"; ; ) {
			const page = await read(query);
			seen.push(...page.shown);
			if (typeof page.next !== "string") break;
			query = `?limit=1&kind=write&cursor=${page.next}`;
		}
		expect(seen).toEqual((await read("?kind=write")).shown);
	});

	it("shows nothing of a client that is being erased", async () => {
		await env.DB.prepare("UPDATE orgs SET erasure_id = 'x' WHERE id = 'org_chadis'").run();
		expect((await read()).shown.every((entry) => entry.startsWith("org_pannu"))).toBe(true);
	});

	it("reads rows as its page has, whoever and whatever is asked for", async () => {
		await env.DB.prepare(`
			WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 4000)
			INSERT INTO audit_log (org_id, at, user_id, acting_as, action)
			SELECT 'org_chadis', printf('2026-07-01T%02d:%02d:%02d.000Z', n / 3600, n / 60 % 60, n % 60), 'user_c', 'admin', IIF(n % 2, 'x', 'x.read') FROM n
		`).run();
		for (const query of ["", "&kind=read", "&user_id=user_a", "&user_id=user_c&kind=write"]) {
			const { rowsRead } = await observe(portal, `/portal/clients/audit?limit=5${query}`, { as: STAFF });
			expect({ query, few: rowsRead < 120 }).toEqual({ query, few: true });
		}
	});

	it.each(["?action=x", "?target=x", "?kind=all", "?limit=0", "?cursor=x", "?from=1", "?sort=at"])(
		"refuses %s",
		async (query) => {
			expect((await portal.call(`/portal/clients/audit${query}`, { as: STAFF })).status).toBe(422);
		},
	);

	it("refuses the people of a client, and tells them nothing", async () => {
		const answer = await portal.call("/portal/clients/audit?limit=0", { as: admin(CHADIS) });
		expect({ status: answer.status, roundTrips: answer.roundTrips }).toEqual({ status: 403, roundTrips: 0 });
	});
});
