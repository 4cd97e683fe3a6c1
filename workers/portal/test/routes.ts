import type { Call } from "./portal.ts";

export interface Route {
	name: string;
	path: string;
	call: Call;
	/** Members who are not admins are refused. */
	forAdmins?: boolean;
	/** So are staff. */
	forOwnAdmins?: boolean;
	/** So are admins: staff alone, for the org that they name. */
	forStaff?: boolean;
	/** A read that the audit log records: not for who acts in another's name. */
	isRecorded?: boolean;
	/** A read, though its question comes in a body. */
	isQuestion?: boolean;
	/** The status of the good response; 200 when absent. */
	status?: number;
	/** What the request needs to find, as SQL that may run again: statements that end a line with `;`. */
	prepare?: string;
}

/** The key of a Stripe account that has CHADIS' customer once `linkCustomer` has put it there. */
export const STRIPE_SECRET_KEY = `sk_test_${crypto.randomUUID()}`;
const CONVERSATION = "/portal/conversations/session-alpha-5";
const UNERASED =
	"INSERT OR IGNORE INTO chat_sessions (id, org_id, site_id, visitor_id) VALUES ('session-alpha-5', 'org_chadis', 'site_chadis', 'v')";

const ENTRY = "/portal/knowledge/kn-alpha-a";
const ENTRY_BODY = { kind: "article", title: "Title", body: "Text" };
const UNDELETED =
	"INSERT INTO knowledge (id, org_id, title, body) SELECT 'kn-alpha-a', 'org_chadis', 'Title', 'Body' WHERE NOT EXISTS (SELECT 1 FROM knowledge WHERE id = 'kn-alpha-a')";

const SPARE_TOKEN = "spare";
/** The staff of the tests, each of whom has a number for every route. */
const SPARE_USERS = ["user_staff", "user_alphaAdmin"].flatMap((user) => [
	user,
	...Array.from({ length: 60 }, (_, n) => `${user}${n + 1}`),
]);
/** A customer that may be erased by whichever of staff has the token "spare". */
const SPARE = `
	INSERT INTO orgs (id, name, slug) SELECT 'org_spare', 'Spare', 'spare' WHERE NOT EXISTS (SELECT 1 FROM orgs WHERE id = 'org_spare');
	UPDATE orgs SET erasure_id = NULL WHERE id = 'org_spare';
	INSERT INTO erasure_tokens (org_id, user_id, token_digest, expires_at)
	SELECT 'org_spare', value, 'cf2d9706736982fb261656d2e712344c3c38bd94b34a444ea4f3ce97591cd48f', '2999-01-01T00:00:00.000Z'
	FROM json_each('${JSON.stringify(SPARE_USERS)}')
	WHERE true
	ON CONFLICT (org_id, user_id) DO UPDATE SET token_digest = excluded.token_digest, expires_at = excluded.expires_at`;
/** A draft that changes what is in force, whatever that is. */
const DRAFTED = `
	INSERT INTO config_drafts (org_id, changes)
	SELECT 'org_chadis', json_object('greeting', COALESCE((SELECT greeting FROM org_config WHERE org_id = 'org_chadis'), '') || '.') WHERE true
	ON CONFLICT (org_id) DO UPDATE SET changes = excluded.changes
`;
/** Another configuration than the first version, which so has something to restore. */
const CHANGED = "UPDATE org_config SET greeting = 'Changed' WHERE org_id = 'org_chadis' AND greeting IS NOT 'Changed'";
/** One run at a time: those before have ended. The seed has questions for it. */
const UNRUN = "UPDATE golden_runs SET status = 'incomplete' WHERE org_id = 'org_chadis' AND status = 'queued'";

