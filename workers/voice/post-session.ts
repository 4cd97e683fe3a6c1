import { numberVariable, secret } from "../lib/env.ts";
import { ApiError, notConfigured } from "../lib/errors.ts";
import { readJsonObject } from "../lib/http.ts";
import { parseSiteKey } from "../lib/site-key.ts";
import { openConversation } from "./conversation.ts";
import { elevenLabs } from "./elevenlabs-call.ts";
import type { ElevenLabsVariables } from "./elevenlabs-call.ts";
import { maxBodyBytes, siteAccess } from "./request-context.ts";
import type { RequestContext, SiteBindings } from "./request-context.ts";

export type SessionBindings = SiteBindings & ElevenLabsVariables & Pick<Env, "ELEVENLABS_AGENT_ID" | "MAX_OPEN_SESSIONS" | "MAX_SESSION_SECONDS">;

/**
 * `POST /session`: opens a conversation. A body may be left out; nothing in it has a say.
 * @throws {ApiError} as `readJsonObject` and `openConversation`; site_key_required, not_configured
 */
export async function postSession(request: Request, env: SessionBindings, context: RequestContext): Promise<Response> {
	if (hasBody(request)) await readJsonObject(request, maxBodyBytes(env));
	const header = request.headers.get("X-Site-Key");
	if (header === null) throw new ApiError("site_key_required", "Send a site key in the X-Site-Key header.");
	const access = siteAccess(request, env, parseSiteKey(header));
	const job = {
		...context,
		sessionId: crypto.randomUUID(),
		vendor: elevenLabs(env),
		defaultAgentId: agentVariable(env.ELEVENLABS_AGENT_ID),
		maxOpen: numberVariable(env.MAX_OPEN_SESSIONS, "MAX_OPEN_SESSIONS", 3),
		maxSeconds: numberVariable(env.MAX_SESSION_SECONDS, "MAX_SESSION_SECONDS", 600),
	};
	return openConversation(job, access);
}

function hasBody(request: Request): boolean {
	return request.body !== null && request.headers.get("Content-Length") !== "0";
}

function agentVariable(value: string | undefined): string | null {
	const id = secret(value) ?? null;
	if (id !== null && !/^[A-Za-z0-9_-]{1,100}$/.test(id)) throw notConfigured("ELEVENLABS_AGENT_ID");
	return id;
}
