import type { FieldError } from "../../lib/http/errors.ts";
import { invalidFields, textField } from "../../lib/http/fields.ts";
import { codePoints } from "../../lib/text/text.ts";
import { isBlank } from "../../lib/text/unseen.ts";
import { speakable } from "./speech-text.ts";

/** Longest text with a site key, code points. */
export const KEYED_MAX_CHARACTERS = 1000;
/** Longest text without one, code points. */
export const LEGACY_MAX_CHARACTERS = 300;

const VOICE_ID = { min: 1, max: 64 };
/**
 * What may be sent, code points, runs of white space counted as two at most: the count that matters is of what is left to say, and
 * markup takes room, but what takes four times as much is not worth reading. It stands before all that costs more than the text's length.
 */
export const SENT_MAX_CHARACTERS = 4 * KEYED_MAX_CHARACTERS;
/** The body's cap in bytes comes first. */
const AS_SENT = { min: 0, max: Number.MAX_SAFE_INTEGER };
const LONG_SPACES = /\s{3,}/g;

export interface SpeechRequest {
	/** As it will be spoken. */
	text: string;
	/** Its code points: what is reserved and booked. */
	characters: number;
	voiceId: string;
}

export interface Voices {
	/** Used when the caller names none. */
	fallback: string;
	/** Further ones that a caller may name. */
	allowed: readonly string[];
}

/**
 * The body of `POST /`. Other fields are ignored.
 * @throws {ApiError} invalid_request, naming `text`, `voice_id` or both
 */
export function parseSpeechRequest(
	body: Record<string, unknown>,
	voices: Voices,
	maxCharacters: number,
): SpeechRequest {
	const faults: FieldError[] = [];
	const text = parseText(body, maxCharacters, faults);
	const voiceId = textField(body, "voice_id", VOICE_ID, faults) ?? voices.fallback;
	if (voiceId !== voices.fallback && !voices.allowed.includes(voiceId)) {
		faults.push({ field: "voice_id", message: "must be one of this service's voices" });
	}
	if (faults.length > 0) throw invalidFields(faults);
	return { text, characters: codePoints(text), voiceId };
}

function parseText(body: Record<string, unknown>, maxCharacters: number, faults: FieldError[]): string {
	const before = faults.length;
	const sent = textField(body, "text", AS_SENT, faults);
	if (faults.length > before) return "";
	const compact = (sent ?? "").replace(LONG_SPACES, (run) => (/[\n\r]/.test(run) ? "\n\n" : " "));
	if (codePoints(compact) > SENT_MAX_CHARACTERS) {
		faults.push({ field: "text", message: `must be at most ${SENT_MAX_CHARACTERS} characters as it is sent` });
		return "";
	}
	const text = speakable(sent ?? "");
	const length = codePoints(text);
	if (length >= 1 && length <= maxCharacters && !isBlank(text)) return text;
	const message =
		sent === undefined ? "is required" : `must be 1 to ${maxCharacters} characters without markup, links and emoji`;
	faults.push({ field: "text", message });
	return text;
}
