import { isLoopback } from "../../lib/http/loopback.ts";
import { readBytes } from "../../lib/http/body.ts";
import { truncate } from "../../lib/text/text.ts";
import { VENDOR_DOMAIN, callElevenLabs } from "./call.ts";
import type { ElevenLabs } from "./call.ts";
import { unusableAnswer } from "./error.ts";
import { worstConversationCost } from "./prices.ts";
import { isObject, parseJson } from "../../lib/http/json.ts";

const MAX_SIGNED_URL_BYTES = 16_384;
/** A conversation comes with its transcript, of which nothing is kept. */
const MAX_CONVERSATION_BYTES = 4 * 1024 * 1024;
/** Code points kept of a termination reason. */
const REASON_MAX_CHARS = 200;

/** A door to one conversation: whoever holds the URL may begin it within 15 minutes, once. */
export interface SignedUrl {
	signedUrl: string;
	conversationId: string;
}

/**
 * Mints a signed URL (GET /v1/convai/conversation/get-signed-url). With `include_conversation_id` it works once and carries
 * the id by which the conversation is read back.
 * @throws {ApiError} as `callElevenLabs`
 */
export function mintSignedUrl(vendor: ElevenLabs, agentId: string): Promise<SignedUrl> {
	const path = `/v1/convai/conversation/get-signed-url?agent_id=${encodeURIComponent(agentId)}&include_conversation_id=true`;
	return callElevenLabs(vendor, path, { method: "GET" }, async (response) => {
		const signed = parseSignedUrl(
			await readBytes(response, MAX_SIGNED_URL_BYTES).catch(() => new Uint8Array()),
			vendor.environment,
		);
		if (signed === undefined) throw unusableAnswer("200 without a signed URL");
		return signed;
	});
}

function parseSignedUrl(bytes: Uint8Array, environment: string): SignedUrl | undefined {
	const body = parseJson(bytes);
	if (!isObject(body) || typeof body.signed_url !== "string" || !URL.canParse(body.signed_url)) return undefined;
	const url = new URL(body.signed_url);
	const conversationId = url.searchParams.get("conversation_id") ?? body.conversation_id;
	if (!isVendorSocket(url, environment) || typeof conversationId !== "string") return undefined;
	return /^[\w-]{1,128}$/.test(conversationId) ? { signedUrl: url.href, conversationId } : undefined;
}

/** The browser connects where this URL says, so it may only name the vendor; a loopback host in development. */
function isVendorSocket(url: URL, environment: string): boolean {
	if (isLoopback(url.hostname)) return environment === "development" && /^wss?:$/.test(url.protocol);
	return url.protocol === "wss:" && (url.hostname === VENDOR_DOMAIN || url.hostname.endsWith(`.${VENDOR_DOMAIN}`));
}

/** ElevenLabs' own account of a conversation. */
export type ConversationAccount =
	/** It knows of none: the link was not used. */
	| { state: "unused" }
	/** Under way, or still being worked on. */
	| { state: "open" }
	| {
			state: "over";
			/** null = not told, or told as it cannot be. */
			durationSeconds: number | null;
			/** As durationSeconds. */
			costUsdMicros: number | null;
			reason: string | null;
			refused: RefusedNumber[];
	  };

/** A number of ElevenLabs' that cannot be, and is left out here. */
type RefusedNumber = "call_duration_secs" | "cost_fiat";

/**
 * Reads a conversation back (GET /v1/convai/conversations/{id}): its status is final as `done` or `failed`, a link that nobody
 * used is 404, and `metadata` holds `call_duration_secs`, `cost_fiat` (USD) and `termination_reason`.
 * @param maxSeconds how long it can have lasted
 * @throws {ApiError} as `callElevenLabs`
 */
export function readConversation(
	vendor: ElevenLabs,
	conversationId: string,
	maxSeconds: number,
): Promise<ConversationAccount> {
	const path = `/v1/convai/conversations/${encodeURIComponent(conversationId)}`;
	return callElevenLabs(vendor, path, { method: "GET", accepts: 404 }, async (response) => {
		const body = parseJson(await readBytes(response, MAX_CONVERSATION_BYTES).catch(() => new Uint8Array()));
		// A 404 of ElevenLabs' own has a body of its form; one of a proxy does not.
		if (response.status === 404 && isObject(body) && body.detail !== undefined) return { state: "unused" };
		if (response.status !== 200 || !isObject(body) || typeof body.status !== "string")
			throw unusableAnswer("conversation that cannot be read");
		return body.status === "done" || body.status === "failed"
			? accountOf(isObject(body.metadata) ? body.metadata : {}, maxSeconds)
			: { state: "open" };
	});
}

function accountOf(
	{ call_duration_secs: seconds, cost_fiat: usd, termination_reason: reason }: Record<string, unknown>,
	maxSeconds: number,
): ConversationAccount {
	const durationSeconds = bounded(seconds, maxSeconds);
	const costUsd = bounded(usd, worstConversationCost(durationSeconds ?? maxSeconds) / 1_000_000);
	const refused: RefusedNumber[] = [];
	if (durationSeconds === undefined) refused.push("call_duration_secs");
	if (costUsd === undefined) refused.push("cost_fiat");
	return {
		state: "over",
		durationSeconds: typeof durationSeconds === "number" ? Math.round(durationSeconds) : null,
		costUsdMicros: typeof costUsd === "number" ? Math.round(costUsd * 1_000_000) : null,
		reason: typeof reason === "string" ? truncate(reason.toWellFormed().replaceAll("\0", ""), REASON_MAX_CHARS) : null,
		refused,
	};
}

/** A number from 0 to `max`; null when it is not told; undefined when it is anything else. */
function bounded(value: unknown, max: number): number | null | undefined {
	if (value === undefined || value === null) return null;
	return typeof value === "number" && value >= 0 && value <= max ? value : undefined;
}
