import type { Caller } from "./auth/clerk-claims.ts";
import { readJsonBytes, readOptionalJsonBytes } from "../lib/http/body.ts";
import { requireAdmin, requireAdminReader, requireMember, requireOwnAdmin, requireStaff } from "./auth/access.ts";
import type { OrgTarget } from "./auth/access.ts";
import { getAudit } from "./audit/audit.ts";
import { authenticate } from "./auth/authenticate.ts";
import { getBilling } from "./billing/billing.ts";
import { postCheckout, postCustomerPortal } from "./billing/billing-session.ts";
import { billingSettings, doorkeeping, maxBodyBytes, requireDatabase, teamSettings } from "./bindings.ts";
import { getClients } from "./team/clients.ts";
import { getConfig, patchConfig } from "./settings/config.ts";
import { deleteConversation } from "./conversations/conversation-erase.ts";
import { getConversation } from "./conversations/conversation.ts";
import { getConversations } from "./conversations/conversations.ts";
import { rotateKey } from "./engines/engine-key.ts";
import { patchEngine } from "./engines/engine-patch.ts";
import { getEngines } from "./engines/engines.ts";
import { getExport } from "./numbers/export.ts";
import { getInsights } from "./numbers/insights.ts";
import { getKnowledge } from "./knowledge/knowledge.ts";
import { getEntry } from "./knowledge/knowledge-entry.ts";
import { deleteEntry, postEntry, putEntry } from "./knowledge/knowledge-write.ts";
import { getLeads } from "./conversations/leads.ts";
import { getOverview } from "./numbers/overview.ts";
import { getTeam } from "./team/team.ts";
import { getWorkflows } from "./numbers/workflows.ts";
import { allowMethods, notFound } from "../lib/http/serve.ts";

const PATCH_TYPES = ["application/json", "application/merge-patch+json"];
const ENGINE_PATH = /^\/portal\/engines\/([A-Za-z0-9_-]{1,64})(\/rotate-key)?$/;
const CONVERSATION_PATH = /^\/portal\/conversations\/([A-Za-z0-9_-]{1,64})$/;
const ENTRY_PATH = /^\/portal\/knowledge\/([A-Za-z0-9_-]{1,64})$/;

export interface Call {
	request: Request;
	url: URL;
	now: number; // epoch ms
}

/** Everything below `/portal/`. A case is one call; the method is checked inside it. */
export async function portalRoute(call: Call, env: Env): Promise<Response> {
	const { request, url, now } = call;
	switch (url.pathname) {
		case "/portal/overview":
			return getOverview(env.DB, await reader(call, env), now);
		case "/portal/engines":
			return getEngines(env.DB, await reader(call, env), now);
		case "/portal/workflows":
			return getWorkflows(env.DB, await reader(call, env), now);
		case "/portal/insights":
			return getInsights(env.DB, await reader(call, env), url.searchParams, now);
		case "/portal/team":
			return getTeam(env.DB, await reader(call, env), teamSettings(env), now);
		case "/portal/clients":
			requireStaff(await signedIn(call, env, "GET"));
			return getClients(env.DB, url.searchParams, now);
		case "/portal/config":
			return request.method === "PATCH" ? changeConfig(call, env) : getConfig(env.DB, await reader(call, env, "PATCH"));
		case "/portal/conversations":
			return getConversations(env.DB, await reader(call, env), url.searchParams, now);
		case "/portal/leads":
			return getLeads(env.DB, requireAdminReader(await signedIn(call, env, "GET"), url.searchParams), url.searchParams);
		case "/portal/audit":
			return getAudit(env.DB, requireAdminReader(await signedIn(call, env, "GET"), url.searchParams), url.searchParams);
		case "/portal/export":
			return exportConversations(call, env);
		case "/portal/knowledge":
			return request.method === "POST"
				? createEntry(call, env)
				: getKnowledge(env.DB, await reader(call, env, "POST"), url.searchParams);
		case "/portal/billing":
			return getBilling(env.DB, await reader(call, env), now);
		case "/portal/billing/checkout":
			return startCheckout(call, env);
		case "/portal/billing/portal":
			return startCustomerPortal(call, env);
		default:
			return resourceRoute(call, env);
	}
}

/** The paths that name one thing by its id. */
async function resourceRoute(call: Call, env: Env): Promise<Response> {
	const [, engineId, rotation] = ENGINE_PATH.exec(call.url.pathname) ?? [];
	if (engineId !== undefined)
		return rotation === undefined ? changeEngine(call, env, engineId) : changeKey(call, env, engineId);
	const [, conversationId] = CONVERSATION_PATH.exec(call.url.pathname) ?? [];
	if (conversationId !== undefined) return conversation(call, env, conversationId);
	const [, entryId] = ENTRY_PATH.exec(call.url.pathname) ?? [];
	if (entryId !== undefined) return entry(call, env, entryId);
	throw notFound();
}

