import { instructionOf, partsText } from "./gemini-text.ts";
import { talk } from "./talk/talk.ts";
import { isRecord, randomId } from "../wire.ts";
import type { ReplyOverride } from "../wire.ts";

/** Models that answer; any other name is a 404, the retired 2.0 family included. */
export const GEMINI_MODELS = new Set([
	"gemini-4-argon",
	"gemini-4-carbon",
	"gemini-3.8-flash",
	"gemini-3.7-flash",
	"gemini-3.6-flash",
	"gemini-3.5-flash",
	"gemini-3.5-flash-lite",
	"gemini-3.1-flash-lite",
	"gemini-2.5-flash",
	"gemini-2.5-flash-lite",
	"gemini-2.5-pro",
	"gemini-flash-latest",
	"gemini-flash-lite-latest",
	"gemini-pro-latest",
]);

const CHARS_PER_TOKEN = 4;
const WORDS_PER_CHUNK = 5;
/** Small enough that a person sees an answer of one sentence grow. */
const WORDS_PER_SPOKEN_CHUNK = 2;
const MAX_QUOTE_CHARS = 200;
const HOSTILE_REPLY =
	'<img src=x onerror="alert(1)"><script>alert(2)</script> [a link](javascript:alert(3)) ![pixel](https://evil.example/p.png) **bold** & <b>done</b>';

interface Part {
	text: string;
	thought?: boolean;
	thoughtSignature?: string;
}

interface Candidate {
	content?: { role: "model"; parts: Part[] };
	finishReason?: string;
	index: number;
}

/** One GenerateContentResponse. */
export interface ReplyChunk {
	candidates?: Candidate[];
	promptFeedback?: { blockReason: string };
	usageMetadata?: Record<string, unknown>;
	modelVersion?: string;
	modelStatus?: Record<string, string>;
	responseId?: string;
}

/**
 * The model's answer as stream chunks: text in groups of words, usage cumulative on each, and last a chunk with the
 * finish reason and an empty text part, as the thinking models send it.
 * @param answersFromPassages what it says where nobody has given it a reply; else it repeats the question
 */
export function modelReply(
	request: unknown,
	model: string,
	override: ReplyOverride = {},
	answersFromPassages = false,
): ReplyChunk[] {
	const question = lastUserText(request);
	const marked = { ...markedReply(question, request), ...override };
	const promptTokens = tokensOf(allText(request));
	const head = {
		modelVersion: marked.model_version ?? model,
		responseId: randomId("", 22),
		...(marked.model_status === undefined ? {} : { modelStatus: marked.model_status }),
	};
	if (marked.block_reason !== undefined) {
		const usageMetadata = { promptTokenCount: promptTokens, totalTokenCount: promptTokens, ...marked.usage };
		return [{ promptFeedback: { blockReason: marked.block_reason }, usageMetadata, ...head }];
	}
	const { pieces, finishReason } = limited(
		marked.pieces ?? ownPieces(request, question, marked.text, answersFromPassages),
		request,
		marked,
	);
	const texts = marked.no_content === true ? [] : pieces;
	return candidateChunks(texts, finishReason, promptTokens, marked).map((chunk) => ({ ...chunk, ...head }));
}

function candidateChunks(
	pieces: string[],
	finishReason: string,
	promptTokens: number,
	marked: ReplyOverride,
): ReplyChunk[] {
	const chunks: ReplyChunk[] = [];
	let spoken = "";
	if (marked.thought !== undefined) {
		const parts = [{ text: marked.thought, thought: true }];
		chunks.push({
			candidates: [{ content: { role: "model", parts }, index: 0 }],
			usageMetadata: usage(promptTokens, 0),
		});
	}
	for (const text of pieces) {
		spoken += text;
		const content = { role: "model" as const, parts: [{ text }] };
		const finish = marked.chunk_finish_reason === undefined ? {} : { finishReason: marked.chunk_finish_reason };
		chunks.push({
			candidates: [{ content, ...finish, index: 0 }],
			usageMetadata: usage(promptTokens, tokensOf(spoken)),
		});
	}
	const end: Part = { text: "", thoughtSignature: "c3RhbmQtaW4=" };
	const content = pieces.length === 0 ? {} : { content: { role: "model" as const, parts: [end] } };
	const usageMetadata = { ...usage(promptTokens, tokensOf(spoken)), ...marked.usage };
	return [...chunks, { candidates: [{ ...content, finishReason, index: 0 }], usageMetadata }];
}

