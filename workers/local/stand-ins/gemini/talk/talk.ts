import { isRecord } from "../../wire.ts";
import { instructionOf, partsText } from "../gemini-text.ts";
import { bestFit } from "./fit.ts";
import { toldIn } from "./passages.ts";
import { ENGLISH, SPANISH, courtesyOf } from "./phrases.ts";
import { inEnglish, isSpanish } from "./spanish.ts";

const MARKER = "[?]";
const TOLD_LANGUAGE = /\b(?:answer|reply|respond|write)\b[^.\n]{0,20}\bin (?<language>spanish|english)\b/i;
const TOLD_CONTACT = /\boffer this contact: "(?<contact>[^"]+)"/;

/**
 * What a model might say to a visitor: the sentences of the passages that it was shown which fit the question best, as they stand
 * there, cited where passages are numbered; that it does not know, marked as the instructions ask for it, where none fits; and a
 * courtesy for a courtesy. It reads what is in the request and nothing else.
 */
export function talk(request: unknown): string {
	const { rules, passages } = toldIn(instructionOf(request));
	const messages = visitorMessages(request);
	const question = messages.at(-1) ?? "";
	const phrases = languageOf(rules, messages) === "spanish" ? SPANISH : ENGLISH;
	const courtesy = courtesyOf(question);
	if (courtesy !== undefined) return phrases[courtesy];
	const [asked = "", ...earlier] = messages
		.map((message) => (isSpanish(message) ? inEnglish(message) : message))
		.reverse();
	const fit = bestFit(asked, earlier.reverse(), passages);
	if (fit === undefined) {
		const contact = TOLD_CONTACT.exec(rules)?.groups?.contact;
		return `${rules.includes(MARKER) ? `${MARKER} ` : ""}${phrases.unknown(contact)}`;
	}
	const { number } = fit.passage;
	return `${phrases.quote(fit.sentences.join(" "))}${number === undefined ? "" : ` [[${number}]]`}`;
}

/** The one that the owner asks for, else the visitor's: a message of a word or two goes on in the language of those before. */
function languageOf(rules: string, messages: readonly string[]): string {
	const told = TOLD_LANGUAGE.exec(rules)?.groups?.language?.toLowerCase();
	if (told !== undefined) return told;
	const newest = messages.at(-1) ?? "";
	const telling = newest.trim().split(/\s+/).length > 2 ? newest : messages.slice(-2).join(" ");
	return isSpanish(telling) ? "spanish" : "english";
}

function visitorMessages(request: unknown): string[] {
	const contents: unknown[] = isRecord(request) && Array.isArray(request.contents) ? request.contents : [];
	return contents.filter((content) => !isRecord(content) || content.role !== "model").map(partsText);
}