function signedIn({ request, now }: Call, env: Env, ...methods: string[]): Promise<Caller> {
	allowMethods(request, ...methods);
	requireDatabase(env);
	return authenticate(request, doorkeeping(env), now);
}

/** Who may read, of which org. `others`: the methods that the path has beside GET, for the 405. */
async function reader(call: Call, env: Env, ...others: string[]): Promise<OrgTarget> {
	return requireMember(await signedIn(call, env, "GET", ...others), call.url.searchParams);
}

interface Write {
	target: OrgTarget;
	body: Uint8Array;
	/** The If-Match header. */
	ifMatch: string | null;
}

/** Who may write, to which org, and what was sent: what the body says is read only once its writer is known. */
async function writer(call: Call, env: Env, method: "PATCH" | "POST" | "PUT", read = readJsonBytes): Promise<Write> {
	const { request, url } = call;
	allowMethods(request, method);
	const body = await read(request, maxBodyBytes(env), method === "PATCH" ? PATCH_TYPES : undefined);
	const target = requireAdmin(await signedIn(call, env, method), url.searchParams);
	return { target, body, ifMatch: request.headers.get("If-Match") };
}

async function changeConfig(call: Call, env: Env): Promise<Response> {
	const { target, body, ifMatch } = await writer(call, env, "PATCH");
	return patchConfig(env.DB, target, { body, ifMatch }, call.now);
}

async function changeEngine(call: Call, env: Env, id: string): Promise<Response> {
	const { target, body, ifMatch } = await writer(call, env, "PATCH");
	return patchEngine(env.DB, target, { id, body, ifMatch }, call.now);
}

async function changeKey(call: Call, env: Env, id: string): Promise<Response> {
	const { target, body, ifMatch } = await writer(call, env, "POST", readOptionalJsonBytes);
	return rotateKey(env.DB, target, { id, body, ifMatch }, call.now);
}

async function conversation(call: Call, env: Env, id: string): Promise<Response> {
	const { request, url, now } = call;
	if (request.method !== "DELETE")
		return getConversation(env.DB, await reader(call, env, "DELETE"), id, url.searchParams);
	return deleteConversation(env.DB, requireAdmin(await signedIn(call, env, "DELETE"), url.searchParams), id, now);
}

async function createEntry(call: Call, env: Env): Promise<Response> {
	const { target, body } = await writer(call, env, "POST");
	return postEntry(env.DB, target, body, call.now);
}

async function entry(call: Call, env: Env, id: string): Promise<Response> {
	const { request, url, now } = call;
	switch (request.method) {
		case "PUT": {
			const { target, body, ifMatch } = await writer(call, env, "PUT");
			return putEntry(env.DB, target, { id, ifMatch }, body, now);
		}
		case "DELETE": {
			const target = requireAdmin(await signedIn(call, env, "DELETE"), url.searchParams);
			return deleteEntry(env.DB, target, { id, ifMatch: request.headers.get("If-Match") }, now);
		}
		default:
			return getEntry(env.DB, await reader(call, env, "PUT", "DELETE"), id);
	}
}

/** Taking everything out leaves a row in the audit log, so it is no one's who acts in another's name. */
async function exportConversations(call: Call, env: Env): Promise<Response> {
	const { request, url, now } = call;
	const target = requireAdmin(await signedIn(call, env, "GET"), url.searchParams);
	return getExport(env.DB, target, { params: url.searchParams, headOnly: request.method === "HEAD" }, now);
}

async function startCheckout(call: Call, env: Env): Promise<Response> {
	allowMethods(call.request, "POST");
	const body = await readJsonBytes(call.request, maxBodyBytes(env));
	return postCheckout(env.DB, await payer(call, env), body, billingSettings(env), call.now);
}

async function startCustomerPortal(call: Call, env: Env): Promise<Response> {
	allowMethods(call.request, "POST");
	const body = await readOptionalJsonBytes(call.request, maxBodyBytes(env));
	return postCustomerPortal(env.DB, await payer(call, env), body, billingSettings(env), call.now);
}

/** Who may commit an org to pay. */
async function payer(call: Call, env: Env): Promise<OrgTarget> {
	return requireOwnAdmin(await signedIn(call, env, "POST"), call.url.searchParams);
}
