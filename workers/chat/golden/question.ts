import { isObject, parseJson } from "../../lib/http/json.ts";

/** What a golden question's answer should be: one that says something, that the bot does not know, or the fixed text of a danger. */
type Expectation = "answer" | "unanswered" | "safety";

/** A question with a known right answer, as the portal has stored it. */
export interface GoldenQuestion {
	question: string;
	/** Texts that the answer must hold, in any case. */
	mustContain: string[];
	mustNotContain: string[];
	/** Title or URL of what the answer must rest on; null = anything. */
	source: string | null;
	expect: Expectation;
}

/** The question of a row; undefined when it is none, as only a change by hand can make it. */
export function parseGoldenQuestion(text: string): GoldenQuestion | undefined {
	const value = parseJson(text);
	if (!isObject(value) || typeof value["question"] !== "string") return undefined;
	const { question, source, expect } = value;
	return {
		question,
		mustContain: textsOf(value["must_contain"]),
		mustNotContain: textsOf(value["must_not_contain"]),
		source: typeof source === "string" ? source : null,
		expect: expect === "unanswered" || expect === "safety" ? expect : "answer",
	};
}

function textsOf(value: unknown): string[] {
	return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}
