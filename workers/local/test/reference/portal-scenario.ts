import { event } from "../../stand-ins/stripe/stripe-events.ts";
import { within } from "./play.ts";
import type { Call, Player } from "./play.ts";

/** What a conversation, held before, has left for the dashboard. */
export interface Left {
	sessionId: string;
}

type Ask = (operationId: string, path: string, call?: Call) => ReturnType<Player["call"]>;

/** Every operation of the portal, once as it goes well, in an order in which each finds what it needs. */
export async function playPortal(player: Player, { sessionId }: Left): Promise<void> {
	const as = async (query: string): Promise<Ask> => {
		const bearer = await player.client.bearer(query);
		return (operationId, path, call = {}) =>
			player.call("portal", operationId, path, { ...call, headers: { ...bearer, ...call.headers } });
	};
	const admin = await as("role=admin&org=org_chadis");
	await admin("getOverview", "/portal/overview");
	await admin("listWorkflows", "/portal/workflows");
	await admin("getInsights", "/portal/insights");
	await admin("exportConversations", "/portal/export");
	await playEngines(admin);
	await playConfig(admin);
	await admin("getTeam", "/portal/team");
	await playKnowledge(admin);
	await playGolden(admin);
	await playConversations(admin, sessionId);
	await admin("listAudit", "/portal/audit?kind=write");
	await admin("getBilling", "/portal/billing");
	const staff = await as("role=staff");
	await playClients(staff);
	await playCustomer(player, staff, await as("role=admin&org=org_pannu_dental"));
	await player.call("portal", "getHealth", "/health");
	await player.call("portal", "getOpenapi", "/portal/openapi.json");
	await player.call("portal", "getSecurityTxt", "/.well-known/security.txt");
}

async function playEngines(admin: Ask): Promise<void> {
	const engines = await admin("listEngines", "/portal/engines");
	const id = within(engines, "engines.0.id");
	await admin("patchEngine", `/portal/engines/${id}`, {
		method: "PATCH",
		body: { greeting: "Hello! Ask me about CHADIS.", allowed_origins: ["https://www.chadis.com"] },
	});
	await admin("rotateEngineKey", `/portal/engines/${id}/rotate-key`, { body: { grace_hours: 48 } });
}

async function playConfig(admin: Ask): Promise<void> {
	await admin("getRetention", "/portal/retention");
	const before = await admin("getConfig", "/portal/config");
	await admin("patchConfig", "/portal/config", {
		method: "PATCH",
		headers: { "If-Match": before.headers.get("ETag") ?? "" },
		body: {
			greeting: "Hello! How can I help your family today?",
			suggested_questions: ["What is CHADIS?", "Can I fill it in on my phone?"],
			brand_color: "#0B6E4F",
			translations: { es: { greeting: "¡Hola! ¿En qué puedo ayudarle?" } },
		},
	});
	await admin("patchConfig", "/portal/config", {
		method: "PATCH",
		headers: { "If-Match": 'W/"0"' },
		body: { greeting: "From a page that was open too long." },
	});
	await admin("patchConfig", "/portal/config", { method: "PATCH", body: { timezone: "Mars", color: "red" } });
	const versions = await admin("listConfigVersions", "/portal/config/versions");
	const version = within(versions, "versions.1.version");
	await admin("getConfigVersion", `/portal/config/versions/${version}`);
	await admin("restoreConfigVersion", `/portal/config/versions/${version}/restore`, { method: "POST" });
	const draft = { fallback_message: "I cannot answer that. Please call the practice." };
	await admin("putConfigDraft", "/portal/config/draft", { method: "PUT", body: draft });
	await admin("getConfigDraft", "/portal/config/draft");
	await admin("publishConfigDraft", "/portal/config/publish", {
		body: { override_reason: "A call is what the practice wants." },
	});
	await admin("deleteConfigDraft", "/portal/config/draft", { method: "DELETE" });
}

async function playKnowledge(admin: Ask): Promise<void> {
	const entry = {
		kind: "answer",
		title: "Do you see children without an appointment?",
		body: "No, please make an appointment first; the same day is often possible.",
		source_url: "https://www.chadis.com/appointments",
	};
	await admin("listKnowledge", "/portal/knowledge?kind=article");
	const created = await admin("createKnowledge", "/portal/knowledge", { body: entry });
	const path = `/portal/knowledge/${within(created, "entry.id")}`;
	const read = await admin("getKnowledge", path);
	await admin("putKnowledge", path, {
		method: "PUT",
		headers: { "If-Match": read.headers.get("ETag") ?? "" },
		body: { ...entry, body: "No. Please make an appointment first; most are given for the same day." },
	});
	await admin("testKnowledge", "/portal/knowledge/test", {
		body: { question: "How long does that take?", earlier: ["Are there questionnaires in Spanish?"] },
	});
	await admin("deleteKnowledge", path, { method: "DELETE" });
}

