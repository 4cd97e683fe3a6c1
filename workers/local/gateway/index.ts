import { isLoopback } from "../../lib/http/loopback.ts";
import { SECURITY_TXT_PATH } from "../../lib/http/security-txt.ts";
import { errorResponse, finish, notFound } from "../../lib/http/serve.ts";
import { vendorList } from "../run/vendors.ts";
import { isStripePage } from "../stand-ins/stripe/pages/pages.ts";
import type { GatewayEnv } from "./env.ts";
import { localAnswer } from "./local.ts";
import { homeAnswer } from "./home/home.ts";
import { passedOn } from "./passed-on.ts";
import { joinedAnswer, referenceAnswer } from "./reference/reference.ts";
import { siteAnswer } from "./site/site.ts";
import { rememberSubscriptions } from "./stripe-memory.ts";

/** One address for the four deployments and the stand-ins, which on their own hosts would each have `/`. Never deployed. */
export default {
	async fetch(request: Request, env: GatewayEnv): Promise<Response> {
		const requestId = crypto.randomUUID();
		try {
			// A deployment's answer stays as it is: status, headers and stream are what is looked at here.
			return await (toDeployment(request, env) ?? ownAnswer(request, env, requestId));
		} catch (error) {
			return finish(errorResponse(error, requestId), requestId);
		}
	},
};

function toDeployment(request: Request, env: GatewayEnv): Promise<Response> | undefined {
	const { pathname } = new URL(request.url);
	if (pathname === SECURITY_TXT_PATH) return env.PORTAL.fetch(passedOn(request));
	// The portal's own description; at its place stands that of all.
	if (pathname === "/portal/openapi.json") return env.PORTAL.fetch(passedOn(request, "/portal"));
	switch (pathname.split("/", 2)[1]) {
		case "portal":
		case "webhooks":
		case "health":
			return env.PORTAL.fetch(passedOn(request));
		case "chat":
			return env.CHAT.fetch(passedOn(request, "/chat"));
		case "voice":
			return env.VOICE.fetch(passedOn(request, "/voice"));
		case "conversation":
			return env.CONVERSATION.fetch(passedOn(request, "/conversation"));
		default:
			return undefined;
	}
}

async function ownAnswer(request: Request, env: GatewayEnv, requestId: string): Promise<Response> {
	const url = new URL(request.url);
	if (url.pathname === "/" || url.pathname === "/billing") return finish(homeAnswer(request, env), requestId);
	if (url.pathname.startsWith("/site/")) return finish(siteAnswer(request, url, env), requestId);
	if (url.pathname === "/openapi.json") return finish(await joinedAnswer(request, env), requestId);
	if (/^\/reference(?:\/|$)/.test(url.pathname))
		return finish(await referenceAnswer(request, url.pathname, env), requestId);
	// A page elsewhere can make its own host name point here: what gives out tokens answers to this machine's names only.
	if (!isLoopback(url.hostname)) throw notFound();
	if (url.pathname.startsWith("/local/")) return finish(await localAnswer(request, url, env), requestId);
	if (isVendorPath(url.pathname) && vendorList(env.STAND_IN_VENDORS).length > 0) {
		await rememberSubscriptions(url.pathname, env);
		return env.STAND_INS.fetch(request);
	}
	throw notFound();
}

function isVendorPath(path: string): boolean {
	const isApi = /^\/(?:v1|v1beta|control)\//.test(path);
	return isApi || isStripePage(path) || path === "/.well-known/jwks.json" || path === "/token";
}
