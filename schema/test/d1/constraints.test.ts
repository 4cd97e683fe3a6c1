import { beforeAll, describe, expect, it } from "vitest";
import { resetDatabase } from "../../../workers/lib/test/database.ts";
import { db, refusal, rows } from "./database.ts";

// Every statement below is refused, so one database serves all.
beforeAll(() => resetDatabase(db));

/** The columns of an INSERT that is right but for what a case changes. */
const RIGHT: Record<string, Record<string, unknown>> = {
	orgs: { id: "org_new", name: "New", slug: "new" },
	portal_sites: { id: "site_new", org_id: "org_chadis", site_key: "sk_new_live_abc", name: "Bot" },
	team_members: { org_id: "org_chadis", user_id: "user_1" },
	workflows: { id: "wf", org_id: "org_chadis", name: "Flow" },
	workflow_runs: { id: "run", org_id: "org_chadis", workflow_id: "wf_none" },
	knowledge: { id: "kn", org_id: "org_chadis", title: "Title", body: "Body" },
	chat_messages: { id: "m", org_id: "org_chadis", session_id: "s", content: "Hello" },
	voice_sessions: {
		id: "v",
		org_id: "org_chadis",
		site_id: "site_chadis",
		agent_id: "agent_1",
		expires_at: "2026-03-10T12:00:00.000Z",
	},
	audit_log: { org_id: "org_chadis", user_id: "user_1", action: "config.update" },
	plans: { id: "small", name: "Small" },
	legacy_usage: { date: "2026-03-10" },
};

function insert(table: string, changes: Record<string, unknown>): Promise<string | undefined> {
	const row = { ...RIGHT[table], ...changes };
	const columns = Object.keys(row);
	const marks = columns.map((_, index) => `?${index + 1}`);
	return refusal(
		`INSERT INTO ${table} (${columns.map((column) => `"${column}"`).join(", ")}) VALUES (${marks.join(", ")})`,
		...Object.values(row),
	);
}

