import { clientKey } from "../lib/http/client-ip.ts";
import { corsHeaders, preflight } from "../lib/http/cors.ts";
import type { CorsRules } from "../lib/http/cors.ts";
import { ApiError } from "../lib/http/errors.ts";
import { health } from "../lib/http/health.ts";
import { allowMethods, errorResponse, finish, notFound } from "../lib/http/body.ts";
import { requireWithinLimit } from "../lib/http/rate-limit.ts";
import { chatBindings, maxBodyBytes, siteBindings } from "./bindings.ts";
import { postChat } from "./turn/post-chat.ts";
import { getConfig } from "./widget/config.ts";
import { postFeedback } from "./session/feedback.ts";
import { postLead } from "./session/leads.ts";
import { getOpenapi } from "./openapi.ts";
import type { RequestContext } from "./request-context.ts";
import { deleteSession, getSession } from "./session/sessions.ts";
import { getWidget } from "./widget/widget-file.ts";

const WIDGET_PATH = /^\/widget(?:\.([0-9a-f]{16}))?\.js$/;
const SESSION_PATH = /^\/sessions\/([0-9a-f-]{36})$/;

const CORS: CorsRules = {
	methods: "GET, HEAD, POST, DELETE",
	headers: "Content-Type, X-Site-Key, X-Visitor-Id, Accept",
	expose: "X-Request-Id, Retry-After",
};

/** Refuses a wrong method and a client that calls too often. A limiter that fails lets pass: exact limits stand behind it. */
async function guard(request: Request, limiter: RateLimit | undefined, ...methods: string[]): Promise<void> {
	allowMethods(request, ...methods);
	await requireWithinLimit(limiter, "IP_LIMITER", clientKey(request), "allow");
}

async function route(request: Request, env: Env, context: RequestContext): Promise<Response> {
	const { pathname } = new URL(request.url);
	switch (pathname) {
		case "/":
			await guard(request, env.IP_LIMITER, "POST");
			return postChat(request, chatBindings(env), context);
		case "/config":
			await guard(request, env.IP_LIMITER, "GET");
			return getConfig(request, siteBindings(env), context);
		case "/feedback":
			await guard(request, env.IP_LIMITER, "POST");
			return postFeedback(request, maxBodyBytes(env), siteBindings(env), context);
		case "/leads":
			await guard(request, env.IP_LIMITER, "POST");
			return postLead(request, maxBodyBytes(env), siteBindings(env), context);
		case "/openapi.json":
			await guard(request, env.IP_LIMITER, "GET");
			return getOpenapi();
		case "/health":
			await guard(request, env.IP_LIMITER, "GET");
			return health("chadis-chat", env.DB, context.startedAt);
		default:
			return byPattern(request, pathname, env, context);
	}
}

async function byPattern(request: Request, pathname: string, env: Env, context: RequestContext): Promise<Response> {
	const widget = WIDGET_PATH.exec(pathname);
	if (widget === null) return session(request, SESSION_PATH.exec(pathname)?.[1], env, context);
	// Not limited by address: a page view costs a script that lies ready, and an office behind one address has many.
	allowMethods(request, "GET");
	return getWidget(request, widget[1]);
}

async function session(request: Request, id: string | undefined, env: Env, context: RequestContext): Promise<Response> {
	if (id === undefined) throw notFound();
	await guard(request, env.IP_LIMITER, "GET", "DELETE");
	const serve = request.method === "DELETE" ? deleteSession : getSession;
	return serve(request, id, siteBindings(env), context);
}

export default {
	async fetch(request, env, ctx) {
		const requestId = crypto.randomUUID();
		const origin = request.headers.get("Origin");
		const cors = corsHeaders(origin, CORS);
		if (request.method === "OPTIONS") return finish(preflight(origin, CORS), requestId, cors);
		try {
			const context = {
				requestId,
				startedAt: Date.now(),
				clock: Date.now,
				waitUntil: (work: Promise<unknown>) => ctx.waitUntil(work),
			};
			return finish(await route(request, env, context), requestId, cors);
		} catch (thrown) {
			// A page that may not use the bot may not read why, either.
			const isHidden = thrown instanceof ApiError && thrown.code === "origin_not_allowed";
			return finish(errorResponse(thrown, requestId), requestId, isHidden ? { Vary: "Origin" } : cors);
		}
	},
} satisfies ExportedHandler<Env>;
