import { isObject, parseJson } from "../../lib/http/json.ts";
import { GeminiFault, errorFault } from "./fault.ts";
import type { Model } from "./models.ts";
import type { Prompt } from "./types.ts";

/** The part of every request that never changes, as JSON. */
const SAFETY_SETTINGS = JSON.stringify(
	["HARASSMENT", "HATE_SPEECH", "SEXUALLY_EXPLICIT", "DANGEROUS_CONTENT"].map((category) => ({
		category: `HARM_CATEGORY_${category}`,
		threshold: "BLOCK_MEDIUM_AND_ABOVE",
	})),
);

/**
 * The body of a request (ai.google.dev/api/generate-content). No sampling knobs: the newest models ignore or refuse them.
 * @param maxOutputTokens thoughts included
 */
export function requestBody(
	{ instructions, messages }: Prompt,
	{ thinkingLevel }: Model,
	maxOutputTokens: number,
): string {
	const changing = JSON.stringify({
		systemInstruction: { parts: [{ text: instructions }] },
		contents: messages.map(({ role, text }) => ({ role: role === "user" ? "user" : "model", parts: [{ text }] })),
		generationConfig: {
			maxOutputTokens,
			...(thinkingLevel === undefined ? {} : { thinkingConfig: { thinkingLevel } }),
		},
	});
	return `${changing.slice(0, -1)},"safetySettings":${SAFETY_SETTINGS}}`;
}

const USAGE_FIELDS = [
	"promptTokenCount",
	"cachedContentTokenCount",
	"candidatesTokenCount",
	"thoughtsTokenCount",
	"toolUsePromptTokenCount",
] as const;

/** Token counts as far as they are known. */
export type TokenUsage = Partial<Record<(typeof USAGE_FIELDS)[number], number>>;

/** One GenerateContentResponse: a whole answer, or one event of a stream. */
export interface Chunk {
	text: string;
	finishReason: string | undefined;
	/** The prompt was blocked: there are no candidates. */
	isPromptBlocked: boolean;
	usage: TokenUsage;
	/** LEGACY, DEPRECATED or RETIRED when the model is about to go. */
	retirement: string | undefined;
}

/**
 * A response as text on the wire.
 * @throws {GeminiFault} malformed; or the error object that a stream may carry after its 200
 */
export function parseChunk(json: string | Uint8Array): Chunk {
	const value = parseJson(json);
	if (!isObject(value)) throw new GeminiFault("malformed");
	if (isObject(value.error)) throw errorFault(Number(value.error.code), value);
	const candidate = Array.isArray(value.candidates) ? first(value.candidates) : {};
	const blockReason = isObject(value.promptFeedback) ? value.promptFeedback.blockReason : undefined;
	return {
		text: candidateText(candidate),
		finishReason: typeof candidate.finishReason === "string" ? candidate.finishReason : undefined,
		isPromptBlocked: typeof blockReason === "string",
		usage: parseUsage(value.usageMetadata),
		retirement: retirement(value.modelStatus),
	};
}

function first(list: unknown[]): Record<string, unknown> {
	return isObject(list[0]) ? list[0] : {};
}

/** The parts joined, thoughts left out. `content` and `parts` may be absent whatever the finish reason. */
function candidateText(candidate: Record<string, unknown>): string {
	const parts = isObject(candidate.content) && Array.isArray(candidate.content.parts) ? candidate.content.parts : [];
	return parts
		.map((part: unknown) => (isObject(part) && typeof part.text === "string" && part.thought !== true ? part.text : ""))
		.join("");
}

function parseUsage(value: unknown): TokenUsage {
	const usage: TokenUsage = {};
	if (!isObject(value)) return usage;
	for (const field of USAGE_FIELDS) {
		const count = value[field];
		if (typeof count === "number" && Number.isSafeInteger(count) && count >= 0) usage[field] = count;
	}
	return usage;
}

/** Counts come on several events, cumulative or not: the largest of each field stands. */
export function mergeUsage(one: TokenUsage, other: TokenUsage): TokenUsage {
	const merged: TokenUsage = { ...one };
	for (const field of USAGE_FIELDS) {
		const count = other[field];
		if (count !== undefined) merged[field] = Math.max(merged[field] ?? 0, count);
	}
	return merged;
}

function retirement(modelStatus: unknown): string | undefined {
	const stage = isObject(modelStatus) ? modelStatus.modelStage : undefined;
	return stage === "LEGACY" || stage === "DEPRECATED" || stage === "RETIRED" ? stage : undefined;
}
