import type { Caller } from "../lib/clerk-claims.ts";
import { clientKey } from "../lib/client-ip.ts";
import { corsHeaders, preflight } from "../lib/cors.ts";
import type { CorsRules } from "../lib/cors.ts";
import { listVariable } from "../lib/env.ts";
import { health } from "../lib/health.ts";
import { allowMethods, errorResponse, finish, notFound, readJsonBytes } from "../lib/http.ts";
import { requireWithinLimit } from "../lib/rate-limit.ts";
import { requireAdmin, requireMember, requireStaff } from "./access.ts";
import type { OrgTarget } from "./access.ts";
import { authenticate } from "./authenticate.ts";
import { doorkeeping, maxBodyBytes, teamSettings, webhookSettings } from "./bindings.ts";
import { getClients } from "./clients.ts";
import { getConfig, patchConfig } from "./config.ts";
import { getEngines } from "./engines.ts";
import { getInsights } from "./insights.ts";
import { getOverview } from "./overview.ts";
import { handleStripeWebhook } from "./stripe-webhook.ts";
import { getTeam } from "./team.ts";
import { getWorkflows } from "./workflows.ts";

const CORS: CorsRules = {
	methods: "GET, HEAD, POST, PATCH, PUT, DELETE",
	headers: "Authorization, Content-Type, If-Match",
	expose: "ETag, X-Request-Id, Retry-After, Server-Timing",
};
const PATCH_TYPES = ["application/json", "application/merge-patch+json"];

interface Call {
	request: Request;
	url: URL;
	now: number; // epoch ms
}

async function route(call: Call, env: Env): Promise<Response> {
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
		case "/webhooks/stripe":
			// Not limited by address: Stripe sends the events of all customers from a few, and only what it signed costs anything.
			allowMethods(request, "POST");
			return handleStripeWebhook(request, webhookSettings(env), now);
		case "/health":
			allowMethods(request, "GET");
			await requireWithinLimit(env.IP_LIMITER, "IP_LIMITER", clientKey(request), "allow");
			return health("koby-portal", env.DB, now);
		default:
			throw notFound();
	}
}

function signedIn({ request, now }: Call, env: Env, ...methods: string[]): Promise<Caller> {
	allowMethods(request, ...methods);
	return authenticate(request, doorkeeping(env), now);
}

/** Who may read, of which org. */
async function reader(call: Call, env: Env, ...methods: string[]): Promise<OrgTarget> {
	return requireMember(await signedIn(call, env, "GET", ...methods), call.url.searchParams);
}

/** What the body says is read only once its writer is known. */
async function changeConfig(call: Call, env: Env): Promise<Response> {
	const body = await readJsonBytes(call.request, maxBodyBytes(env), PATCH_TYPES);
	const admin = requireAdmin(await signedIn(call, env, "PATCH"), call.url.searchParams);
	return patchConfig(env.DB, admin, { body, ifMatch: call.request.headers.get("If-Match") }, call.now);
}

function listedOrigin(request: Request, origins: string): string | null {
	const origin = request.headers.get("Origin");
	return origin !== null && listVariable(origins).includes(origin) ? origin : null;
}

export default {
	async fetch(request, env) {
		const requestId = crypto.randomUUID();
		const origin = listedOrigin(request, env.PORTAL_ORIGINS);
		const cors = corsHeaders(origin, CORS);
		if (request.method === "OPTIONS") return finish(preflight(origin, CORS), requestId, cors);
		try {
			return finish(await route({ request, url: new URL(request.url), now: Date.now() }, env), requestId, cors);
		} catch (thrown) {
			return finish(errorResponse(thrown, requestId), requestId, cors);
		}
	},
} satisfies ExportedHandler<Env>;