/** Markers in the visitor's text that switch the answer by hand. */
function markedReply(question: string, request: unknown): ReplyOverride {
	if (question.includes("[[blocked]]")) return { block_reason: "PROHIBITED_CONTENT" };
	if (question.includes("[[safety]]")) return { no_content: true, finish_reason: "SAFETY" };
	if (question.includes("[[empty]]")) return { no_content: true };
	if (question.includes("[[max]]")) return { finish_reason: "MAX_TOKENS" };
	if (question.includes("[[echo]]")) return { text: instructionOf(request) || "(no system instruction)" };
	if (question.includes("[[html]]")) return { text: HOSTILE_REPLY };
	return {};
}

/** `[[...]]` makes an answer stream as slowly as it takes to do something meanwhile. It has no word, which would be looked for. */
export function isSlow(request: unknown): boolean {
	return lastUserText(request).includes("[[...]]");
}

function friendly(question: string): string {
	const quote = question.length > MAX_QUOTE_CHARS ? `${question.slice(0, MAX_QUOTE_CHARS).toWellFormed()}…` : question;
	return `You asked: “${quote}”. This is the local stand-in for Gemini, so here is a short, friendly answer: thank you for your question, we are glad to help.`;
}

function ownPieces(
	request: unknown,
	question: string,
	text: string | undefined,
	answersFromPassages: boolean,
): string[] {
	if (text !== undefined || !answersFromPassages) return inPieces(text ?? friendly(question), WORDS_PER_CHUNK);
	return inPieces(talk(request), WORDS_PER_SPOKEN_CHUNK);
}

function inPieces(text: string, wordsPerPiece: number): string[] {
	const words = text.match(/\s*\S+\s*$|\s*\S+/g) ?? [text];
	const pieces: string[] = [];
	for (let start = 0; start < words.length; start += wordsPerPiece) {
		pieces.push(words.slice(start, start + wordsPerPiece).join(""));
	}
	return pieces;
}

/** Cuts the reply where maxOutputTokens ends it. */
function limited(
	pieces: string[],
	request: unknown,
	marked: ReplyOverride,
): { pieces: string[]; finishReason: string } {
	const config = isRecord(request) ? (request.generationConfig ?? request.generation_config) : undefined;
	const tokens = isRecord(config) ? Number(config.maxOutputTokens ?? config.max_output_tokens ?? Infinity) : Infinity;
	const kept: string[] = [];
	let room = tokens * CHARS_PER_TOKEN;
	for (const piece of pieces) {
		if (room <= 0) break;
		kept.push(piece.slice(0, room).toWellFormed());
		room -= piece.length;
	}
	const finishReason = marked.finish_reason ?? (room < 0 ? "MAX_TOKENS" : "STOP");
	return { pieces: kept, finishReason };
}

function usage(promptTokenCount: number, candidatesTokenCount: number): Record<string, unknown> {
	const promptTokensDetails = [{ modality: "TEXT", tokenCount: promptTokenCount }];
	const totalTokenCount = promptTokenCount + candidatesTokenCount;
	return { promptTokenCount, candidatesTokenCount, totalTokenCount, promptTokensDetails };
}

function tokensOf(text: string): number {
	return Math.ceil(text.length / CHARS_PER_TOKEN);
}

function lastUserText(request: unknown): string {
	const contents = isRecord(request) && Array.isArray(request.contents) ? request.contents : [];
	return partsText(contents.at(-1));
}

function allText(request: unknown): string {
	const contents = isRecord(request) && Array.isArray(request.contents) ? request.contents : [];
	return instructionOf(request) + contents.map(partsText).join("");
}
