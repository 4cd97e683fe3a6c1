import { describe, expect, it } from "vitest";
import { ERROR_STATUS } from "../../../lib/http/errors.ts";
import { ROOT } from "../../root.ts";
import { readMessages } from "../messages.ts";
import { NEXT_STEPS } from "../next-steps.ts";

const MESSAGES = readMessages(`${ROOT}/workers`);
const CODES = Object.keys(ERROR_STATUS).sort();

/** Whose words are no sentence of ours: a customer's own `limit_message`, and an answer of the model's that was none. */
const WORDS_OF_OTHERS = [
	"X chat/gemini/no-answer.ts",
	"budget_exhausted lib/usage/usage.ts",
	"quota_exceeded lib/usage/usage.ts",
];

const TO_DO =
	/\b(?:add|ask|begin|cancel|change|check|choose|come back|contact|copy|correct|delete|end|erase|is free at|leave|lists|look at|must|name|please|put|read|renew|run|send|serve|show|sign in|switch|take|tell|try|use|wait|write)\b/i;
/** Stripe is named to those who have an account there: operators and staff. */
const NOT_FOR_CALLERS =
	/gemini|google|vertex|elevenlabs|clerk|cloudflare|\bD1\b|\bSQL|exception|undefined|null\b(?!\.)/i;

describe("the message of an error", () => {
	it("is found for every code, and in the source but for the words of others", () => {
		expect([...new Set(MESSAGES.map(({ code }) => code))].filter((code) => code !== "X").sort()).toEqual(CODES);
		const open = MESSAGES.filter(({ text }) => text === undefined).map(({ code, file }) => `${code} ${file}`);
		expect([...new Set(open)].sort()).toEqual(WORDS_OF_OTHERS);
	});

	const texts = MESSAGES.flatMap(({ code, text }) => (text === undefined ? [] : [[code, text] as const]));

	it.each(texts)("of %s is one sentence that says what to do: %s", (_, text) => {
		expect(text).toMatch(/^[A-Z].*[^.!?]\.$/s);
		expect(text).not.toMatch(/[.!?]\s+[A-Z]|\n|\s{2}/);
		expect(text).toMatch(TO_DO);
		expect(text).not.toMatch(NOT_FOR_CALLERS);
		expect(text.length).toBeLessThanOrEqual(200);
	});
});

describe("the next step", () => {
	it.each(CODES)("of %s is sentences that say what to do", (code) => {
		const step = Object.entries(NEXT_STEPS).find(([name]) => name === code)?.[1];
		expect(step?.means).toMatch(/^[A-Z].*\.$/);
		expect(step?.next).toMatch(/^[A-Z].*\.$/);
		expect(step?.next).toMatch(TO_DO);
	});

	it("says of each code whether there is a time to come back, as the source has it", () => {
		const found = CODES.map((code) => {
			const times = new Set(MESSAGES.filter((one) => one.code === code).map(({ hasRetryAfter }) => hasRetryAfter));
			if (times.size === 2) return [code, "sometimes"];
			return [code, times.has(true) ? "always" : "never"];
		});
		expect(found).toEqual(
			Object.entries(NEXT_STEPS)
				.map(([code, { retryAfter }]) => [code, retryAfter])
				.sort(),
		);
	});
});
