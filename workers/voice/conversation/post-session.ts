import { sha256Hex } from "../../lib/text/digest.ts";
import { numberVariable, secret } from "../../lib/env.ts";
import { ApiError, notConfigured } from "../../lib/http/errors.ts";
import { readJsonObject } from "../../lib/http/body.ts";
import { clientKey } from "../../lib/http/client-ip.ts";
import { parseSiteKey } from "../../lib/site/site-key.ts";
import { endConversation } from "./conversation-end.ts";
import { openConversation } from "./conversation.ts";
import { elevenLabs } from "../elevenlabs/call.ts";
import type { ElevenLabsVariables } from "../elevenlabs/call.ts";
import { maxBodyBytes, siteAccess } from "../request-context.ts";
import type { RequestContext, SiteBindings } from "../request-context.ts";
import type { SiteAccess } from "../site-memory.ts";

export type SessionBindings = SiteBindings &
	ElevenLabsVariables &
	Pick<Env, "ELEVENLABS_AGENT_ID" | "MAX_OPEN_SESSIONS" | "MAX_OPEN_SESSIONS_PER_CLIENT" | "MAX_SESSION_SECONDS">;

/**
 * `POST /session`: opens a conversation. A body may be left out; nothing in it has a say.
 * @throws {ApiError} as `readJsonObject` and `openConversation`; site_key_required, not_configured
 */
export async function postSession(request: Request, env: SessionBindings, context: RequestContext): Promise<Response> {
	if (hasBody(request)) await readJsonObject(request, maxBodyBytes(env));
	const access = keyedAccess(request, env);
	const job = {
		...context,
		sessionId: crypto.randomUUID(),
		vendor: elevenLabs(env),
		defaultAgentId: agentVariable(env.ELEVENLABS_AGENT_ID),
		maxOpen: numberVariable(env.MAX_OPEN_SESSIONS, "MAX_OPEN_SESSIONS", 3),
		maxOpenOfClient: numberVariable(env.MAX_OPEN_SESSIONS_PER_CLIENT, "MAX_OPEN_SESSIONS_PER_CLIENT", 2),
		clientHash: await sha256Hex(`${access.siteKey} ${clientKey(request)}`),
		maxSeconds: numberVariable(env.MAX_SESSION_SECONDS, "MAX_SESSION_SECONDS", 600),
	};
	return openConversation(job, access);
}

/**
 * `POST /session/{id}/end`: the caller's word that a conversation is over. A body has no say.
 * @throws {ApiError} as `endConversation`; site_key_required, not_configured
 */
export async function postSessionEnd(
	request: Request,
	sessionId: string,
	env: SiteBindings,
	{ now }: RequestContext,
): Promise<Response> {
	await request.body?.cancel();
	return endConversation(keyedAccess(request, env), sessionId, now);
}

function keyedAccess(request: Request, env: SiteBindings): SiteAccess {
	const header = request.headers.get("X-Site-Key");
	if (header === null) throw new ApiError("site_key_required", "Send a site key in the X-Site-Key header.");
	return siteAccess(request, env, parseSiteKey(header));
}

function hasBody(request: Request): boolean {
	return request.body !== null && request.headers.get("Content-Length") !== "0";
}

function agentVariable(value: string | undefined): string | null {
	const id = secret(value) ?? null;
	if (id !== null && !/^[A-Za-z0-9_-]{1,100}$/.test(id)) throw notConfigured("ELEVENLABS_AGENT_ID");
	return id;
}
