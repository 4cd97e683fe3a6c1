import { isLoopback, listVariable, secret } from "../lib/env.ts";
import { notConfigured } from "../lib/errors.ts";
import { isObject, readBytes } from "../lib/http.ts";
import { VENDOR_DOMAIN, callElevenLabs } from "./elevenlabs-call.ts";
import type { CallInit, ElevenLabs } from "./elevenlabs-call.ts";
import { unusableAnswer } from "./elevenlabs-error.ts";
import { nextBytes } from "./read-bytes.ts";
import type { Voices } from "./speech-request.ts";

const MAX_SIGNED_URL_BYTES = 16_384;

/** What makes one text sound one way. */
export interface Sound {
	voiceId: string;
	modelId: string;
	outputFormat: string;
}

/** Speech that has begun: its first bytes are here. */
export interface Speech {
	first: Uint8Array;
	/** What follows. */
	rest: ReadableStreamBYOBReader;
	/** Of the whole clip, when ElevenLabs said so. */
	lengthBytes: number | null;
	/** Lets go of the connection. */
	abort(): void;
	/** ElevenLabs' credits for this clip; null when it did not say. */
	characterCost: number | null;
	/** ElevenLabs' id of this call, for its support. */
	requestId: string | null;
}

/** What `voices` and `soundOf` read. */
export type VoiceVariables = Pick<Env, "ELEVENLABS_VOICE_ID" | "ELEVENLABS_VOICE_IDS" | "ELEVENLABS_MODEL_ID" | "ELEVENLABS_OUTPUT_FORMAT">;

/** The voices of this deployment. The fallback is the one that does not expire with 2026 (every other default voice does). */
export function voices(variables: VoiceVariables): Voices {
	return { fallback: secret(variables.ELEVENLABS_VOICE_ID) ?? "hpp4J3VqNfWAUOO0d1Us", allowed: listVariable(variables.ELEVENLABS_VOICE_IDS) };
}

/** @throws {ApiError} not_configured when the format is no mp3: the answer says audio/mpeg */
export function soundOf(voiceId: string, variables: VoiceVariables): Sound {
	const outputFormat = secret(variables.ELEVENLABS_OUTPUT_FORMAT) ?? "mp3_22050_32";
	if (!/^mp3_\d{4,6}_\d{2,3}$/.test(outputFormat)) throw notConfigured("ELEVENLABS_OUTPUT_FORMAT");
	return { voiceId, modelId: secret(variables.ELEVENLABS_MODEL_ID) ?? "eleven_flash_v2_5", outputFormat };
}

/**
 * Has a text spoken (POST /v1/text-to-speech/{voice}/stream) and waits for the first bytes.
 * @throws {ApiError} as `callElevenLabs`
 */
export function openSpeech(vendor: ElevenLabs, sound: Sound, text: string): Promise<Speech> {
	const path = `/v1/text-to-speech/${encodeURIComponent(sound.voiceId)}/stream?output_format=${encodeURIComponent(sound.outputFormat)}`;
	const init: CallInit = {
		method: "POST",
		headers: { "Content-Type": "application/json", Accept: "audio/mpeg" },
		body: JSON.stringify({ text, model_id: sound.modelId }),
	};
	return callElevenLabs(vendor, path, init, async (response, control) => {
		if (!(response.headers.get("Content-Type") ?? "").toLowerCase().startsWith("audio/")) {
			control.abort();
			throw unusableAnswer("200 without audio");
		}
		const rest = response.body?.getReader({ mode: "byob" });
		const first = rest === undefined ? undefined : await nextBytes(rest, false);
		if (rest === undefined || first === undefined) throw unusableAnswer("200 with empty audio");
		return { first, rest, lengthBytes: lengthOf(response.headers), abort: () => control.abort(), ...accountOf(response.headers) };
	});
}

/** A length that was declared for the bytes as we read them, not for a compressed form. */
function lengthOf(headers: Headers): number | null {
	const length = headers.get("Content-Length") ?? "";
	return /^\d{1,9}$/.test(length) && !headers.has("Content-Encoding") ? Number(length) : null;
}

function accountOf(headers: Headers): Pick<Speech, "characterCost" | "requestId"> {
	const cost = headers.get("character-cost") ?? headers.get("x-character-count") ?? "";
	const requestId = headers.get("request-id") ?? "";
	return {
		characterCost: /^\d{1,9}(?:\.\d{1,6})?$/.test(cost) ? Number(cost) : null,
		requestId: /^[\w-]{1,80}$/.test(requestId) ? requestId : null,
	};
}

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
		const signed = parseSignedUrl(await readBytes(response, MAX_SIGNED_URL_BYTES).catch(() => new Uint8Array()), vendor.environment);
		if (signed === undefined) throw unusableAnswer("200 without a signed URL");
		return signed;
	});
}

function parseSignedUrl(bytes: Uint8Array, environment: string): SignedUrl | undefined {
	let body: unknown;
	try {
		body = JSON.parse(new TextDecoder().decode(bytes));
	} catch {
		return undefined;
	}
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
