import { clientKey } from "../lib/http/client-ip.ts";
import { corsHeaders, preflight } from "../lib/http/cors.ts";
import type { CorsRules } from "../lib/http/cors.ts";
import { ApiError, toApiError } from "../lib/http/errors.ts";
import { health } from "../lib/http/health.ts";
import { log } from "../lib/log.ts";
import { allowMethods, errorResponse, finish, notFound } from "../lib/http/serve.ts";
import { requireWithinLimit } from "../lib/http/rate-limit.ts";
import { elevenLabs } from "./elevenlabs/call.ts";
import { getOpenapi } from "./openapi.ts";
import { postSession, postSessionEnd } from "./conversation/post-session.ts";
import { postSpeech } from "./speech/post-speech.ts";
import { reconcile } from "./conversation/reconcile.ts";
import type { RequestContext } from "./request-context.ts";

const END_PATH = /^\/session\/([0-9a-f-]{36})\/end$/;

const CORS: CorsRules = {
	methods: "GET, HEAD, POST",
	headers: "Content-Type, X-Site-Key, X-Visitor-Id, Accept",
	expose: "X-Request-Id, Retry-After, X-Cache, X-Characters, Server-Timing",
};

/** Refuses a wrong method and a client that calls too often. Nothing exact stands behind the limiter where no D1 is bound, so a broken one refuses. */
async function guard(request: Request, limiter: RateLimit | undefined, method: string): Promise<void> {
	allowMethods(request, method);
	await requireWithinLimit(limiter, "IP_LIMITER", clientKey(request), "refuse");
}

async function route(request: Request, env: Env, context: RequestContext): Promise<Response> {
	const isConversation = env.CONVERSATION === "on";
	const { pathname } = new URL(request.url);
	switch (pathname) {
		case "/":
			await guard(request, env.IP_LIMITER, "POST");
			return postSpeech(request, env, context);
		case "/session":
			if (!isConversation) throw notFound();
			await guard(request, env.IP_LIMITER, "POST");
			return postSession(request, env, context);
		case "/openapi.json":
			await guard(request, env.IP_LIMITER, "GET");
			return getOpenapi(isConversation);
		case "/health":
			await guard(request, env.IP_LIMITER, "GET");
			return health(isConversation ? "chadis-voice-conversation" : "chadis-voice", env.DB, context.now);
		default:
			return end(request, isConversation ? END_PATH.exec(pathname)?.[1] : undefined, env, context);
	}
}

async function end(
	request: Request,
	sessionId: string | undefined,
	env: Env,
	context: RequestContext,
): Promise<Response> {
	if (sessionId === undefined) throw notFound();
	await guard(request, env.IP_LIMITER, "POST");
	return postSessionEnd(request, sessionId, env, context);
}

export default {
	async fetch(request, env, ctx) {
		const requestId = crypto.randomUUID();
		const origin = request.headers.get("Origin");
		const cors = corsHeaders(origin, CORS);
		if (request.method === "OPTIONS") return finish(preflight(origin, CORS), requestId, cors);
		try {
			const answer = route(request, env, { requestId, now: Date.now(), waitUntil: (work) => ctx.waitUntil(work) });
			// A caller who leaves before the answer must not stop what gives back, frees and books.
			ctx.waitUntil(answer.catch(() => undefined));
			return finish(await answer, requestId, cors);
		} catch (thrown) {
			// A page that may not use the voice may not read why, either.
			const isHidden = thrown instanceof ApiError && thrown.code === "origin_not_allowed";
			return finish(errorResponse(thrown, requestId), requestId, isHidden ? corsHeaders(null, CORS) : cors);
		}
	},

	/** Every few minutes on the deployment with conversations, as the toml says. */
	async scheduled(controller, env) {
		if (env.CONVERSATION !== "on") return;
		try {
			await reconcile({ db: env.DB, vendor: elevenLabs(env), now: controller.scheduledTime });
		} catch (thrown) {
			const { code, reason } = toApiError(thrown);
			log("error", "conversations_not_reconciled", { code, reason });
		}
	},
} satisfies ExportedHandler<Env>;
