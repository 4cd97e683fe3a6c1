import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { linkCustomer } from "../billing/test/billing-client.ts";
import { observe } from "../numbers/test/observe.ts";
import { createPortal, NOW } from "./portal.ts";
import type { Call, Portal } from "./portal.ts";
import { STRIPE_SECRET_KEY } from "./routes.ts";
import { CHADIS, STAFF, admin, member, seedTwins } from "./seed.ts";

let portal: Portal;

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seedTwins(env.DB);
	await linkCustomer(STRIPE_SECRET_KEY);
});

const CALLS: [string, Call][] = [
	["/portal/overview", { as: member(CHADIS) }],
	["/portal/engines", { as: member(CHADIS) }],
	["/portal/workflows", { as: member(CHADIS) }],
	["/portal/insights", { as: member(CHADIS) }],
	["/portal/insights?engine_id=site_chadis", { as: member(CHADIS) }],
	["/portal/team", { as: member(CHADIS) }],
	["/portal/config", { as: member(CHADIS) }],
	["/portal/clients", { as: STAFF }],
	["/portal/clients?q=a&status=active", { as: STAFF }],
	["/portal/conversations", { as: member(CHADIS) }],
	["/portal/conversations?engine_id=site_chadis&from=2026-08-01&limit=2", { as: member(CHADIS) }],
	["/portal/conversations/session-alpha-5", { as: member(CHADIS) }],
	["/portal/conversations/session-alpha-4", { as: admin(CHADIS), method: "DELETE" }],
	["/portal/leads", { as: admin(CHADIS) }],
	["/portal/export", { as: admin(CHADIS) }],
	["/portal/config", { as: admin(CHADIS), method: "PATCH", body: { greeting: "Hi" }, headers: { "If-Match": "*" } }],
	["/portal/audit", { as: admin(CHADIS) }],
	["/portal/audit?limit=100&cursor=WyI1Il0", { as: admin(CHADIS) }],
	["/portal/engines/site_chadis", { as: admin(CHADIS), method: "PATCH", body: { greeting: "Hi" } }],
	["/portal/engines/site_chadis/rotate-key", { as: admin(CHADIS), method: "POST", body: {} }],
	["/portal/knowledge", { as: member(CHADIS) }],
	["/portal/knowledge?kind=article&q=p&limit=1", { as: member(CHADIS) }],
	["/portal/knowledge/kn-alpha-a", { as: member(CHADIS) }],
	["/portal/knowledge", { as: admin(CHADIS), method: "POST", body: { kind: "answer", title: "Who?", body: "We." } }],
	[
		"/portal/knowledge/kn-alpha-a",
		{ as: admin(CHADIS), method: "PUT", body: { kind: "article", title: "Parking", body: "None." } },
	],
	["/portal/knowledge/kn-alpha-a", { as: admin(CHADIS), method: "DELETE" }],
	["/portal/billing", { as: member(CHADIS) }],
	[
		"/portal/billing/checkout",
		{ as: admin(CHADIS), method: "POST", body: { plan: "chatbot" }, env: { STRIPE_SECRET_KEY } },
	],
	["/portal/billing/portal", { as: admin(CHADIS), method: "POST", body: {}, env: { STRIPE_SECRET_KEY } }],
];

/** What may be scanned: rows that the statement has packed or paged itself, what JSON holds, and the plans, of which there is a handful. */
const SCANNED = /^SCAN (?!listed\b|page\b|plans\b|CONSTANT|\w+ VIRTUAL TABLE)/;

describe("the statements of", () => {
	it.each(CALLS)("%s find every stored row by an index", async (path, call) => {
		const { sql } = await observe(portal, path, call);
		for (const statement of sql) {
			const parameters = new Set(statement.match(/\?\d+/g)).size;
			const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${statement}`)
				.bind(...Array(parameters).fill(null))
				.all<{ detail: string }>();
			const stored = results.map(({ detail }) => detail).filter((detail) => SCANNED.test(detail));
			expect(stored).toEqual([]);
		}
	});
});

/** As many sessions of CHADIS as told, in all, each with a message up to the 20,000th. */
async function fillUp(sessions: number): Promise<void> {
	await env.DB.batch([
		env.DB.prepare(`
			WITH RECURSIVE n (n) AS (SELECT (SELECT COUNT(*) FROM chat_sessions WHERE org_id = 'org_chadis') UNION ALL SELECT n + 1 FROM n WHERE n < ?1 - 1)
			INSERT INTO chat_sessions (id, org_id, site_id, visitor_id, started_at, last_message_at)
			SELECT 'bulk' || n, 'org_chadis', CASE n % 2 WHEN 0 THEN 'site_chadis' ELSE 'site_alpha_test' END, 'v' || n,
				strftime('%Y-%m-%dT%H:%M:%fZ', '2026-08-19', '-' || n || ' seconds'), '2026-08-19T00:00:00.000Z' FROM n
		`).bind(sessions),
		env.DB.prepare(`
			INSERT OR IGNORE INTO chat_messages (id, org_id, session_id, role, content)
			SELECT 'm' || id, org_id, id, 'user', 'x' FROM chat_sessions WHERE id LIKE 'bulk%' LIMIT 20000
		`),
	]);
	const stored = await env.DB.prepare("SELECT COUNT(*) AS stored FROM chat_sessions WHERE org_id = 'org_chadis'").first(
		"stored",
	);
	expect(stored).toBe(sessions);
}

async function rowsRead(): Promise<number[]> {
	const paths = [
		"/portal/overview",
		"/portal/insights",
		"/portal/engines",
		"/portal/config",
		"/portal/conversations?limit=5",
	];
	const read = [];
	for (const path of paths) read.push((await observe(portal, path, { as: member(CHADIS) })).rowsRead);
	return read;
}

describe("what is read", () => {
	it("is as much of 200,000 stored sessions as of 1,000", { timeout: 60_000 }, async () => {
		await fillUp(1000);
		const few = await rowsRead();
		await fillUp(200_000);
		expect(await rowsRead()).toEqual(few);
		expect(Math.max(...few)).toBeLessThan(1000);
	});
});
