import type { Call } from "./portal.ts";

export interface Route {
	name: string;
	path: string;
	call: Call;
	/** Members who are not admins are refused. */
	forAdmins?: boolean;
	/** So are staff. */
	forOwnAdmins?: boolean;
	/** A read that the audit log records: not for who acts in another's name. */
	isRecorded?: boolean;
	/** The status of the good response; 200 when absent. */
	status?: number;
	/** What the request needs to find, as SQL that may run again. */
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

/** Every route that asks who calls, with a request that is otherwise good for CHADIS. */
export const ROUTES: readonly Route[] = [
	...["overview", "engines", "workflows", "insights", "team", "config", "billing", "clients"].map((name) => ({
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
	{ name: "GET /portal/knowledge", path: "/portal/knowledge", call: {} },
	{
		name: "POST /portal/knowledge",
		path: "/portal/knowledge",
		call: { method: "POST", body: ENTRY_BODY },
		forAdmins: true,
		status: 201,
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

/** Those about one org, which `?orgId=` may name. */
export const ORG_ROUTES = ROUTES.filter(({ path }) => path !== "/portal/clients");
export const STAFF_ROUTES = ORG_ROUTES.filter(({ forOwnAdmins }) => forOwnAdmins !== true);