async function playGolden(admin: Ask): Promise<void> {
	await admin("getGoldenQuestions", "/portal/golden-questions");
	await admin("putGoldenQuestions", "/portal/golden-questions", {
		method: "PUT",
		body: {
			questions: [
				{ question: "What is CHADIS?", must_contain: ["questionnaire"] },
				{ question: "What will the weather be?", expect: "unanswered" },
			],
		},
	});
	await admin("createGoldenRun", "/portal/golden-questions/runs", { body: { draft: false } });
	const runs = await admin("listGoldenRuns", "/portal/golden-questions/runs");
	await admin("getGoldenRun", `/portal/golden-questions/runs/${within(runs, "runs.1.id")}`);
}

async function playConversations(admin: Ask, sessionId: string): Promise<void> {
	await admin("listConversations", "/portal/conversations?q=phones&limit=2");
	const filters = "engine_id=site_chadis&rating=up&unanswered=false&has_lead=false";
	await admin("listConversations", `/portal/conversations?${filters}`);
	const list = await admin("listConversations", "/portal/conversations");
	await admin("getConversation", `/portal/conversations/${sessionId}`);
	const leads = await admin("listLeads", "/portal/leads");
	await admin("erasePerson", "/portal/erasures", { body: { email: "parent@example.com", confirm: false } });
	await admin("deleteLead", `/portal/leads/${within(leads, "leads.0.id")}`, { method: "DELETE" });
	await admin("deleteConversation", `/portal/conversations/${sessionId}`, { method: "DELETE" });
	await admin("deleteVisitor", `/portal/visitors/${within(list, "conversations.1.visitor")}`, { method: "DELETE" });
}

/** What staff do for a client from its first day on. */
async function playClients(staff: Ask): Promise<void> {
	const client = {
		name: "Cedar Street Pediatrics",
		plan: "chatbot",
		status: "trialing",
		monthly_price_usd_micros: 299_000_000,
		engine: { name: "Cedar Street Pediatrics", allowed_origins: ["https://www.cedarstreet.example"] },
		config: { greeting: "Hello! How can we help your family today?", timezone: "America/Chicago" },
	};
	const created = await staff("createClient", "/portal/clients", { body: client });
	await staff("createClient", "/portal/clients", { body: client });
	const path = `/portal/clients/${within(created, "client.id")}`;
	await staff("getClient", path);
	await staff("patchClient", path, {
		method: "PATCH",
		body: { status: "active", status_locked: true, client_share_percent: 10 },
	});
	await staff("createEngine", "/portal/engines?orgId=org_chadis", {
		body: { name: "CHADIS for parents", allowed_origins: ["https://parents.chadis.com"] },
	});
	await staff("listClients", "/portal/clients?limit=2");
	await staff("listClients", "/portal/clients?q=ch&status=active&plan=enterprise&attention=any&sort=margin_30d");
	await staff("listClientsAudit", "/portal/clients/audit?kind=write");
	await staff("getDoctor", "/portal/doctor");
}

/** What is bought, and the end of a customer, whom nobody needs afterwards. */
async function playCustomer(player: Player, staff: Ask, owner: Ask): Promise<void> {
	await owner("startCheckout", "/portal/billing/checkout", { body: { plan: "voice" } });
	await playWebhook(player);
	await owner("openCustomerPortal", "/portal/billing/portal", { body: {} });
	await player.client.send("/local/stripe-event?org=org_pannu_dental&status=canceled", { method: "POST" });
	const allowed = await staff("allowClientErasure", "/portal/clients/org_pannu_dental/erasure", { method: "POST" });
	await staff("deleteClient", "/portal/clients/org_pannu_dental", {
		method: "DELETE",
		body: { token: within(allowed, "token") },
	});
}

/** The stand-in signs and sends the event, by a secret of the run's own; what it sends is made here by the same function. */
async function playWebhook(player: Player): Promise<void> {
	const response = await player.client.send("/local/stripe-event?org=org_pannu_dental&status=active", {
		method: "POST",
	});
	const { webhook }: { webhook: { status: number; body: unknown } } = await response.json();
	const subscription = {
		object: "subscription",
		id: "sub_local_org_pannu_dental",
		customer: "cus_local_org_pannu_dental",
		status: "active",
		metadata: { org_id: "org_pannu_dental" },
	};
	const sent = event("customer.subscription.updated", subscription, {
		livemode: false,
		now: Math.floor(Date.now() / 1000),
	});
	const body = typeof webhook.body === "string" ? webhook.body : JSON.stringify(webhook.body);
	player.played.push({
		worker: "portal",
		operationId: "receiveStripeEvent",
		method: "POST",
		path: "/webhooks/stripe",
		request: sent,
		status: webhook.status,
		headers: new Headers({ "X-Request-Id": "r", "Content-Type": "application/json" }),
		mediaType: "application/json",
		text: body,
	});
}
