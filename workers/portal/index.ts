import { clientKey } from "../lib/http/client-ip.ts";
import { corsHeaders, preflight } from "../lib/http/cors.ts";
import type { CorsRules } from "../lib/http/cors.ts";
import { listVariable } from "../lib/env.ts";
import { health } from "../lib/http/health.ts";
import { allowMethods, errorResponse, finish, notFound } from "../lib/http/serve.ts";
import { requireWithinLimit } from "../lib/http/rate-limit.ts";
import { requireDatabase, webhookSettings } from "./bindings.ts";
import { getOpenapi } from "./openapi.ts";
import { indexKnowledge } from "./housekeeping/knowledge-daily.ts";
import { runRetention } from "./housekeeping/retention.ts";
import { portalRoute } from "./routes.ts";
import type { Call } from "./routes.ts";
import { handleStripeWebhook } from "./events/stripe-webhook.ts";

const CORS: CorsRules = {
	methods: "GET, HEAD, POST, PATCH, PUT, DELETE",
	headers: "Authorization, Content-Type, If-Match",
	expose: "ETag, X-Request-Id, Retry-After, Server-Timing",
};

async function route(call: Call, env: Env): Promise<Response> {
	const { request, url, now } = call;
	if (url.pathname.startsWith("/portal/")) return portalRoute(call, env);
	switch (url.pathname) {
		case "/webhooks/stripe":
			// Not limited by address: Stripe sends the events of all customers from a few, and only what it signed costs anything.
			allowMethods(request, "POST");
			return handleStripeWebhook(request, webhookSettings(env), now);
		case "/health":
			allowMethods(request, "GET");
			await limitAddress(request, env);
			return health("koby-portal", requireDatabase(env), now);
		case "/openapi.json":
			allowMethods(request, "GET");
			await limitAddress(request, env);
			return getOpenapi();
		default:
			throw notFound();
	}
}

/** For routes that ask nobody who calls. */
function limitAddress(request: Request, env: Env): Promise<void> {
	return requireWithinLimit(env.IP_LIMITER, "IP_LIMITER", clientKey(request), "allow");
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

	/** Once a day, as the toml says. */
	async scheduled(controller, env) {
		await runRetention(env.DB, controller.scheduledTime);
		await indexKnowledge(env.DB);
	},
} satisfies ExportedHandler<Env>;
