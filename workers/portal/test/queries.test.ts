import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { linkCustomer } from "../billing/test/billing-client.ts";
import { CUSTOMER, RECEIVED, deliver, subscribed, subscriptionEvent } from "../events/test/stripe-fixture.ts";
import { ago, keepFor, runDaily, runOften, session } from "../housekeeping/test/retention-seed.ts";
import { observe } from "../numbers/test/observe.ts";
import { encodeCursor } from "../request/cursor.ts";
import { createPortal, NOW } from "./portal.ts";
import type { Call, Portal } from "./portal.ts";
import { ROUTES, STRIPE_SECRET_KEY, prepareRoute } from "./routes.ts";
import { CHADIS, STAFF, admin, member, seedTwins } from "./seed.ts";

let portal: Portal;

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seedTwins(env.DB);
	await linkCustomer(STRIPE_SECRET_KEY);
	await env.DB.prepare("UPDATE leads SET message = '512 555 0147' WHERE id = 'lead-alpha-c'").run();
	for (const route of ROUTES.filter(({ path }) => path.startsWith("/portal/clients/")))
		await prepareRoute(env.DB, route);
});

const CALLS: [string, Call][] = [
	["/portal/overview", { as: member(CHADIS) }],
	["/portal/engines", { as: member(CHADIS) }],
	["/portal/workflows", { as: member(CHADIS) }],
	["/portal/insights", { as: member(CHADIS) }],
	["/portal/insights?engine_id=site_chadis", { as: member(CHADIS) }],
	["/portal/team", { as: member(CHADIS) }],
	["/portal/config", { as: member(CHADIS) }],
	["/portal/retention", { as: member(CHADIS) }],
	["/portal/clients", { as: STAFF }],
	["/portal/doctor", { as: STAFF }],
	["/portal/clients?q=a&status=active", { as: STAFF }],
	["/portal/clients?plan=voice", { as: STAFF }],
	["/portal/clients?plan=voice&status=churned", { as: STAFF }],
	["/portal/clients?sort=cost_30d&attention=any", { as: STAFF }],
	["/portal/clients/audit", { as: STAFF }],
	["/portal/clients/audit?kind=write&user_id=user_x", { as: STAFF }],
	["/portal/clients/org_chadis", { as: STAFF }],
	[
		"/portal/clients",
		{ as: STAFF, method: "POST", body: { name: "Planned", clerk_org_id: "org_2planned", config: { greeting: "Hi" } } },
	],
	[
		"/portal/clients/org_spare",
		{ as: STAFF, method: "PATCH", body: { status: "churned", slug: "planned-2", clerk_org_id: null } },
	],
	["/portal/engines?orgId=org_chadis", { as: STAFF, method: "POST", body: { name: "Planned" } }],
	["/portal/conversations", { as: member(CHADIS) }],
	["/portal/conversations?engine_id=site_chadis&from=2026-08-01&limit=2", { as: member(CHADIS) }],
	["/portal/conversations?has_lead=true", { as: member(CHADIS) }],
	["/portal/conversations?rating=down&has_lead=false", { as: member(CHADIS) }],
	["/portal/conversations?rating=up&unanswered=false", { as: member(CHADIS) }],
	["/portal/conversations?unanswered=true&from=2026-08-01", { as: member(CHADIS) }],
	["/portal/conversations?unanswered=false&engine_id=site_chadis&limit=2", { as: member(CHADIS) }],
	["/portal/conversations?has_lead=false", { as: member(CHADIS) }],
	["/portal/conversations?q=open", { as: member(CHADIS) }],
	["/portal/conversations?q=open+parking+door&rating=up&engine_id=site_chadis", { as: member(CHADIS) }],
	["/portal/conversations/session-alpha-5", { as: member(CHADIS) }],
	["/portal/conversations/session-alpha-4", { as: admin(CHADIS), method: "DELETE" }],
	["/portal/leads", { as: admin(CHADIS) }],
	["/portal/leads/lead-alpha-a", { as: admin(CHADIS), method: "DELETE" }],
	["/portal/visitors/a000000000000003", { as: admin(CHADIS), method: "DELETE" }],
	["/portal/erasures", { as: admin(CHADIS), method: "POST", body: { visitor: "a000000000000002" } }],
	["/portal/erasures", { as: admin(CHADIS), method: "POST", body: { phone: "512 555 0147" } }],
	["/portal/clients/org_pannu_dental/erasure", { as: STAFF, method: "POST" }],
	["/portal/clients/org_spare", { as: STAFF, method: "DELETE", body: { token: "spare" } }],
	["/portal/export", { as: admin(CHADIS) }],
	["/portal/export?cursor=message-alpha-c", { as: admin(CHADIS) }],
	["/portal/config", { as: admin(CHADIS), method: "PATCH", body: { greeting: "Hi" }, headers: { "If-Match": "*" } }],
	["/portal/config/versions", { as: member(CHADIS) }],
	["/portal/config/versions/1", { as: member(CHADIS) }],
	["/portal/config/versions/1/restore", { as: admin(CHADIS), method: "POST" }],
	["/portal/config/draft", { as: admin(CHADIS), method: "PUT", body: { greeting: "Draft" } }],
	["/portal/config/publish", { as: admin(CHADIS), method: "POST", body: {} }],
	["/portal/config/draft", { as: admin(CHADIS), method: "PUT", body: { greeting: "Other" } }],
	["/portal/config/draft", { as: admin(CHADIS), method: "DELETE" }],
	["/portal/config/draft", { as: member(CHADIS) }],
	["/portal/knowledge/test", { as: member(CHADIS), method: "POST", body: { question: "Where do I park?" } }],
	[
		"/portal/knowledge/test",
		{
			...{ as: member(CHADIS), method: "POST", env: { GEMINI_API_KEY: "key-plans", KNOWLEDGE_WHOLE_TOKENS: "0" } },
			body: { question: "Where do I park?", session: "session-alpha-5" },
		},
	],
	["/portal/golden-questions", { as: member(CHADIS) }],
	["/portal/golden-questions/runs?limit=1", { as: member(CHADIS) }],
	["/portal/golden-questions/runs/run-alpha", { as: member(CHADIS) }],
	["/portal/golden-questions/runs", { as: admin(CHADIS), method: "POST", body: {} }],
	[
		"/portal/golden-questions",
		{ as: admin(CHADIS), method: "PUT", body: { questions: [] }, headers: { "If-Match": "*" } },
	],
	["/portal/audit", { as: admin(CHADIS) }],
	["/portal/audit?target=session-alpha-5", { as: admin(CHADIS) }],
	["/portal/audit?target=session-alpha-5&kind=read", { as: admin(CHADIS) }],
	[`/portal/audit?limit=100&cursor=${encodeCursor(["2026-08-20T00:00:00.000Z", "5"])}`, { as: admin(CHADIS) }],
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
	["/portal/erasures", { as: admin(CHADIS), method: "POST", body: { email: "visitor@alpha.example", confirm: true } }],
];

