import { conversationAnswer, createConversations } from "./elevenlabs-conversations.ts";
import type { Conversations } from "./elevenlabs-conversations.ts";
import { createAgents, libraryAnswer } from "./elevenlabs-library.ts";
import type { Agents } from "./elevenlabs-library.ts";
import { failure, validationError } from "./elevenlabs-errors.ts";
import { isMp3Format, mp3Clip } from "./mp3.ts";
import { isJsonType, isRecord, isRefusedKey, parseJson, randomId } from "../wire.ts";
import type { Answer, Incoming, Vendor } from "../wire.ts";

const SPEECH_PATH = /^\/v1\/text-to-speech\/([^/]+)(\/stream)?$/;
const VOICE_ID = /^[A-Za-z0-9]{20}$/;
/** Answers 402 on free plans since the default voices ended. */
const RETIRED_VOICE = "21m00Tcm4TlvDq8ikWAM";
const DEFAULT_MODEL = "eleven_multilingual_v2";
const DEFAULT_FORMAT = "mp3_44100_128";
const SECONDS_PER_CHAR = 0.06;
const MIN_CHUNKS = 3;
const CHUNK_BYTES = 4_096;

/** Longest text per request, characters, and credits per character. */
const MODELS: Record<string, { maxChars: number; credits: number }> = {
	eleven_flash_v2_5: { maxChars: 40_000, credits: 0.5 },
	eleven_flash_v2: { maxChars: 30_000, credits: 0.5 },
	eleven_turbo_v2_5: { maxChars: 40_000, credits: 0.5 },
	eleven_turbo_v2: { maxChars: 30_000, credits: 0.5 },
	eleven_multilingual_v2: { maxChars: 10_000, credits: 1 },
	eleven_v3: { maxChars: 5_000, credits: 1 },
};

/** ElevenLabs: speech, signed URLs and conversation read-back, voices and agents as they are set up. Fault codes and shapes are in elevenlabs-errors.ts. */
export function createElevenLabs(gapMs = 0): { vendor: Vendor; conversations: Conversations; agents: Agents } {
	const agents = createAgents();
	const conversations = createConversations();
	const vendor: Vendor = {
		name: "elevenlabs",
		credential: (headers) => headers.get("xi-api-key") ?? "",
		failure,
		answer(call) {
			const stored = libraryAnswer(call, agents);
			if (stored !== undefined) return refusedKey(call.credential) ?? stored;
			const speech = SPEECH_PATH.exec(call.url.pathname);
			const isSpeech = speech !== null && call.method === "POST";
			if (!isSpeech && !(call.url.pathname.startsWith("/v1/convai/conversation") && call.method === "GET"))
				return undefined;
			const refused = refusedKey(call.credential);
			if (refused !== undefined) return refused;
			return isSpeech
				? speechAnswer(call, speech[1] ?? "", speech[2] !== undefined, gapMs)
				: conversationAnswer(call, conversations);
		},
	};
	return { vendor, conversations, agents };
}

function refusedKey(key: string): Answer | undefined {
	if (key === "") return failure(401, { code: "needs_authorization" });
	return isRefusedKey(key) ? failure(401, { code: "invalid_api_key" }) : undefined;
}

function speechAnswer(call: Incoming, voice: string, stream: boolean, gapMs: number): Answer {
	const body = isJsonType(call.headers) ? parseJson(call.text) : undefined;
	if (!isRecord(body)) return failure(422, { code: "model_attributes_type", shape: "validation" });
	const refused = refusedSpeech(body, voice, call.url);
	if (refused !== undefined) return refused;
	const text = String(body.text);
	const { credits } = MODELS[String(body.model_id ?? DEFAULT_MODEL)] ?? { credits: 1 };
	const { type, bytes } = audio(text, call.url.searchParams.get("output_format") ?? DEFAULT_FORMAT);
	const headers = {
		"content-type": type,
		"request-id": randomId("", 20),
		"character-cost": String(Math.ceil([...text].length * credits)),
		"x-trace-id": randomId("", 20),
		"x-region": "us-central1",
		"current-concurrent-requests": "1",
		"maximum-concurrent-requests": "20",
		"access-control-allow-origin": "*",
	};
	return { status: 200, headers, chunks: stream ? inChunks(bytes) : [bytes], streamed: stream, gapMs };
}

function refusedSpeech(body: Record<string, unknown>, voice: string, url: URL): Answer | undefined {
	if (body.text === undefined) return validationError(["body", "text"], "Field required", "missing");
	if (typeof body.text !== "string")
		return validationError(["body", "text"], "Input should be a valid string", "string_type");
	const format = url.searchParams.get("output_format") ?? DEFAULT_FORMAT;
	if (!isKnownFormat(format))
		return validationError(["query", "output_format"], "Input should be a known output format", "enum");
	if (!VOICE_ID.test(voice)) return failure(404, { code: "voice_not_found" });
	if (voice === RETIRED_VOICE) return failure(402, { code: "paid_plan_required" });
	const model = MODELS[String(body.model_id ?? DEFAULT_MODEL)];
	if (model === undefined) return failure(400, { code: "model_not_found" });
	if (body.text.trim() === "") return failure(400, { code: "input_text_empty" });
	return [...body.text].length > model.maxChars ? failure(400, { code: "max_character_limit_exceeded" }) : undefined;
}

function formatParts(format: string): { codec: string; sampleRate: number; kbps: number } {
	const [codec = "", sampleRate = "", kbps = "0"] = format.split("_");
	return { codec, sampleRate: Number(sampleRate), kbps: Number(kbps) };
}

/** The formats that can be made without an encoder: every mp3_* that Layer III has, and pcm_*. */
function isKnownFormat(format: string): boolean {
	const { codec, sampleRate, kbps } = formatParts(format);
	if (codec === "mp3") return isMp3Format(sampleRate, kbps);
	return codec === "pcm" && [8_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000].includes(sampleRate);
}

function audio(text: string, format: string): { type: string; bytes: Uint8Array } {
	const { codec, sampleRate, kbps } = formatParts(format);
	if (codec === "mp3") return { type: "audio/mpeg", bytes: mp3Clip(text, sampleRate, kbps, SECONDS_PER_CHAR) };
	const samples = Math.ceil(text.length * SECONDS_PER_CHAR * sampleRate);
	return { type: "application/octet-stream", bytes: new Uint8Array(samples * 2) };
}

function inChunks(bytes: Uint8Array): Uint8Array[] {
	const size = Math.min(CHUNK_BYTES, Math.ceil(bytes.length / MIN_CHUNKS));
	const chunks: Uint8Array[] = [];
	for (let start = 0; start < bytes.length; start += size) chunks.push(bytes.subarray(start, start + size));
	return chunks;
}
