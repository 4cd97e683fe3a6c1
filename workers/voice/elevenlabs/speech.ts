import { log } from "../../lib/log.ts";
import type { Deadline } from "../../lib/vendor/call.ts";
import { callElevenLabs } from "./call.ts";
import type { CallInit, ElevenLabs } from "./call.ts";
import { unusableAnswer } from "./error.ts";
import { normalizesText } from "./language.ts";
import { MAX_CREDITS_PER_CHARACTER } from "./prices.ts";
import { nextBytes } from "./read-bytes.ts";

/** What makes one text sound one way. */
export interface Sound {
	voiceId: string;
	modelId: string;
	outputFormat: string;
	/** As `languageCode` gives it; null = ElevenLabs tells by the text. */
	languageCode: string | null;
}

/** Speech that has begun: its first bytes are here. */
export interface Speech {
	first: Uint8Array;
	/** What follows. */
	rest: ReadableStreamBYOBReader;
	/** Length of the whole clip, when ElevenLabs said so. */
	lengthBytes: number | null;
	/** Its limit for the body is the reader's to set and to clear; `abort` lets go of the connection. */
	deadline: Deadline;
	/** ElevenLabs' credits for this clip; null when it did not say. */
	characterCost: number | null;
	/** ElevenLabs' id of this call, for its support. */
	requestId: string | null;
}

/**
 * What is asked for beside the text. `enable_logging=false` is zero-retention mode, which ElevenLabs refuses to accounts without it
 * (elevenlabs.io/docs/api-reference/text-to-speech/stream).
 */
function speechQuery({ outputFormat }: Sound, { coverage }: ElevenLabs): string {
	const query = `output_format=${encodeURIComponent(outputFormat)}`;
	return coverage.hasZeroRetention ? `${query}&enable_logging=false` : query;
}

/**
 * Has a text spoken (POST /v1/text-to-speech/{voice}/stream) and waits for the first bytes.
 * @throws {ApiError} as `callElevenLabs`
 */
export function openSpeech(vendor: ElevenLabs, sound: Sound, text: string): Promise<Speech> {
	const path = `/v1/text-to-speech/${encodeURIComponent(sound.voiceId)}/stream?${speechQuery(sound, vendor)}`;
	const init: CallInit = {
		method: "POST",
		headers: { "Content-Type": "application/json", Accept: "audio/mpeg" },
		body: JSON.stringify(speechBody(sound, text)),
	};
	return callElevenLabs(vendor, path, init, async (response, deadline) => {
		if (!(response.headers.get("Content-Type") ?? "").toLowerCase().startsWith("audio/")) {
			deadline.abort();
			throw unusableAnswer("200 without audio");
		}
		const rest = response.body?.getReader({ mode: "byob" });
		const first = rest === undefined ? undefined : await nextBytes(rest, 1);
		if (rest === undefined || first === undefined) throw unusableAnswer("200 with empty audio");
		deadline.keep();
		return { first, rest, deadline, lengthBytes: lengthOf(response.headers), ...accountOf(response.headers, text) };
	});
}

/** What a model does not take is left out: ElevenLabs refuses the whole request for it. */
function speechBody({ modelId, languageCode }: Sound, text: string): Record<string, string> {
	return {
		text,
		model_id: modelId,
		...(languageCode === null ? {} : { language_code: languageCode }),
		...(normalizesText(modelId) ? { apply_text_normalization: "on" } : {}),
	};
}

/** A length that was declared for the bytes as we read them, not for a compressed form. */
function lengthOf(headers: Headers): number | null {
	const length = headers.get("Content-Length") ?? "";
	return /^\d{1,9}$/.test(length) && !headers.has("Content-Encoding") ? Number(length) : null;
}

function accountOf(headers: Headers, text: string): Pick<Speech, "characterCost" | "requestId"> {
	const requestId = headers.get("request-id") ?? "";
	const known = /^[\w-]{1,80}$/.test(requestId) ? requestId : null;
	return { characterCost: costOf(headers, text, known), requestId: known };
}

/** What is told and believed; more than the text can have cost is logged and left out. */
function costOf(headers: Headers, text: string, requestId: string | null): number | null {
	const told = headers.get("character-cost") ?? headers.get("x-character-count") ?? "";
	if (told === "") return null;
	const cost = /^\d{1,9}(?:\.\d{1,6})?$/.test(told) ? Number(told) : Number.POSITIVE_INFINITY;
	if (cost <= text.length * MAX_CREDITS_PER_CHARACTER) return cost;
	log("error", "speech_cost_refused", { vendor_request_id: requestId, characters: text.length });
	return null;
}