/** What staff read is recorded in the same batch. */
const RECORDED = CALLS.filter(([path, { method }]) => method === undefined && !/clients|export|doctor/.test(path)).map(
	([path]): [string, Call] => [`${path}${path.includes("?") ? "&" : "?"}orgId=org_chadis`, { as: STAFF }],
);

/**
 * What may be scanned: rows that the statement has packed, paged or ranked itself, those that a window function sums up, what JSON
 * holds, an index of the few rows that are meant, and the plans and scheduled runs, of which there is a handful.
 */
const SCANNED =
	/^SCAN (?!listed\b|told\b|found\b|page\b|asked\b|miss\b|near\b|sought\b|letter\b|\d+ CONSTANT ROWS|ranked\b|weighed\b|said\b|q$|run$|counted\b|walk\b|\(subquery-|plans\b|cron_runs\b|CONSTANT|\w+ VIRTUAL TABLE|\w+ USING (?:COVERING )?INDEX \w+_(?:with|un)\w+)/;

/**
 * Indexes beside which another way could serve: another index, the primary key, or the rowid's order. Which one SQLite
 * takes changes with its version, so a statement that reads their table by one of them names it.
 */
const RIVALLED = [
	"audit_log_by_action",
	"audit_log_by_anyone",
	"audit_log_by_kind",
	"audit_log_by_org",
	"audit_log_by_target",
	"audit_log_by_user",
	"audit_log_by_user_action",
	"chat_messages_by_session",
	"chat_sessions_by_org",
	"chat_sessions_by_site",
	"chat_sessions_by_visitor",
	"chat_sessions_with_down",
	"chat_sessions_with_lead",
	"chat_sessions_with_unanswered",
	"chat_sessions_with_up",
	"golden_runs_by_org",
	"golden_runs_underway",
	"golden_runs_with_draft",
	"knowledge_by_org",
	"knowledge_by_question",
	"metrics_daily_by_site",
	"orgs_by_name",
	"orgs_by_plan",
	"orgs_by_plan_and_status",
	"orgs_by_status",
	"question_stats_by_age",
	"voice_sessions_by_age",
	"voice_sessions_by_org",
	"workflow_daily_by_workflow",
];

/** The steps of a statement's plan that scan what is stored, or go by an index of their planner's choice. */
async function faultyStepsOf(sql: string): Promise<string[]> {
	const parameters = Math.max(0, ...Array.from(sql.matchAll(/\?(\d+)/g), ([, number]) => Number(number)));
	const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
		.bind(...Array(parameters).fill(null))
		.all<{ detail: string }>();
	return results
		.map(({ detail }) => detail)
		.filter((detail) => !isForNewParent(detail, sql) && (SCANNED.test(detail) || isChosen(detail, sql)));
}

/**
 * Rows that wait for a new row of orgs or portal_sites by a foreign key are looked for only where some wait (OP_FkIfZero of SQLite's
 * fkey.c), which are none: the plan has the step, and it is not run. A test of the clients holds the rows that are read.
 */
function isForNewParent(detail: string, sql: string): boolean {
	const [, table = "orgs"] = /^SCAN (\w+)/.exec(detail) ?? [];
	return /^\s*INSERT INTO (?:orgs|portal_sites) /.test(sql) && !new RegExp(`\\b${table}\\b`).test(sql);
}

/** Whether the planner chose the index. Tables that a foreign key reaches are not in the statement, and have but one. */
function isChosen(detail: string, sql: string): boolean {
	const [, index = ""] = /USING (?:COVERING )?INDEX (\w+)/.exec(detail) ?? [];
	const [, table = ""] = /^(\w+?)_(?:by|with)_/.exec(index) ?? [];
	return RIVALLED.includes(index) && sql.includes(table) && !sql.includes(`INDEXED BY ${index}`);
}

/** The test database, and every statement that was prepared on it. */
function recorded(): { db: D1Database; sql: string[] } {
	const sql: string[] = [];
	const prepare = (statement: string) => {
		sql.push(statement);
		return env.DB.prepare(statement);
	};
	return { db: new Proxy(env.DB, { get: (db, name) => (name === "prepare" ? prepare : db.batch.bind(db)) }), sql };
}

async function expectIndexed(sql: string[]): Promise<void> {
	for (const statement of sql) expect(await faultyStepsOf(statement)).toEqual([]);
}

describe("every stored row is found by an index, which is named where others could serve", () => {
	it.each([...RECORDED, ...CALLS])("in %s", async (path, call) => {
		const { sql } = await observe(portal, path, call);
		await expectIndexed(sql);
	});

	it("in the handling of an event of Stripe's", async () => {
		const { settings } = await subscribed();
		await env.DB.prepare("UPDATE orgs SET stripe_customer_id = ?1 WHERE id = ?2").bind(CUSTOMER, CHADIS.id).run();
		const { db, sql } = recorded();
		expect(await deliver({ ...settings, db }, subscriptionEvent())).toEqual(RECEIVED);
		expect(sql).toHaveLength(6);
		await expectIndexed(sql);
	});

	it("in the run of every five minutes", async () => {
		await env.DB.batch([
			// The tables of an erased customer are looked through by statements of their own.
			env.DB.prepare("UPDATE orgs SET erasure_id = NULL WHERE erasure_id IS NOT NULL"),
			...["marked", "visitor"].flatMap((id) => session(id, ago(1))),
			env.DB.prepare("UPDATE chat_sessions SET erased_at = ?1 WHERE id = 'marked'").bind(ago(1)),
			env.DB.prepare("UPDATE visitors SET erased_at = ?1, erasure_id = 'v' WHERE visitor_id = 'visitor'").bind(ago(1)),
		]);
		const { db, sql } = recorded();
		await runOften(db);
		expect(sql.length).toBeGreaterThan(15);
		await expectIndexed([...new Set(sql)]);
	});

	it("in the daily run", async () => {
		await env.DB.batch([keepFor(CHADIS.id, 30), ...session("old", ago(50))]);
		const { db, sql } = recorded();
		await runDaily(db);
		expect(sql.length).toBeGreaterThan(9);
		await expectIndexed(sql);
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
