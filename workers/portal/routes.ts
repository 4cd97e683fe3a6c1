import { readJsonBytes, readOptionalJsonBytes } from "../lib/http/body.ts";
import { notFound } from "../lib/http/serve.ts";
import { getAudit } from "./audit/audit.ts";
import { requireAdmin } from "./auth/access.ts";
import type { OrgTarget } from "./auth/access.ts";
import { admit, ask, pay, read, readAsAdmin, signedInStaff, write } from "./auth/admit.ts";
import type { Call } from "./auth/admit.ts";
import { postCheckout, postCustomerPortal } from "./billing/billing-session.ts";
import { getBilling } from "./billing/billing.ts";
import { clientsRoute, createEngine } from "./clients/client-routes.ts";
import { deleteConversation } from "./conversations/erase/conversation-erase.ts";
import { getConversation } from "./conversations/conversation.ts";
import { deleteLead } from "./conversations/erase/lead-erase.ts";
import { getLeads } from "./conversations/leads.ts";
import { postPersonErasure } from "./conversations/erase/person-erase.ts";
import { getConversations } from "./conversations/search/find.ts";
import { deleteVisitor } from "./conversations/erase/visitor-erase.ts";
import { getDoctor } from "./doctor/doctor.ts";
import { rotateKey } from "./engines/engine-key.ts";
import { patchEngine } from "./engines/engine-patch.ts";
import { getEngines } from "./engines/engines.ts";
import { goldenRoute } from "./golden/golden-routes.ts";
import { getEntry } from "./knowledge/knowledge-entry.ts";
import { testKnowledge } from "./knowledge/knowledge-test.ts";
import { deleteEntry, postEntry, putEntry } from "./knowledge/knowledge-write.ts";
import { getKnowledge } from "./knowledge/knowledge.ts";
import { getExport } from "./numbers/export.ts";
import { getInsights } from "./numbers/insights.ts";
import { getOverview } from "./numbers/overview.ts";
import { getWorkflows } from "./numbers/workflows.ts";
import { configRoute } from "./settings/config-routes.ts";
import { getRetention } from "./settings/retention.ts";
import { getTeam } from "./team/team.ts";

const ENGINE_PATH = /^\/portal\/engines\/([A-Za-z0-9_-]{1,64})(\/rotate-key)?$/;
const CONVERSATION_PATH = /^\/portal\/conversations\/([A-Za-z0-9_-]{1,64})$/;
const VISITOR_PATH = /^\/portal\/visitors\/([A-Za-z0-9_-]{1,64})$/;
const LEAD_PATH = /^\/portal\/leads\/([A-Za-z0-9_-]{1,64})$/;
const ENTRY_PATH = /^\/portal\/knowledge\/([A-Za-z0-9_-]{1,64})$/;

/** Everything below `/portal/`. A case is one call; the method is checked inside it. */
export async function portalRoute(call: Call): Promise<Response> {
	const { request, url, params, now, bindings } = call;
	switch (url.pathname) {
		case "/portal/overview":
			return read(call, (db, target) => getOverview(db, target, now));
		case "/portal/engines":
			return request.method === "POST"
				? createEngine(call)
				: read(call, (db, target) => getEngines(db, target, now), "POST");
		case "/portal/workflows":
			return read(call, (db, target) => getWorkflows(db, target, now));
		case "/portal/insights":
			return read(call, (db, target) => getInsights(db, target, params, now));
		case "/portal/team":
			return read(call, (db, target) => getTeam(db, target, bindings.team, now));
		case "/portal/doctor":
			return signedInStaff(call, "GET").then(({ db }) => getDoctor(db, bindings.doctor, bindings.version));
		case "/portal/conversations":
			return read(call, (db, target) => getConversations(db, target, params, now));
		case "/portal/leads":
			return readAsAdmin(call, (db, target) => getLeads(db, target, params, now));
		case "/portal/audit":
			return readAsAdmin(call, (db, target) => getAudit(db, target, params, now));
		case "/portal/retention":
			return read(call, (db, target) => getRetention(db, target, now));
		case "/portal/erasures":
			return erasePerson(call);
		case "/portal/export":
			return exportConversations(call);
		case "/portal/knowledge":
			return request.method === "POST"
				? createEntry(call)
				: read(call, (db, target) => getKnowledge(db, target, params, now), "POST");
		case "/portal/knowledge/test":
			return tryKnowledge(call);
		case "/portal/billing":
			return read(call, (db, target) => getBilling(db, target, now));
		case "/portal/billing/checkout":
			return startCheckout(call);
		case "/portal/billing/portal":
			return startCustomerPortal(call);
		default:
			return resourceRoute(call);
	}
}

