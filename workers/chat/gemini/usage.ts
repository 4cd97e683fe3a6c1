import { log } from "../../lib/log.ts";
import { USAGE_FIELDS } from "./wire.ts";
import type { TokenUsage } from "./wire.ts";

/** UTF-8 bytes of one UTF-16 unit at most; no token is shorter than a byte. */
const MAX_TOKENS_PER_UNIT = 3;
/** What Google puts around a prompt of ours, tokens, and then some. */
const FRAME_TOKENS = 1000;
/** How far a model may overshoot its cap before its count is not believed. */
const OUTPUT_TOLERANCE = 2;

/** What one call can have used at most, tokens. */
export interface UsageBounds {
	input: number;
	output: number;
}

/**
 * @param body of the request, JSON
 * @param maxOutputTokens the cap that it names, thoughts included
 */
export function usageBounds(body: string, maxOutputTokens: number): UsageBounds {
	return {
		input: body.length * MAX_TOKENS_PER_UNIT + FRAME_TOKENS,
		output: maxOutputTokens * OUTPUT_TOLERANCE,
	};
}

/** The counts that the call can have had; any other is logged and left out, so that no mistake of the vendor's is booked. */
export function believableUsage(usage: TokenUsage, bounds: UsageBounds, model: string): TokenUsage {
	const believed: TokenUsage = {};
	for (const field of USAGE_FIELDS) {
		const count = usage[field];
		if (count === undefined) continue;
		if (count <= boundOf(field, bounds)) believed[field] = count;
		else log("error", "gemini_usage_refused", { model, field, bound: boundOf(field, bounds) });
	}
	return believed;
}

function boundOf(field: (typeof USAGE_FIELDS)[number], { input, output }: UsageBounds): number {
	return field === "candidatesTokenCount" || field === "thoughtsTokenCount" ? output : input;
}
