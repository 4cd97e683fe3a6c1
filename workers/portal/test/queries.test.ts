import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { createPortal, NOW } from "./portal.ts";
import type { Portal } from "./portal.ts";
import { CHADIS, STAFF, admin, member, seedTwins } from "./seed.ts";

let portal: Portal;

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seedTwins(env.DB);
});

interface Observed {
	sql: string[];
	rowsRead: number;
}

/** What a call asks of D1. */
async function observe(path: string, call: Parameters<Portal["call"]>[1]): Promise<Observed> {
	const observed: Observed = { sql: [], rowsRead: 0 };
	const DB = {
		prepare: (sql: string) => {
			observed.sql.push(sql);
			return env.DB.prepare(sql);
		},
		batch: async (statements: D1PreparedStatement[]) => {
			const results = await env.DB.batch(statements);
			for (const { meta } of results) observed.rowsRead += meta.rows_read;
			return results;
		},
	};
	const { status } = await portal.call(path, { ...call, env: { DB } });
	expect(status).toBe(200);
	return observed;
}

const CALLS: [string, Parameters<Portal["call"]>[1]][] = [
	["/portal/overview", { as: member(CHADIS) }],
	["/portal/engines", { as: member(CHADIS) }],
	["/portal/workflows", { as: member(CHADIS) }],
	["/portal/insights", { as: member(CHADIS) }],
	["/portal/insights?engine_id=site_chadis", { as: member(CHADIS) }],
	["/portal/team", { as: member(CHADIS) }],
	["/portal/config", { as: member(CHADIS) }],
	["/portal/clients", { as: STAFF }],
	["/portal/clients?q=a&status=active", { as: STAFF }],
	["/portal/config", { as: admin(CHADIS), method: "PATCH", body: { greeting: "Hi" }, headers: { "If-Match": "*" } }],
	["/portal/engines/site_chadis", { as: admin(CHADIS), method: "PATCH", body: { greeting: "Hi" } }],
	["/portal/engines/site_chadis/rotate-key", { as: admin(CHADIS), method: "POST", body: {} }],
];

describe("the statements of", () => {
	it.each(CALLS)("%s find every stored row by an index", async (path, call) => {
		const { sql } = await observe(path, call);
		for (const statement of sql) {
			const parameters = new Set(statement.match(/\?\d+/g)).size;
			const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${statement}`)
				.bind(...Array(parameters).fill(null))
				.all<{ detail: string }>();
			const stored = results
				.map(({ detail }) => detail)
				.filter((detail) => /^SCAN (?!listed\b|page\b|CONSTANT)/.test(detail));
			expect(stored).toEqual([]);
		}
	});
});

describe("what is read", () => {
	it("does not grow with the sessions and messages stored", async () => {
		const paths = ["/portal/overview", "/portal/insights", "/portal/engines", "/portal/config"];
		const before = [];
		for (const path of paths) before.push((await observe(path, { as: member(CHADIS) })).rowsRead);
		await env.DB.batch([
			env.DB.prepare(`
				WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 20000)
				INSERT INTO chat_sessions (id, org_id, site_id, visitor_id, started_at, last_message_at)
				SELECT 'bulk' || n, 'org_chadis', CASE n % 2 WHEN 0 THEN 'site_chadis' ELSE 'site_alpha_test' END, 'v' || n,
					strftime('%Y-%m-%dT%H:%M:%fZ', '2026-08-19', '-' || n || ' seconds'), '2026-08-19T00:00:00.000Z' FROM n
			`),
			env.DB.prepare(`
				INSERT INTO chat_messages (id, org_id, session_id, role, content)
				SELECT 'm' || id, org_id, id, 'user', 'x' FROM chat_sessions WHERE id LIKE 'bulk%'
			`),
		]);
		const after = [];
		for (const path of paths) after.push((await observe(path, { as: member(CHADIS) })).rowsRead);
		expect(after).toEqual(before);
	});
});
