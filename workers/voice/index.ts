import { clientKey } from "../lib/client-ip.ts";
import { corsHeaders, preflight } from "../lib/cors.ts";
import type { CorsRules } from "../lib/cors.ts";
import { ApiError } from "../lib/errors.ts";
import { health } from "../lib/health.ts";
import { allowMethods, errorResponse, finish, notFound } from "../lib/http.ts";
import { requireWithinLimit } from "../lib/rate-limit.ts";
import { postSession } from "./post-session.ts";
import { postSpeech } from "./post-speech.ts";
import type { RequestContext } from "./request-context.ts";

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
	switch (new URL(request.url).pathname) {
		case "/":
			await guard(request, env.IP_LIMITER, "POST");
			return postSpeech(request, env, context);
		case "/session":
			if (!isConversation) throw notFound();
			await guard(request, env.IP_LIMITER, "POST");
			return postSession(request, env, context);
		case "/health":
			await guard(request, env.IP_LIMITER, "GET");
			return health(isConversation ? "chadis-voice-conversation" : "chadis-voice", env.DB, context.now);
		default:
			throw notFound();
	}
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
} satisfies ExportedHandler<Env>;