describe("a wrong value is refused by a message that names its column", () => {
	it.each([
		["orgs", "status", "Active"],
		["orgs", "status", "cancelled"],
		["orgs", "status", null],
		["orgs", "plan", "chat"],
		["orgs", "plan", "Chatbot"],
		["orgs", "plan", null],
		["orgs", "id", ""],
		["orgs", "id", "org new"],
		["orgs", "id", null],
		["orgs", "name", "  "],
		["orgs", "name", null],
		["orgs", "slug", "New Client"],
		["orgs", "slug", null],
		["orgs", "status_locked", 2],
		["orgs", "status_locked", "yes"],
		["orgs", "clerk_org_id", ""],
		["orgs", "clerk_org_id", "org_"],
		["orgs", "clerk_org_id", "org_2abc "],
		["orgs", "clerk_org_id", "user_2abc"],
		["orgs", "clerk_org_id", "org_chadis"],
		["orgs", "stripe_customer_id", "sub_123"],
		["orgs", "stripe_customer_id", "cus_123\n"],
		["portal_sites", "type", "chat"],
		["portal_sites", "type", null],
		["portal_sites", "status", "on"],
		["portal_sites", "status", null],
		["portal_sites", "org_id", "org_chadi"],
		["portal_sites", "org_id", null],
		["portal_sites", "name", ""],
		["portal_sites", "site_key", null],
		["portal_sites", "site_key", "sk_chadis_live_abc123"],
		["portal_sites", "agent_id", "agent 1"],
		["portal_sites", "model", "Gemini Flash"],
		["portal_sites", "brand_color", "#12345"],
		["portal_sites", "brand_color", "red; }"],
		["portal_sites", "suggested_questions", "What?"],
		["portal_sites", "previous_key_expires_at", "tomorrow"],
		["portal_sites", "previous_key_expires_at", "2026-03-10 12:00:00"],
		["portal_sites", "previous_key_expires_at", 1773144000],
		["team_members", "role", "org:admin"],
		["team_members", "role", "owner"],
		["team_members", "org_id", "org_none"],
		["workflows", "status", "enabled"],
		["workflows", "org_id", "org_none"],
		["workflow_runs", "workflow_id", "wf_none"],
		["knowledge", "kind", "faq"],
		["chat_messages", "role", "system"],
		["voice_sessions", "status", "ended"],
		["audit_log", "acting_as", "owner"],
		["portal_sites", "visitor_memory", "session"],
		["portal_sites", "visitor_memory", ""],
		["plans", "monthly_messages", -1],
		["plans", "monthly_messages", "unlimited"],
		["plans", "monthly_voice_characters", 1.5],
		["legacy_usage", "worker", "portal"],
	])("%s.%s = %j", async (table, column, value) => {
		expect(await insert(table, { [column]: value })).toContain(`${table}.${column}`);
	});

	it.each([
		["privacy", "none", "must be NULL, standard, redact or no_store"],
		["consent", "", "must be NULL, none, notice or required"],
		["audience", "children", "must be NULL, general or adults"],
		["provider_policy", "BAA", "must be NULL, any or baa"],
		["privacy_url", "http://x.example", "must be NULL or begin with https://"],
		["terms_url", "javascript:alert(1)", "must be NULL or begin with https://"],
		["hidden_paths", "/kids", "must be NULL or a JSON array"],
		["safety_phrases", "{}", "must be NULL or a JSON array"],
		["translations", "[]", "must be NULL or a JSON object"],
		["widget", "dark", "must be NULL or a JSON object"],
		["country", "us", "must be NULL or two capital letters such as US"],
		["country", "USA", "must be NULL or two capital letters such as US"],
	])("of a configuration: %s = %j", async (column, value, message) => {
		expect(await refusal(`UPDATE org_config SET ${column} = '${value}'`)).toContain(`org_config.${column} ${message}`);
	});

	it("of an update as well", async () => {
		expect(await refusal("UPDATE orgs SET plan = 'free'")).toContain(
			"orgs.plan must be one of chatbot, voice, enterprise",
		);
		expect(await refusal("UPDATE orgs SET status = 'paused'")).toContain(
			"orgs.status must be one of trialing, active, past_due, inactive, churned",
		);
		expect(await refusal("UPDATE portal_sites SET status = 'inactive'")).toContain(
			"portal_sites.status must be active, paused or archived",
		);
		await db
			.prepare("INSERT INTO metrics_daily (org_id, date, site_id) VALUES ('org_chadis', '2026-03-10', 'site_chadis')")
			.run();
		expect(await refusal("UPDATE portal_sites SET org_id = 'org_pannu_dental' WHERE id = 'site_chadis'")).toContain(
			"portal_sites.org_id must stay once the site was used",
		);
		expect(await refusal("UPDATE portal_sites SET org_id = 'org_none' WHERE id = 'site_pannu_dental'")).toContain(
			"portal_sites.org_id must be the id of a row in orgs",
		);
		expect(await refusal("UPDATE org_config SET retention_days = 6")).toContain(
			"org_config.retention_days must be NULL, 0 or 7 to 3650",
		);
		expect(await refusal("UPDATE org_config SET logo_url = 'javascript:alert(1)'")).toContain(
			"org_config.logo_url must be NULL or begin with https://",
		);
		expect(await refusal("UPDATE org_config SET suggested_questions = '{}'")).toContain(
			"org_config.suggested_questions must be NULL or a JSON array",
		);
		expect(await refusal("UPDATE org_config SET answer_mode = 'loose'")).toContain(
			"org_config.answer_mode must be NULL, strict or free",
		);
		expect(await refusal("UPDATE plans SET knowledge_whole_tokens = 8001")).toContain(
			"plans.knowledge_whole_tokens must be NULL or 0 to 8000",
		);
		expect(
			await refusal(
				"INSERT INTO chat_sessions (id, org_id, site_id, visitor_id, topic) VALUES ('s', 'org_chadis', 'site_chadis', 'v', '{}')",
			),
		).toContain("chat_sessions.topic must be NULL or a JSON array");
	});

	it("and nothing of these is written", async () => {
		expect(
			await rows(
				"SELECT (SELECT COUNT(*) FROM orgs) AS orgs, (SELECT COUNT(*) FROM portal_sites) AS sites, (SELECT COUNT(*) FROM plans) AS plans",
			),
		).toEqual([{ orgs: 2, sites: 2, plans: 3 }]);
	});
});

describe("allowed_origins", () => {
	const update = (value: unknown): Promise<string | undefined> =>
		refusal(
			"UPDATE portal_sites SET allowed_origins = ?1 WHERE id = 'site_chadis'",
			typeof value === "string" ? value : JSON.stringify(value),
		);

	it.each([
		"https://www.example.com",
		'"https://www.example.com"',
		{ a: 1 },
		["https://www.example.com/"],
		["https://www.example.com/shop"],
		["www.example.com"],
		["https://www.Example.com"],
		["https://*.example.com"],
		["*"],
		[""],
		[null],
		["https://user@example.com"],
		["https://a.example", "https://b.example/"],
	])("refuses %j", async (value) => {
		expect(await update(value)).toContain("portal_sites.allowed_origins must");
	});

	it.each([
		[[]],
		[["https://www.example.com"]],
		[["https://example.com:8443", "http://localhost:3000", "http://[::1]:8080", "capacitor://localhost"]],
	])("takes %j", async (value) => {
		expect(await update(value)).toBeUndefined();
	});

	it("is checked on a new row too", async () => {
		expect(await insert("portal_sites", { allowed_origins: '["https://www.example.com/"]' })).toContain(
			"portal_sites.allowed_origins must",
		);
	});
});

