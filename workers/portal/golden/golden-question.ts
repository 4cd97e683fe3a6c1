import type { FieldError } from "../../lib/http/errors.ts";
import { checkedText, invalidFields, unknownFields } from "../../lib/http/fields.ts";
import { isObject } from "../../lib/http/json.ts";

/** The most golden questions of an org. */
export const MAX_GOLDEN_QUESTIONS = 100;
export const GOLDEN_QUESTION_CHARS = 500;
export const GOLDEN_TEXT_CHARS = 200;
export const MAX_GOLDEN_TEXTS = 10;
export const GOLDEN_SOURCE_CHARS = 300;
export const EXPECTATIONS = ["answer", "unanswered", "safety"];
const FIELDS = ["question", "must_contain", "must_not_contain", "source", "expect"];

/** A question with a known right answer, as it is stored and shown. */
interface GoldenQuestion {
	question: string;
	must_contain: string[];
	must_not_contain: string[];
	/** Title or URL of what the answer must rest on; null = anything. */
	source: string | null;
	expect: string;
}

/**
 * Reads a list of golden questions whole.
 * @throws {ApiError} invalid_request, naming what is missing, unknown or bad, such as questions.3.expect
 */
export function parseGoldenList(body: Record<string, unknown>): GoldenQuestion[] {
	const faults = unknownFields(body, ["questions"], "a list of golden questions");
	const list = own(body, "questions");
	if (!Array.isArray(list) || list.length > MAX_GOLDEN_QUESTIONS) {
		faults.push({ field: "questions", message: `must be a list of at most ${MAX_GOLDEN_QUESTIONS} questions` });
		throw invalidFields(faults);
	}
	const questions = list.map((item, at) => parseOne(item, `questions.${at}`, faults));
	if (faults.length > 0) throw invalidFields(faults);
	return questions;
}

function own(object: Record<string, unknown>, field: string): unknown {
	return Object.hasOwn(object, field) ? object[field] : undefined;
}

function parseOne(item: unknown, path: string, faults: FieldError[]): GoldenQuestion {
	const object = isObject(item) ? item : {};
	if (!isObject(item)) faults.push({ field: path, message: "must be an object" });
	const unknown = unknownFields(object, FIELDS, "a golden question");
	faults.push(...unknown.map(({ field, message }) => ({ field: `${path}.${field}`, message })));
	const expect = own(object, "expect") ?? "answer";
	const isExpectation = typeof expect === "string" && EXPECTATIONS.includes(expect);
	if (!isExpectation) faults.push({ field: `${path}.expect`, message: `must be one of ${EXPECTATIONS.join(", ")}` });
	const source = own(object, "source") ?? null;
	return {
		question: parseText(own(object, "question"), GOLDEN_QUESTION_CHARS, `${path}.question`, faults),
		must_contain: parseTexts(own(object, "must_contain"), `${path}.must_contain`, faults),
		must_not_contain: parseTexts(own(object, "must_not_contain"), `${path}.must_not_contain`, faults),
		source: source === null ? null : parseText(source, GOLDEN_SOURCE_CHARS, `${path}.source`, faults),
		expect: isExpectation ? expect : "",
	};
}

function parseText(value: unknown, max: number, field: string, faults: FieldError[]): string {
	const checked = checkedText(value, { min: 1, max, stored: "line" });
	if ("text" in checked) return checked.text;
	faults.push({ field, message: checked.fault });
	return "";
}

function parseTexts(value: unknown, field: string, faults: FieldError[]): string[] {
	if (value === undefined) return [];
	if (Array.isArray(value) && value.length <= MAX_GOLDEN_TEXTS)
		return value.map((item, at) => parseText(item, GOLDEN_TEXT_CHARS, `${field}.${at}`, faults));
	faults.push({ field, message: `must be a list of at most ${MAX_GOLDEN_TEXTS} texts` });
	return [];
}
