import { GeminiFault, faultIn } from "../../lib/gemini/fault.ts";
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

/** The counts of a UsageMetadata that are read. */
export const USAGE_FIELDS = [
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
	/** undefined when it says none: absent, empty or its enumeration's unspecified value, as chunks in the middle have it. */
	finishReason: string | undefined;
	/** The prompt was blocked: there are no candidates. */
	isPromptBlocked: boolean;
	usage: TokenUsage;
	/** LEGACY, DEPRECATED or RETIRED when the model is about to go. */
	retirement: string | undefined;
}

/**
 * A response as text on the wire.
 * @throws {GeminiFault} malformed; or the error that may come after a 200, alone, in a list, or beside a text
 */
export function parseChunk(json: string): Chunk {
	const value = parsed(json);
	const [candidate] = listOf(fieldOf(value, "candidates"));
	return {
		text: textOf(fieldOf(candidate, "content")),
		finishReason: finishReasonOf(candidate),
		isPromptBlocked: typeof fieldOf(fieldOf(value, "promptFeedback"), "blockReason") === "string",
		usage: usageOf(fieldOf(value, "usageMetadata")),
		retirement: retirementOf(fieldOf(fieldOf(value, "modelStatus"), "modelStage")),
	};
}

function parsed(json: string): object {
	let value: unknown;
	try {
		value = JSON.parse(json);
	} catch {
		// Told like anything else that is no object.
	}
	const fault = faultIn(value);
	if (fault !== undefined) throw fault;
	if (typeof value !== "object" || value === null || Array.isArray(value)) throw new GeminiFault("malformed");
	return value;
}

function finishReasonOf(candidate: unknown): string | undefined {
	const reason = fieldOf(candidate, "finishReason");
	return typeof reason === "string" && reason !== "" && reason !== "FINISH_REASON_UNSPECIFIED" ? reason : undefined;
}

/** A field of what should be an object; any of them may be absent, whatever the finish reason. */
function fieldOf(value: unknown, name: string): unknown {
	return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

function listOf(value: unknown): unknown[] {
	return Array.isArray(value) ? value : [];
}

/** The parts of a content joined, thoughts left out. */
function textOf(content: unknown): string {
	let text = "";
	for (const part of listOf(fieldOf(content, "parts"))) {
		const piece = fieldOf(part, "text");
		if (typeof piece === "string" && fieldOf(part, "thought") !== true) text += piece;
	}
	return text;
}

function usageOf(value: unknown): TokenUsage {
	const usage: TokenUsage = {};
	for (const field of USAGE_FIELDS) {
		const count = fieldOf(value, field);
		if (typeof count === "number" && Number.isSafeInteger(count) && count >= 0) usage[field] = count;
	}
	return usage;
}

function retirementOf(stage: unknown): string | undefined {
	return stage === "LEGACY" || stage === "DEPRECATED" || stage === "RETIRED" ? stage : undefined;
}
