import { noteOutcome } from "../../lib/request/facts.ts";
import { ApiError } from "../../lib/http/errors.ts";
import { log } from "../../lib/log.ts";
import { findClip, storeClip } from "./clip-cache.ts";
import { relayClip } from "./clip-relay.ts";
import type { ClipEnding } from "./clip-relay.ts";
import { languageCode } from "../elevenlabs/language.ts";
import { openSpeech } from "../elevenlabs/speech.ts";
import type { Sound, Speech } from "../elevenlabs/speech.ts";
import type { ElevenLabs } from "../elevenlabs/call.ts";
import type { RequestContext } from "../../lib/http/serve.ts";

/** One `POST /`, parsed; whoever asks. */
export interface SpeechJob extends RequestContext {
	vendor: ElevenLabs;
	/** Without the language, which hangs on the site. */
	sound: Omit<Sound, "languageCode">;
	text: string;
	/** Code points of the text. */
	characters: number;
	/** What one of ElevenLabs' credits costs, micro-USD; 0 = not known. */
	creditPrice: number;
	/** The most that the clip may cost, micro-USD: what it reserves of the brakes. */
	worstCostUsdMicros: number;
	/** Micro-USD that all orgs together may cost on a UTC day. */
	deploymentBudget: number;
	/** Where the clip lies in the edge cache. */
	clipUrl: string;
	/** Fires when the listener leaves. */
	gone: AbortSignal;
}

/** What of a job is sent, and kept. */
export interface Spoken {
	text: string;
	/** As `languageOf` gives it. */
	language: string | null;
	/** The clip may be stored for the next who asks for it. */
	isKept: boolean;
}

/** How a synthesis ended, for the books: `failed` before any audio, or as the clip did. */
export type SpeechEnding = ClipEnding | "failed";

/** What a clip cost, micro-USD. */
export interface ClipCost {
	/** As it stands in the metrics; 0 = not known. */
	booked: number;
	/** As it counts in the brakes: the most that it may have cost where its cost is not known. */
	braked: number;
}

/** A clip from the edge cache. */
export interface CachedClip {
	response: Response;
	/** In which it was spoken: it is the caller's to see whether that still is the site's. */
	languageCode: string | null;
}

/** The clip from the edge cache, if this text was spoken before. */
export async function cachedClip(job: SpeechJob): Promise<CachedClip | undefined> {
	const startedAt = Date.now();
	const clip = await findClip(job.clipUrl);
	if (clip === undefined) return undefined;
	const response = audioResponse(clip.body, "HIT", 0, `cache;dur=${Date.now() - startedAt}`);
	return { response, languageCode: clip.languageCode };
}

/** The language in which a text of this job is spoken. @param locale of the site's org; null = none */
export function languageOf({ sound }: SpeechJob, locale: string | null): string | null {
	return languageCode(sound.modelId, locale);
}

/**
 * Has the text spoken and answers as soon as the first bytes are here. The clip is stored, and `settle` called, when it has ended.
 * @param settle writes the books; never rejects
 * @throws {ApiError} as `openSpeech`; the failure is settled under waitUntil
 */
export async function synthesize(
	job: SpeechJob,
	{ text, language, isKept }: Spoken,
	settle: (ending: SpeechEnding, cost: ClipCost) => Promise<void>,
): Promise<Response> {
	const startedAt = Date.now();
	let speech: Speech;
	try {
		speech = await openSpeech(job.vendor, { ...job.sound, languageCode: language }, text);
	} catch (thrown) {
		// One that took too long may be charged, though nobody heard it.
		const isLate = thrown instanceof ApiError && thrown.code === "voice_timeout";
		job.waitUntil(settle("failed", { booked: 0, braked: isLate ? job.worstCostUsdMicros : 0 }));
		throw thrown;
	}
	const firstByteMs = Date.now() - startedAt;
	const { body, ended } = relayClip(speech, job.gone);
	job.waitUntil(
		ended.then(async ({ ending, clip }) => {
			if (ending !== "complete") logBrokenSpeech(job, speech, ending, firstByteMs);
			await Promise.all([
				clip === undefined || !isKept ? undefined : storeClip(job.clipUrl, clip, language),
				settle(ending, costOf(job, speech)),
			]);
		}),
	);
	const response = audioResponse(body, "MISS", job.characters, `tts;dur=${firstByteMs}`);
	if (speech.lengthBytes !== null) response.headers.set("Content-Length", String(speech.lengthBytes));
	return response;
}

function costOf({ creditPrice, worstCostUsdMicros }: SpeechJob, { characterCost }: Speech): ClipCost {
	const booked = Math.round((characterCost ?? 0) * creditPrice);
	return { booked, braked: characterCost === null || creditPrice === 0 ? worstCostUsdMicros : booked };
}

/** A clip that ends well costs no line: its numbers are booked. */
function logBrokenSpeech(job: SpeechJob, speech: Speech, ending: ClipEnding, firstByteMs: number): void {
	log(ending === "cut" ? "error" : "info", "speech_broken", {
		request_id: job.requestId,
		ending,
		characters: job.characters,
		character_cost: speech.characterCost,
		vendor_request_id: speech.requestId,
		first_byte_ms: firstByteMs,
		duration_ms: Date.now() - job.startedAt,
	});
}

/** Our own headers only: ElevenLabs' would open CORS to everyone and name its request. */
function audioResponse(body: ReadableStream, cache: "HIT" | "MISS", characters: number, timing: string): Response {
	noteOutcome(cache === "HIT" ? "cache_hit" : "spoken");
	return new Response(body, {
		headers: {
			"Content-Type": "audio/mpeg",
			"Cache-Control": "private, no-store",
			"X-Cache": cache,
			"X-Characters": String(characters),
			"Server-Timing": timing,
		},
	});
}
