import { noteRun } from "../lib/d1/cron-runs.ts";
import { clientKey } from "../lib/http/client-ip.ts";
import type { CorsRules } from "../lib/http/cors.ts";
import { health } from "../lib/http/health.ts";
import { isLoopbackOrigin } from "../lib/http/loopback.ts";
import { requireWithinLimit } from "../lib/http/rate-limit.ts";
import { routeNamer } from "../lib/request/line.ts";
import { securityTxt } from "../lib/http/security-txt.ts";
import { allowMethods, notFound, serve } from "../lib/http/serve.ts";
import { nameVersion } from "../lib/log.ts";
import { SWEEP_CRON } from "../lib/site/sweep/sweep-cron.ts";
import type { Call } from "./auth/admit.ts";
import { portalBindings } from "./bindings.ts";
import type { Bindings } from "./bindings.ts";
import { handleStripeWebhook } from "./events/stripe-webhook.ts";
import { indexConversations } from "./housekeeping/conversation-index.ts";
import { finishErasures } from "./housekeeping/erased-conversations.ts";
import { eraseOrgs } from "./housekeeping/erased-orgs.ts";
import { indexKnowledge } from "./housekeeping/knowledge-daily.ts";
import { beginReconciliation, continueReconciliation } from "./housekeeping/reconcile.ts";
import { settleTurns } from "./housekeeping/sweep.ts";
import { continueRetention, runRetention } from "./housekeeping/retention.ts";
import { PORTAL_PATHS, getOpenapi } from "./openapi.ts";
import { queryNames } from "./request/query-names.ts";
import { portalRoute } from "./routes.ts";

const CORS: CorsRules = {
	methods: "GET, HEAD, POST, PATCH, PUT, DELETE",
	headers: "Authorization, Content-Type, If-Match, If-None-Match",
	expose: "ETag, X-Request-Id, Retry-After, Server-Timing, Content-Disposition",
};

async function route(call: Call): Promise<Response> {
	const { request, url, now, bindings } = call;
	if (url.pathname.startsWith("/portal/")) return portalRoute(call);
	switch (url.pathname) {
		case "/webhooks/stripe":
			// Not limited by address: Stripe sends the events of all customers from a few, and only what it signed costs anything.
			allowMethods(request, "POST");
			return handleStripeWebhook(request, bindings.webhook(), now);
		case "/health":
			await guard(call);
			return health("koby-portal", bindings.db(), now);
		case "/openapi.json":
			await guard(call);
			return getOpenapi();
		case "/.well-known/security.txt":
			await guard(call);
			return securityTxt(bindings.securityContact, request.url, now);
		default:
			throw notFound();
	}
}

/** For reads that ask nobody who calls: refuses another method and a client that calls too often. */
async function guard({ request, bindings }: Call): Promise<void> {
	allowMethods(request, "GET");
	await requireWithinLimit(bindings.ipLimiter, "IP_LIMITER", clientKey(request), "allow");
}

/** The page that may read: a listed one, and in development any on this machine, whichever port its dashboard runs on. */
function readerOf(request: Request, { origins, admitsLoopback }: Bindings): string | null {
	const origin = request.headers.get("Origin");
	if (origin === null) return null;
	return origins.has(origin) || (admitsLoopback && isLoopbackOrigin(origin)) ? origin : null;
}

/** The parameters of a path without a query: making some costs more than asking these, which nobody changes. */
const NO_PARAMS = new URLSearchParams();

const namesOf = queryNames(() => PORTAL_PATHS);
const routeOf = routeNamer(() => PORTAL_PATHS.paths);

function callOf(request: Request, bindings: Bindings, now: number): Call {
	const url = new URL(request.url);
	const params = url.search === "" ? NO_PARAMS : url.searchParams;
	return { request, url, params, queryNames: () => namesOf(request.method, url.pathname), now, bindings };
}

/** A read leaves nothing half done, so it ends with its client. */
const READ: Pick<ExecutionContext, "waitUntil"> = { waitUntil: () => undefined };

/** Turns that nobody has ended come first: a plan's messages wait for it. */
async function runOften(db: D1Database, now: number): Promise<void> {
	await settleTurns(db, now);
	await finishErasures(db, now);
	await eraseOrgs(db);
	await indexConversations(db, now);
	await continueRetention(db, now);
	await continueReconciliation(db);
}

export default {
	fetch(request, env, ctx) {
		const bindings = portalBindings(env);
		const rules = { worker: "koby-portal", routeOf, cors: CORS, reader: () => readerOf(request, bindings) };
		return serve(request, rules, request.method === "GET" ? READ : ctx, bindings.version, ({ startedAt }) =>
			route(callOf(request, bindings, startedAt)),
		);
	},

	/** As the toml says: what must not wait every five minutes, all else once a day. */
	async scheduled({ cron, scheduledTime }, env) {
		const { version, db } = portalBindings(env);
		nameVersion(version);
		if (cron === SWEEP_CRON) {
			await runOften(db(), scheduledTime);
		} else {
			await runRetention(db(), scheduledTime);
			await indexKnowledge(db());
			await beginReconciliation(db(), scheduledTime);
		}
		await noteRun(db(), { worker: "koby-portal", cron }, Date.now());
	},
} satisfies ExportedHandler<Env>;
