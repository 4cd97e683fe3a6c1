import { listVariable, secret } from "../../lib/env.ts";
import { notConfigured } from "../../lib/http/errors.ts";
import { callElevenLabs } from "./call.ts";
import type { CallInit, ElevenLabs } from "./call.ts";
import { unusableAnswer } from "./error.ts";
import { nextBytes } from "../speech/read-bytes.ts";
import type { Voices } from "../speech/speech-request.ts";

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
export type VoiceVariables = Pick<
	Env,
	"ELEVENLABS_VOICE_ID" | "ELEVENLABS_VOICE_IDS" | "ELEVENLABS_MODEL_ID" | "ELEVENLABS_OUTPUT_FORMAT"
>;

/** The voices of this deployment. The fallback is the one that does not expire with 2026 (every other default voice does). */
export function voices(variables: VoiceVariables): Voices {
	return {
		fallback: secret(variables.ELEVENLABS_VOICE_ID) ?? "hpp4J3VqNfWAUOO0d1Us",
		allowed: listVariable(variables.ELEVENLABS_VOICE_IDS),
	};
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
		return {
			first,
			rest,
			lengthBytes: lengthOf(response.headers),
			abort: () => control.abort(),
			...accountOf(response.headers),
		};
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