describe("foreign keys", () => {
	it.each([
		["orgs", "UPDATE orgs SET id = 'org_other' WHERE id = 'org_chadis'"],
		["plans", "DELETE FROM plans WHERE id = 'enterprise'"],
		[
			"chat_sessions",
			"INSERT INTO chat_sessions (id, org_id, site_id, visitor_id) VALUES ('s', 'org_chadis', 'site_none', 'v')",
		],
		[
			"chat_messages",
			"INSERT INTO chat_messages (id, org_id, session_id, role, content) VALUES ('m', 'org_chadis', 'none', 'user', 'x')",
		],
		[
			"metrics_daily",
			"INSERT INTO metrics_daily (org_id, date, site_id) VALUES ('org_none', '2026-03-10', 'site_chadis')",
		],
		[
			"leads",
			"INSERT INTO leads (id, org_id, site_id, email) VALUES ('l', 'org_chadis', 'site_none', 'a@example.com')",
		],
	])("hold for %s", async (_, sql) => {
		expect(await refusal(sql)).toContain("FOREIGN KEY constraint failed");
	});
});

describe("INSERT OR REPLACE, which would delete a row with everything that hangs on it,", () => {
	beforeAll(async () => {
		await db.batch([
			db.prepare("INSERT INTO workflows (id, org_id, name) VALUES ('wf', 'org_chadis', 'Flow')"),
			db.prepare("INSERT INTO workflow_runs (id, org_id, workflow_id) VALUES ('r', 'org_chadis', 'wf')"),
			db.prepare(
				"INSERT INTO knowledge (id, org_id, kind, title, question_key, body) VALUES ('k', 'org_chadis', 'answer', 'When?', 'when', 'At nine.')",
			),
		]);
	});

	it.each([
		["orgs.id", "INSERT OR REPLACE INTO orgs (id, name, slug) VALUES ('org_chadis', 'CHADIS', 'chadis-2')"],
		["orgs.slug", "REPLACE INTO orgs (id, name, slug) VALUES ('org_2', 'CHADIS', 'chadis')"],
		[
			"portal_sites.id",
			"INSERT OR REPLACE INTO portal_sites (id, org_id, site_key, name) VALUES ('site_chadis', 'org_chadis', 'sk_chadis_live_new1', 'Bot')",
		],
		["plans.id", "INSERT OR REPLACE INTO plans (id, name, monthly_messages) VALUES ('chatbot', 'Chatbot', 60000)"],
		[
			"plans.stripe_lookup_key",
			"INSERT OR REPLACE INTO plans (id, name, stripe_lookup_key) VALUES ('new', 'New', 'chatbot_monthly')",
		],
		["org_config.org_id", "INSERT OR REPLACE INTO org_config (org_id, greeting) VALUES ('org_chadis', 'Hi there')"],
		["workflows.id", "INSERT OR REPLACE INTO workflows (id, org_id, name) VALUES ('wf', 'org_chadis', 'Flow')"],
		[
			"workflow_runs.id",
			"INSERT OR REPLACE INTO workflow_runs (id, org_id, workflow_id, status) VALUES ('r', 'org_chadis', 'wf', 'success')",
		],
		[
			"knowledge.id",
			"INSERT OR REPLACE INTO knowledge (id, org_id, title, body) VALUES ('k', 'org_chadis', 'When?', 'At ten.')",
		],
		[
			"knowledge.question_key",
			"INSERT OR REPLACE INTO knowledge (id, org_id, kind, title, question_key, body) VALUES ('k2', 'org_chadis', 'answer', 'When?', 'when', 'At ten.')",
		],
		[
			"portal_sites.site_key",
			"INSERT OR REPLACE INTO portal_sites (id, org_id, site_key, name) VALUES ('site_2', 'org_chadis', 'sk_chadis_live_abc123', 'Bot')",
		],
	])("is refused for a taken %s", async (column, sql) => {
		const message = await refusal(sql);
		expect(message).toContain(column);
		expect(message).toContain("is taken; to change a row, use UPDATE");
	});
});