/** The paths that name one thing by its id. */
async function resourceRoute(call: Call): Promise<Response> {
	if (call.url.pathname.startsWith("/portal/config")) return configRoute(call);
	if (call.url.pathname.startsWith("/portal/golden-questions")) return goldenRoute(call);
	if (call.url.pathname.startsWith("/portal/clients")) return clientsRoute(call);
	const [, engineId, rotation] = ENGINE_PATH.exec(call.url.pathname) ?? [];
	if (engineId !== undefined) return rotation === undefined ? changeEngine(call, engineId) : changeKey(call, engineId);
	const [, conversationId] = CONVERSATION_PATH.exec(call.url.pathname) ?? [];
	if (conversationId !== undefined) return conversation(call, conversationId);
	const [, entryId] = ENTRY_PATH.exec(call.url.pathname) ?? [];
	if (entryId !== undefined) return entry(call, entryId);
	return erasedRoute(call);
}

/** The paths by which a person or a lead is erased. */
async function erasedRoute(call: Call): Promise<Response> {
	const [, visitor] = VISITOR_PATH.exec(call.url.pathname) ?? [];
	if (visitor !== undefined) return erase(call, (db, target) => deleteVisitor(db, target, visitor, call.now));
	const [, leadId] = LEAD_PATH.exec(call.url.pathname) ?? [];
	if (leadId !== undefined) return erase(call, (db, target) => deleteLead(db, target, leadId, call.now));
	throw notFound();
}

async function erase(call: Call, work: (db: D1Database, target: OrgTarget) => Promise<Response>): Promise<Response> {
	const { db, target } = await admit(call, requireAdmin, "DELETE");
	return work(db, target);
}

async function erasePerson(call: Call): Promise<Response> {
	const { db, target, body } = await write(call, "POST");
	return postPersonErasure(db, target, body, call.now);
}

async function changeEngine(call: Call, id: string): Promise<Response> {
	const { db, target, body, ifMatch } = await write(call, "PATCH");
	return patchEngine(db, target, { id, body, ifMatch }, call.now);
}

async function changeKey(call: Call, id: string): Promise<Response> {
	const { db, target, body, ifMatch } = await write(call, "POST", readOptionalJsonBytes);
	return rotateKey(db, target, { id, body, ifMatch }, call.now);
}

async function conversation(call: Call, id: string): Promise<Response> {
	const { request, params, now } = call;
	if (request.method !== "DELETE")
		return read(call, (db, target) => getConversation(db, target, id, params, now), "DELETE");
	const { db, target } = await admit(call, requireAdmin, "DELETE");
	return deleteConversation(db, target, id, now);
}

async function createEntry(call: Call): Promise<Response> {
	const { db, target, body } = await write(call, "POST");
	return postEntry(db, target, body, call.now);
}

async function tryKnowledge(call: Call): Promise<Response> {
	const { db, target, body } = await ask(call);
	const { knowledge, embedding } = call.bindings;
	return testKnowledge(db, target, { body, rules: knowledge(), embedding: embedding() }, call.now);
}

async function entry(call: Call, id: string): Promise<Response> {
	const { request, now } = call;
	switch (request.method) {
		case "PUT": {
			const { db, target, body, ifMatch } = await write(call, "PUT");
			return putEntry(db, target, { id, ifMatch }, body, now);
		}
		case "DELETE": {
			const { db, target } = await admit(call, requireAdmin, "DELETE");
			return deleteEntry(db, target, { id, ifMatch: request.headers.get("If-Match") }, now);
		}
		default:
			return read(call, (db, target) => getEntry(db, target, id, now), "PUT", "DELETE");
	}
}

/** Taking everything out leaves a row in the audit log, so it is no one's who acts in another's name. */
async function exportConversations(call: Call): Promise<Response> {
	const { request, params, now } = call;
	const { db, target } = await admit(call, requireAdmin, "GET");
	return getExport(db, target, { params, headOnly: request.method === "HEAD" }, now);
}

async function startCheckout(call: Call): Promise<Response> {
	const { db, target, body } = await pay(call, readJsonBytes);
	return postCheckout(db, target, body, call.bindings.billing, call.now);
}

async function startCustomerPortal(call: Call): Promise<Response> {
	const { db, target, body } = await pay(call, readOptionalJsonBytes);
	return postCustomerPortal(db, target, body, call.bindings.billing, call.now);
}
