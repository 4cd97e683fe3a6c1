import { exportedBytes } from "../../../lib/d1/exported-size.ts";
import { checkedText } from "../../../lib/http/fields.ts";
import { isObject } from "../../../lib/http/json.ts";
import {
	AUDIENCES,
	CONSENT_MODES,
	PRIVACY_MODES,
	PROVIDER_POLICIES,
	SAFETY_CLASSES,
} from "../../../lib/site/safeguards.ts";
import type { SafetyPhrase } from "../../../lib/site/safeguards.ts";
import { httpsUrl, jsonText, nullable, oneOf } from "../../request/patch-rules.ts";
import type { Rule, Verdict } from "../../request/patch-rules.ts";
import { COUNTRIES } from "./countries.ts";
import { claimsToBeAPerson } from "./notice-claims.ts";
import type { SafeguardField } from "./safeguard-fields.ts";

export const MAX_URL_CHARS = 500;
export const MAX_NOTICE_CHARS = 500;
export const MAX_EMERGENCY_CHARS = 500;
export const MAX_PHONE_CHARS = 30;
export const MAX_PATHS = 50;
export const MAX_PATH_CHARS = 80;
export const MAX_PHRASES = 100;
export const MAX_PHRASE_CHARS = 80;
/** What all phrases may take where a version holds them, as JSON within JSON, bytes of an export. 100 of 80 plain letters fit. */
export const MAX_PHRASES_BYTES = 14_500;

/** Anyone who may write sets them, staff and admins alike. */
export const SAFEGUARD_RULES: Record<SafeguardField, Rule> = {
	privacy: nullable(oneOf(PRIVACY_MODES)),
	consent: nullable(oneOf(CONSENT_MODES)),
	audience: nullable(oneOf(AUDIENCES)),
	ai_notice: nullable(aiNotice),
	privacy_url: nullable(httpsUrl(MAX_URL_CHARS)),
	terms_url: nullable(httpsUrl(MAX_URL_CHARS)),
	hidden_paths: nullable(hiddenPaths),
	emergency_number: nullable(phoneNumber),
	emergency_text: nullable(jsonText(MAX_EMERGENCY_CHARS)),
	country: nullable(country),
	safety_phrases: nullable(safetyPhrases),
	provider_policy: nullable(oneOf(PROVIDER_POLICIES)),
};

/** Text of the org's own that gives its bot out for nobody it is not. */
function aiNotice(value: unknown): Verdict {
	const verdict = jsonText(MAX_NOTICE_CHARS)(value);
	if ("fault" in verdict || !claimsToBeAPerson(String(verdict.stored))) return verdict;
	return {
		fault:
			"must not let the assistant pass for a person or bear a person's title (Dr., MD, RN, nurse, dentist, therapist and the like); write a title only after “not”, “of”, “for”, “at”, “call” or “ask your”, or leave it out",
	};
}

/** Dialled from a link: digits, and what people write between them. */
function phoneNumber(value: unknown): Verdict {
	const text = typeof value === "string" ? value.trim() : "";
	const digits = text.length <= MAX_PHONE_CHARS ? text.replace(/\D/g, "").length : 0;
	const isNumber = digits >= 3 && digits <= 15 && /^\+?[0-9(][0-9 ()./-]*[0-9]$/.test(text);
	return isNumber ? { stored: text } : { fault: "must be a phone number of 3 to 15 digits, such as +1 555 010 0199" };
}

/** As ISO 3166-1 has it: a region that is none of its countries has no emergency numbers. */
function country(value: unknown): Verdict {
	const code = typeof value === "string" && value.length === 2 ? value.toUpperCase() : "";
	return COUNTRIES.has(code) ? { stored: code } : { fault: "must be a country's code of two letters, such as US" };
}

const PATHS_FAULT = {
	fault: `must be a list of at most ${MAX_PATHS} paths of at most ${MAX_PATH_CHARS} characters such as /kids/*, where * stands for any characters`,
};

function hiddenPaths(value: unknown): Verdict {
	if (!Array.isArray(value) || value.length > MAX_PATHS) return PATHS_FAULT;
	const paths: string[] = [];
	for (const item of value) {
		const path = pathPattern(item);
		if (path === undefined) return PATHS_FAULT;
		paths.push(path);
	}
	return { stored: JSON.stringify([...new Set(paths)]) };
}

/** A pattern as it is held against `location.pathname`: in the form that a browser gives a path; undefined when it is none. */
function pathPattern(value: unknown): string | undefined {
	if (typeof value !== "string" || value.length > MAX_PATH_CHARS) return undefined;
	const text = value.trim();
	// A URL parser drops line breaks, reads \ as /, and // as the beginning of a host.
	if (!/^\/(?!\/)[^\s?#\\\p{Cc}]*$/u.test(text) || !text.isWellFormed()) return undefined;
	const { pathname } = new URL(text, "https://page.invalid");
	return pathname.length <= MAX_PATH_CHARS ? pathname : undefined;
}

const PHRASES_FAULT = {
	fault: `must be a list of at most ${MAX_PHRASES} objects {"phrase","class"}, each phrase a single line of 2 to ${MAX_PHRASE_CHARS} characters with two letters at least and none twice, each class one of ${SAFETY_CLASSES.join(", ")}`,
};

function safetyPhrases(value: unknown): Verdict {
	if (!Array.isArray(value) || value.length > MAX_PHRASES) return PHRASES_FAULT;
	const phrases: SafetyPhrase[] = [];
	const known = new Set<string>();
	for (const item of value) {
		const phrase = safetyPhrase(item);
		if (phrase === undefined) return PHRASES_FAULT;
		phrases.push(phrase);
		known.add(phrase.phrase.toLowerCase());
	}
	if (known.size < phrases.length) return PHRASES_FAULT;
	const stored = JSON.stringify(phrases);
	if (exportedBytes(JSON.stringify(stored)) > MAX_PHRASES_BYTES)
		return { fault: `must take at most ${MAX_PHRASES_BYTES} bytes in all; shorten some or leave some out` };
	return { stored };
}

/** Two letters at least: what is shorter stands in every second message. */
function safetyPhrase(item: unknown): SafetyPhrase | undefined {
	if (!isObject(item) || Object.keys(item).length !== 2) return undefined;
	const name = SAFETY_CLASSES.find((one) => Object.hasOwn(item, "class") && one === item["class"]);
	const checked = checkedText(Object.hasOwn(item, "phrase") ? item["phrase"] : undefined, {
		min: 2,
		max: MAX_PHRASE_CHARS,
		stored: "line",
	});
	if (name === undefined || !("text" in checked) || !/\p{L}.*\p{L}/u.test(checked.text)) return undefined;
	return { phrase: checked.text, class: name };
}