/** Every route that asks who calls, with a request that is otherwise good for CHADIS. */
export const ROUTES: readonly Route[] = [
	...[
		"overview",
		"engines",
		"workflows",
		"insights",
		"team",
		"config",
		"retention",
		"billing",
		"clients",
		"doctor",
	].map((name) => ({
		name: `GET /portal/${name}`,
		path: `/portal/${name}`,
		call: {},
	})),
	{ name: "GET /portal/conversations", path: "/portal/conversations", call: {} },
	{ name: "GET /portal/conversations/{id}", path: CONVERSATION, call: {}, prepare: UNERASED },
	{ name: "GET /portal/leads", path: "/portal/leads", call: {}, forAdmins: true },
	{ name: "GET /portal/export", path: "/portal/export", call: {}, forAdmins: true, isRecorded: true },
	{
		name: "DELETE /portal/conversations/{id}",
		path: CONVERSATION,
		call: { method: "DELETE" },
		forAdmins: true,
		status: 204,
		prepare: UNERASED,
	},
	{
		name: "DELETE /portal/visitors/{id}",
		path: "/portal/visitors/00000000000000aa",
		call: { method: "DELETE" },
		forAdmins: true,
		status: 204,
		prepare:
			"INSERT INTO visitors (org_id, visitor_id, visitor) VALUES ('org_chadis', hex(randomblob(8)), '00000000000000aa') ON CONFLICT DO NOTHING",
	},
	{
		name: "POST /portal/erasures",
		path: "/portal/erasures",
		call: { method: "POST", body: { email: "B@alpha.example", confirm: true } },
		forAdmins: true,
		prepare:
			"INSERT OR IGNORE INTO leads (id, org_id, site_id, email) VALUES ('lead-alpha-z', 'org_chadis', 'site_chadis', 'b@alpha.example')",
	},
	{
		name: "DELETE /portal/leads/{id}",
		path: "/portal/leads/lead-alpha-b",
		call: { method: "DELETE" },
		forAdmins: true,
		status: 204,
		prepare:
			"INSERT OR IGNORE INTO leads (id, org_id, site_id, email) VALUES ('lead-alpha-b', 'org_chadis', 'site_chadis', 'a@alpha.example')",
	},
	{ name: "GET /portal/knowledge", path: "/portal/knowledge", call: {} },
	{
		name: "POST /portal/knowledge",
		path: "/portal/knowledge",
		call: { method: "POST", body: ENTRY_BODY },
		forAdmins: true,
		status: 201,
	},
	{
		name: "POST /portal/knowledge/test",
		path: "/portal/knowledge/test",
		call: { method: "POST", body: { question: "Where do I park?" } },
		isQuestion: true,
	},
	{ name: "GET /portal/knowledge/{id}", path: ENTRY, call: {}, prepare: UNDELETED },
	{
		name: "PUT /portal/knowledge/{id}",
		path: ENTRY,
		call: { method: "PUT", body: ENTRY_BODY },
		forAdmins: true,
		prepare: UNDELETED,
	},
	{
		name: "DELETE /portal/knowledge/{id}",
		path: ENTRY,
		call: { method: "DELETE" },
		forAdmins: true,
		status: 204,
		prepare: UNDELETED,
	},
	{
		name: "PATCH /portal/config",
		path: "/portal/config",
		call: { method: "PATCH", body: { greeting: "Hi" } },
		forAdmins: true,
	},
	{ name: "GET /portal/config/versions", path: "/portal/config/versions", call: {} },
	{ name: "GET /portal/config/versions/{id}", path: "/portal/config/versions/1", call: {} },
	{
		name: "POST /portal/config/versions/{id}/restore",
		path: "/portal/config/versions/1/restore",
		call: { method: "POST" },
		forAdmins: true,
		prepare: CHANGED,
	},
	{ name: "GET /portal/config/draft", path: "/portal/config/draft", call: {} },
	{
		name: "PUT /portal/config/draft",
		path: "/portal/config/draft",
		call: { method: "PUT", body: { greeting: "Hi" } },
		forAdmins: true,
	},
	{
		name: "DELETE /portal/config/draft",
		path: "/portal/config/draft",
		call: { method: "DELETE" },
		forAdmins: true,
		status: 204,
		prepare: DRAFTED,
	},
	{
		name: "POST /portal/config/publish",
		path: "/portal/config/publish",
		call: { method: "POST", body: {} },
		forAdmins: true,
		prepare: DRAFTED,
	},
	{ name: "GET /portal/golden-questions", path: "/portal/golden-questions", call: {} },
	{
		name: "PUT /portal/golden-questions",
		path: "/portal/golden-questions",
		call: { method: "PUT", body: { questions: [{ question: "Who?" }] } },
		forAdmins: true,
	},
	{ name: "GET /portal/golden-questions/runs", path: "/portal/golden-questions/runs", call: {} },
	{
		name: "POST /portal/golden-questions/runs",
		path: "/portal/golden-questions/runs",
		call: { method: "POST", body: {} },
		forAdmins: true,
		status: 201,
		prepare: UNRUN,
	},
	{
		name: "GET /portal/golden-questions/runs/{id}",
		path: "/portal/golden-questions/runs/run-alpha",
		call: {},
	},
	{
		name: "POST /portal/engines",
		path: "/portal/engines",
		call: { method: "POST", body: { name: "Another" } },
		forAdmins: true,
		forStaff: true,
		status: 201,
		prepare: "DELETE FROM portal_sites WHERE org_id = 'org_chadis' AND name LIKE 'Another%'",
	},
	{ name: "GET /portal/audit", path: "/portal/audit", call: {}, forAdmins: true },
	{
		name: "PATCH /portal/engines/{id}",
		path: "/portal/engines/site_chadis",
		call: { method: "PATCH", body: { name: "Bot" } },
		forAdmins: true,
	},
	{
		name: "POST /portal/engines/{id}/rotate-key",
		path: "/portal/engines/site_chadis/rotate-key",
		call: { method: "POST", body: {} },
		forAdmins: true,
	},
	{ name: "GET /portal/clients/audit", path: "/portal/clients/audit", call: {} },
	{ name: "GET /portal/clients/{id}", path: "/portal/clients/org_spare", call: {}, prepare: SPARE },
	{
		name: "POST /portal/clients",
		path: "/portal/clients",
		call: { method: "POST", body: { name: "Made by a test" } },
		status: 201,
		prepare: "DELETE FROM orgs WHERE slug = 'made-by-a-test'",
	},
	{
		name: "PATCH /portal/clients/{id}",
		path: "/portal/clients/org_spare",
		call: { method: "PATCH", body: { client_share_percent: 30 } },
		prepare: SPARE,
	},
	{
		name: "POST /portal/clients/{id}/erasure",
		path: "/portal/clients/org_spare/erasure",
		call: { method: "POST" },
		status: 201,
		prepare: SPARE,
	},
	{
		name: "DELETE /portal/clients/{id}",
		path: "/portal/clients/org_spare",
		call: { method: "DELETE", body: { token: SPARE_TOKEN } },
		status: 204,
		prepare: SPARE,
	},
	...[
		{ path: "/portal/billing/checkout", body: { plan: "chatbot" } },
		{ path: "/portal/billing/portal", body: {} },
	].map(({ path, body }) => ({
		name: `POST ${path}`,
		path,
		call: { method: "POST", body, env: { STRIPE_SECRET_KEY } },
		forAdmins: true,
		forOwnAdmins: true,
	})),
];

/** Puts what the request needs to find. */
export async function prepareRoute(db: D1Database, { prepare }: Route): Promise<void> {
	if (prepare !== undefined) await db.batch(prepare.split(";\n").map((sql) => db.prepare(sql)));
}

/** Whether a path is about no org of the caller's, and staff's alone. */
export function isOfStaff({ path, forStaff }: Pick<Route, "path" | "forStaff">): boolean {
	return path.startsWith("/portal/clients") || path === "/portal/doctor" || forStaff === true;
}

/** Those about one org, which `?orgId=` may name. */
export const ORG_ROUTES = ROUTES.filter((route) => !isOfStaff(route));
export const STAFF_ROUTES = ORG_ROUTES.filter(({ forOwnAdmins }) => forOwnAdmins !== true);
