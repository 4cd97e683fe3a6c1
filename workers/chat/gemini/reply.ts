import { log } from "../../lib/log.ts";
import { createTextCleaner } from "./answer-text.ts";
import { EMPTY, GeminiFault } from "./fault.ts";
import { mergeUsage } from "./wire.ts";
import type { Chunk, TokenUsage } from "./wire.ts";
import { priced } from "./models.ts";
import type { Model } from "./models.ts";
import type { Finish, ModelUsage } from "./types.ts";

/** Cap on an answer's text, UTF-16 units. */
const ANSWER_MAX_CHARS = 20_000;
/** Finish reasons that withhold the answer, partial text included (ai.google.dev/api/generate-content, FinishReason). */
const WITHHELD = new Set([
	...["SAFETY", "RECITATION", "LANGUAGE", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII"],
	...["MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS", "MALFORMED_RESPONSE"],
	...["IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION", "IMAGE_OTHER", "NO_IMAGE"],
]);

/** One call's answer as it comes together. */
export interface Reply {
	/** The piece of text that a chunk adds; may be "". */
	add(chunk: Chunk): string;
	/** The piece that was still waiting for its other half. */
	end(): string;
	/** All pieces. */
	text(): string;
	/** Whether the model has said how it finished; whatever fails after that costs nothing. */
	isFinished(): boolean;
	/** How it finished; a fault when it did not (truncated) or has no text to show for it (empty). */
	finish(): Finish | GeminiFault;
	spending(): ModelUsage;
}

const warnedOf = new Set<string>();

/** Once per isolate and model, so that the operator learns of it before the model is gone. */
function warnOfRetirement(model: Model, stage: string): void {
	if (warnedOf.has(model.name)) return;
	warnedOf.add(model.name);
	log("warn", "gemini_model_retiring", { model: model.name, stage });
}

export function createReply(model: Model): Reply {
	const cleaner = createTextCleaner(ANSWER_MAX_CHARS);
	let usage: TokenUsage = {};
	let finishReason: string | undefined;
	let isPromptBlocked = false;
	return {
		add(chunk) {
			usage = mergeUsage(usage, chunk.usage);
			finishReason = chunk.finishReason ?? finishReason;
			isPromptBlocked ||= chunk.isPromptBlocked;
			if (chunk.retirement !== undefined) warnOfRetirement(model, chunk.retirement);
			return cleaner.push(chunk.text);
		},
		end: () => cleaner.end(),
		text: () => cleaner.text(),
		isFinished: () => isPromptBlocked || finishReason !== undefined,
		finish() {
			if (isPromptBlocked) return "blocked";
			const finish = finishOf(finishReason, cleaner.text() !== "", model);
			return finish === "stop" && cleaner.isCut() ? "length" : finish;
		},
		spending: () => priced(model, tokensOf(usage)),
	};
}

function finishOf(reason: string | undefined, hasText: boolean, model: Model): Finish | GeminiFault {
	if (reason === undefined) return new GeminiFault("truncated");
	if (WITHHELD.has(reason)) return "blocked";
	if (reason === "MAX_TOKENS") return hasText ? "length" : "blocked";
	if (!hasText) return new GeminiFault(EMPTY, { model: "same", waitMs: 0 });
	if (reason !== "STOP") log("warn", "gemini_finish_reason_unknown", { model: model.name });
	return "stop";
}

/** The prompt's count includes the cached tokens, the answer's does not include the thoughts. */
function tokensOf(usage: TokenUsage): Omit<ModelUsage, "costUsdMicros"> {
	const promptTokens = usage.promptTokenCount ?? 0;
	return {
		inputTokens: promptTokens + (usage.toolUsePromptTokenCount ?? 0),
		cachedTokens: Math.min(usage.cachedContentTokenCount ?? 0, promptTokens),
		outputTokens: (usage.candidatesTokenCount ?? 0) + (usage.thoughtsTokenCount ?? 0),
	};
}
