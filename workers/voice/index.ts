import { noteRun } from "../lib/d1/cron-runs.ts";
import { clientKey } from "../lib/http/client-ip.ts";
import { toApiError } from "../lib/http/errors.ts";
import { health } from "../lib/http/health.ts";
import { requireWithinLimit } from "../lib/http/rate-limit.ts";
import { routeNamer } from "../lib/request/line.ts";
import { SECURITY_TXT_PATH, securityTxt } from "../lib/http/security-txt.ts";
import { allowMethods, notFound, pathOf, serve } from "../lib/http/serve.ts";
import type { RequestContext, ServeRules } from "../lib/http/serve.ts";
import { log, nameVersion } from "../lib/log.ts";
import { voiceBindings } from "./bindings.ts";
import type { Bindings } from "./bindings.ts";
import { postSession, postSessionEnd } from "./conversation/post-session.ts";
import { reconcile } from "./conversation/reconcile.ts";
import { VOICE_PATHS, getOpenapi } from "./openapi.ts";
import { postSpeech } from "./speech/post-speech.ts";

const END_PATH = /^\/session\/([0-9a-f-]{36})\/end$/;

const SHARED: Pick<ServeRules, "cors" | "reader"> = {
	cors: {
		methods: "GET, HEAD, POST",
		headers: "Content-Type, X-Site-Key, X-Visitor-Id, X-Consent, Accept",
		expose: "X-Request-Id, Retry-After, X-Cache, X-Characters, X-Safety, Server-Timing",
	},
	// Whether the page may be answered its site decides.
	reader: (request) => request.headers.get("Origin"),
};

/** Refuses a wrong method and a client that calls too often. Nothing exact stands behind the limiter where no D1 is bound, so a broken one refuses. */
async function guard(request: Request, { ipLimiter }: Bindings, method: string): Promise<void> {
	allowMethods(request, method);
	await requireWithinLimit(ipLimiter, "IP_LIMITER", clientKey(request), "refuse");
}

async function route(request: Request, bindings: Bindings, context: RequestContext): Promise<Response> {
	const { isConversation } = bindings;
	const pathname = pathOf(request);
	switch (pathname) {
		case "/":
			await guard(request, bindings, "POST");
			return postSpeech(request, bindings.speech, context);
		case "/session":
			if (!isConversation) throw notFound();
			await guard(request, bindings, "POST");
			return postSession(request, bindings.conversation, context);
		case "/openapi.json":
			await guard(request, bindings, "GET");
			return getOpenapi(isConversation);
		case SECURITY_TXT_PATH:
			await guard(request, bindings, "GET");
			return securityTxt(bindings.securityContact, request.url, context.startedAt);
		case "/health":
			await guard(request, bindings, "GET");
			return health(isConversation ? "chadis-voice-conversation" : "chadis-voice", bindings.site.db, context.startedAt);
		default:
			return end(request, isConversation ? END_PATH.exec(pathname)?.[1] : undefined, bindings, context);
	}
}

async function end(
	request: Request,
	sessionId: string | undefined,
	bindings: Bindings,
	context: RequestContext,
): Promise<Response> {
	if (sessionId === undefined) throw notFound();
	await guard(request, bindings, "POST");
	return postSessionEnd(request, sessionId, bindings.site, context);
}

const routeOf = routeNamer(() => VOICE_PATHS);
const SPEECH: ServeRules = { ...SHARED, worker: "chadis-voice", routeOf };
const CONVERSATION: ServeRules = {
	...SHARED,
	worker: "chadis-voice-conversation",
	routeOf,
};

export default {
	fetch(request, env, ctx) {
		const bindings = voiceBindings(env);
		return serve(request, bindings.isConversation ? CONVERSATION : SPEECH, ctx, bindings.version, (context) =>
			route(request, bindings, context),
		);
	},

	/** Every few minutes on the deployment with conversations, as the toml says. */
	async scheduled(controller, env) {
		const { isConversation, conversation, vendor, version } = voiceBindings(env);
		if (!isConversation) return;
		nameVersion(version);
		try {
			const { maxSeconds } = conversation.rules();
			await reconcile({ db: env.DB, vendor: vendor(), maxSeconds, now: controller.scheduledTime });
			await noteRun(env.DB, { worker: "chadis-voice-conversation", cron: controller.cron }, Date.now());
		} catch (thrown) {
			const { code, reason } = toApiError(thrown);
			log("error", "conversations_not_reconciled", { code, reason });
		}
	},
} satisfies ExportedHandler<Env>;
