import { readJsonObject } from "../../lib/http/body.ts";
import { clientKey } from "../../lib/http/client-ip.ts";
import type { RequestContext } from "../../lib/http/serve.ts";
import { consentingRequest, headerSiteRequest } from "../../lib/site/admit.ts";
import type { SiteBindings } from "../../lib/site/admit.ts";
import { sentConsent } from "../../lib/consent/consent.ts";
import { clientDigest } from "../../lib/usage/client.ts";
import type { ElevenLabs } from "../elevenlabs/call.ts";
import { openConversation } from "./conversation.ts";
import type { ConversationRules } from "./job.ts";
import { endConversation } from "./conversation-end.ts";

/** What conversations take of a deployment. Each function may throw not_configured. */
export interface ConversationBindings {
	site: SiteBindings;
	maxBodyBytes: () => number;
	vendor: () => ElevenLabs;
	rules: () => ConversationRules;
}

/**
 * `POST /session`: opens a conversation. A body may be left out; nothing in it has a say.
 * @throws {ApiError} as `readJsonObject`, `headerSiteRequest` and `openConversation`; not_configured
 */
export async function postSession(
	request: Request,
	bindings: ConversationBindings,
	context: RequestContext,
): Promise<Response> {
	if (hasBody(request)) await readJsonObject(request, bindings.maxBodyBytes());
	const site = await consentingRequest(headerSiteRequest(bindings.site, request, context), sentConsent(request));
	const vendor = bindings.vendor();
	const clientHash = await clientDigest(vendor.apiKey, site.date, clientKey(request));
	const job = { ...context, ...bindings.rules(), sessionId: crypto.randomUUID(), vendor, clientHash };
	return openConversation(job, { ...site, uncovered: vendor.coverage.uncoveredConversation });
}

/**
 * `POST /session/{id}/end`: the caller's word that a conversation is over. A body has no say.
 * @throws {ApiError} as `headerSiteRequest` and `endConversation`
 */
export async function postSessionEnd(
	request: Request,
	sessionId: string,
	bindings: SiteBindings,
	context: RequestContext,
): Promise<Response> {
	await request.body?.cancel();
	return endConversation(headerSiteRequest(bindings, request, context), sessionId);
}

function hasBody(request: Request): boolean {
	return request.body !== null && request.headers.get("Content-Length") !== "0";
}
