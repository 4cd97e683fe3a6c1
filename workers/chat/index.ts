import { noteRun } from "../lib/d1/cron-runs.ts";
import { clientKey } from "../lib/http/client-ip.ts";
import { health } from "../lib/http/health.ts";
import { requireWithinLimit } from "../lib/http/rate-limit.ts";
import { routeNamer } from "../lib/request/line.ts";
import { SECURITY_TXT_PATH, securityTxt } from "../lib/http/security-txt.ts";
import { allowMethods, notFound, pathOf, serve } from "../lib/http/serve.ts";
import type { RequestContext, ServeRules } from "../lib/http/serve.ts";
import { nameVersion } from "../lib/log.ts";
import { SWEEP_CRON } from "../lib/site/sweep/sweep-cron.ts";
import { chatBindings } from "./bindings.ts";
import type { Bindings } from "./bindings.ts";
import { runGolden } from "./golden/run.ts";
import { embedDocuments } from "./meaning/documents.ts";
import { CHAT_PATHS, getOpenapi } from "./openapi.ts";
import { postFeedback } from "./session/feedback.ts";
import { postLead } from "./session/leads.ts";
import { deleteSession, getSession } from "./session/sessions.ts";
import { postChat } from "./turn/post-chat.ts";
import { getConfig } from "./widget/config.ts";
import { getWidget, getWidgetFile, getWidgetTypes } from "./widget/widget-file.ts";

const WIDGET_PATH = /^\/widget(?:\.([0-9a-f]{16}))?\.js$/;
const WIDGET_FILE_PATH = /^\/widget\/([a-z][a-z-]{0,30})\.([0-9A-Z]{8})\.js$/;
const WIDGET_TYPES_PATH = "/widget.d.ts";
const SESSION_PATH = /^\/sessions\/([0-9a-f-]{36})$/;

const RULES: ServeRules = {
	worker: "chadis-chat",
	routeOf: routeNamer(() => CHAT_PATHS),
	cors: {
		methods: "GET, HEAD, POST, DELETE",
		headers: "Content-Type, X-Site-Key, X-Visitor-Id, X-Consent, Accept",
		expose: "ETag, X-Request-Id, Retry-After, Server-Timing",
	},
	// Whether the page may be answered its site decides.
	reader: (request) => request.headers.get("Origin"),
};

/** Refuses a wrong method and a client that calls too often. A limiter that fails lets pass: exact limits stand behind it. */
async function guard(request: Request, { ipLimiter }: Bindings, ...methods: string[]): Promise<void> {
	allowMethods(request, ...methods);
	await requireWithinLimit(ipLimiter, "IP_LIMITER", clientKey(request), "allow");
}

async function route(request: Request, bindings: Bindings, context: RequestContext): Promise<Response> {
	const pathname = pathOf(request);
	switch (pathname) {
		case "/":
			await guard(request, bindings, "POST");
			return postChat(request, bindings, context);
		case "/config":
			await guard(request, bindings, "GET");
			return getConfig(request, bindings, context);
		case "/feedback":
			await guard(request, bindings, "POST");
			return postFeedback(request, bindings, context);
		case "/leads":
			await guard(request, bindings, "POST");
			return postLead(request, bindings, context);
		case "/openapi.json":
			await guard(request, bindings, "GET");
			return getOpenapi();
		case SECURITY_TXT_PATH:
			await guard(request, bindings, "GET");
			return securityTxt(bindings.securityContact, request.url, context.startedAt);
		case "/health":
			await guard(request, bindings, "GET");
			return health("chadis-chat", bindings.site.db, context.startedAt);
		default:
			return byPattern(request, pathname, bindings, context);
	}
}

/** What a customer's page loads. Not limited by address: a page view costs a file that lies ready, and an office behind one address has many. */
function widgetResponse(request: Request, pathname: string): Response | undefined {
	const loader = WIDGET_PATH.exec(pathname);
	const file = WIDGET_FILE_PATH.exec(pathname);
	if (loader === null && file === null && pathname !== WIDGET_TYPES_PATH) return undefined;
	allowMethods(request, "GET");
	if (loader !== null) return getWidget(request, loader[1]);
	const [, name = "", digest = ""] = file ?? [];
	return file === null ? getWidgetTypes() : getWidgetFile(name, digest);
}

async function byPattern(
	request: Request,
	pathname: string,
	bindings: Bindings,
	context: RequestContext,
): Promise<Response> {
	const widget = widgetResponse(request, pathname);
	if (widget !== undefined) return widget;
	const sessionId = SESSION_PATH.exec(pathname)?.[1];
	if (sessionId === undefined) throw notFound();
	await guard(request, bindings, "GET", "DELETE");
	const serveSession = request.method === "DELETE" ? deleteSession : getSession;
	return serveSession(request, sessionId, bindings.site, context);
}

/** Embeds knowledge that is new or changed, where embeddings are switched on. */
async function embedNew({ db, embedding, knowledge, deploymentBudget }: Bindings["keyed"], now: number): Promise<void> {
	const settings = embedding();
	if (settings === undefined || db === undefined) return;
	const { wholeTokens } = knowledge();
	await embedDocuments({ db, settings, wholeTokens, deploymentBudget: deploymentBudget(), now });
}

export default {
	fetch(request, env, ctx) {
		const bindings = chatBindings(env);
		return serve(request, RULES, ctx, bindings.version, (context) => route(request, bindings, context));
	},

	/** As the toml says: every five minutes knowledge that is new or changed is embedded, every minute golden questions are asked. */
	async scheduled({ cron, scheduledTime }, env) {
		const { version, keyed, golden } = chatBindings(env);
		nameVersion(version);
		await (cron === SWEEP_CRON ? embedNew(keyed, scheduledTime) : runGolden(golden, Date.now));
		if (keyed.db !== undefined) await noteRun(keyed.db, { worker: "chadis-chat", cron }, Date.now());
	},
} satisfies ExportedHandler<Env>;
