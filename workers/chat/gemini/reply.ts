import { log } from "../../lib/log.ts";
import { GeminiFault } from "../../lib/gemini/fault.ts";
import { EMPTY } from "./no-answer.ts";
import { USAGE_FIELDS } from "./wire.ts";
import type { Chunk, TokenUsage } from "./wire.ts";
import { priced } from "./models.ts";
import type { Model } from "./models.ts";
import type { Finish, ModelUsage } from "./types.ts";
import { believableUsage } from "./usage.ts";
import type { UsageBounds } from "./usage.ts";

/** Cap on an answer's text, UTF-16 units: what is shown and what is stored, so that its row fits into an export. */
export const ANSWER_MAX_CHARS = 20_000;
/** Finish reasons of an answer that may be shown. Any other withholds it, partial text included. */
const SHOWN = new Set(["STOP", "MAX_TOKENS"]);
/** Those that are known to (ai.google.dev/api/generate-content, FinishReason); of one that is new the operator is told. */
const WITHHOLDING = new Set([
	...["SAFETY", "RECITATION", "LANGUAGE", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "CONTINUATION"],
	...["MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS", "MALFORMED_RESPONSE"],
	...["IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION", "IMAGE_OTHER", "NO_IMAGE"],
]);

/** C0 and C1 controls but tab and newline: no reader shows them, and SQL's length() stops at NUL. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what this pattern is for.
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** One call's answer as it comes together. Its text is well-formed, without controls and without leading white space, however it was cut into pieces. */
export interface Reply {
	/** The piece of text that a chunk adds; may be "". */
	add(chunk: Chunk): string;
	/** The piece that was still waiting for its other half. */
	rest(): string;
	/** Whether the vendor keeps prompt or answer back: nothing that fails after that changes it. */
	isWithheld(): boolean;
	/** What it has come to. */
	sum(): ReplySum;
}

export interface ReplySum {
	/** All pieces. */
	text: string;
	/** How it finished; a fault when it did not (truncated) or has no text to show for it (empty). */
	finish: Finish | GeminiFault;
	spent: ModelUsage;
}

const warnedOf = new Set<string>();

/** Once per isolate and model, so that the operator learns of it before the model is gone. */
function warnOfRetirement(model: Model, stage: string): void {
	if (warnedOf.has(model.name)) return;
	warnedOf.add(model.name);
	log("warn", "gemini_model_retiring", { model: model.name, stage });
}

/** @param bounds by which the vendor's counts are believed */
export function createReply(model: Model, bounds: UsageBounds): Reply {
	let whole = "";
	/** Half a surrogate pair that waits for the next piece. */
	let waiting = "";
	let isCut = false;
	let usage: TokenUsage = {};
	/** Of the text so far: a reason on a chunk in the middle says nothing of what follows it. */
	let finishReason: string | undefined;
	let isWithheld = false;
	const take = (text: string): string => {
		if (isCut) return "";
		const clean = text.toWellFormed().replace(CONTROLS, "");
		const fresh = whole === "" ? clean.trimStart() : clean;
		const fitting = cutTo(fresh, ANSWER_MAX_CHARS - whole.length);
		isCut = fitting.length < fresh.length;
		whole += fitting;
		return fitting;
	};
	return {
		add(chunk) {
			usage = mergedUsage(usage, chunk.usage);
			if (chunk.finishReason !== undefined || chunk.text !== "") finishReason = chunk.finishReason;
			isWithheld ||= chunk.isPromptBlocked || withholds(chunk.finishReason, model);
			if (chunk.retirement !== undefined) warnOfRetirement(model, chunk.retirement);
			if (isWithheld) return "";
			const text = waiting + chunk.text;
			waiting = isHighSurrogate(text.charCodeAt(text.length - 1)) ? text.slice(-1) : "";
			return take(waiting === "" ? text : text.slice(0, -1));
		},
		rest: () => take(waiting),
		isWithheld: () => isWithheld,
		sum() {
			const finish = isWithheld ? "blocked" : finishOf(finishReason, whole !== "");
			return {
				text: whole,
				finish: finish === "stop" && isCut ? "length" : finish,
				spent: priced(model, tokensOf(believableUsage(usage, bounds, model.name))),
			};
		},
	};
}

function isHighSurrogate(unit: number): boolean {
	return unit >= 0xd800 && unit <= 0xdbff;
}

/** @param room UTF-16 units */
function cutTo(text: string, room: number): string {
	if (text.length <= room) return text;
	return text.slice(0, isHighSurrogate(text.charCodeAt(room - 1)) ? room - 1 : room);
}

/** Counts come on several events, cumulative or not: the largest of each field stands. */
function mergedUsage(one: TokenUsage, other: TokenUsage): TokenUsage {
	const merged: TokenUsage = { ...one };
	for (const field of USAGE_FIELDS) {
		const count = other[field];
		if (count !== undefined) merged[field] = Math.max(merged[field] ?? 0, count);
	}
	return merged;
}

function withholds(reason: string | undefined, model: Model): boolean {
	if (reason === undefined || SHOWN.has(reason)) return false;
	if (!WITHHOLDING.has(reason)) log("warn", "gemini_finish_reason_unknown", { model: model.name });
	return true;
}

function finishOf(reason: string | undefined, hasText: boolean): Finish | GeminiFault {
	if (reason === undefined) return new GeminiFault("truncated");
	if (reason === "MAX_TOKENS") return hasText ? "length" : "blocked";
	return hasText ? "stop" : new GeminiFault(EMPTY, { model: "same", waitMs: 0 });
}

/** The prompt's count includes the cached tokens, the answer's does not include the thoughts. */
function tokensOf(usage: TokenUsage): Omit<ModelUsage, "costUsdMicros" | "brakedUsdMicros"> {
	const promptTokens = usage.promptTokenCount ?? 0;
	return {
		inputTokens: promptTokens + (usage.toolUsePromptTokenCount ?? 0),
		cachedTokens: Math.min(usage.cachedContentTokenCount ?? 0, promptTokens),
		outputTokens: (usage.candidatesTokenCount ?? 0) + (usage.thoughtsTokenCount ?? 0),
	};
}
