import { terms } from "../../../lib/knowledge/terms.ts";
import { textColumnOrNull } from "../../../lib/d1/row.ts";
import type { Row } from "../../../lib/d1/row.ts";

/** What is shown of the message, about, and how much of that before the first word that was found, UTF-16 units. */
const SHOWN_CHARS = 240;
const BEFORE_CHARS = 60;
/** As `terms` takes words, whole. */
const WORDS = /[\p{L}\p{N}\p{M}]+(?:[-\u2010\u2011][\p{L}\p{N}\p{M}]+)*/gu;

/** A piece of a message. */
interface Part {
	text: string;
	/** It is a word that was searched for, in the form that it has here. */
	found: boolean;
}

/** Where a conversation was found. */
export interface Match {
	message_id: string;
	role: string;
	/** In order; together the piece of the message that is shown. */
	parts: Part[];
}

interface Place {
	start: number;
	end: number;
}

/** Tells which words stand for a term that was searched for: each is looked at once. */
export function finder(sought: readonly string[]): (word: string) => boolean {
	const known = new Map<string, boolean>();
	return (word) => {
		const isFound = known.get(word) ?? terms(word).some((term) => sought.includes(term));
		known.set(word, isFound);
		return isFound;
	};
}

/** @param row with `matched`: JSON of the id, role and text of a message. @returns null where it has none of the words any more */
export function matchOf(row: Row, isFound: (word: string) => boolean): Match | null {
	const matched: unknown = JSON.parse(textColumnOrNull(row, "matched") ?? "null");
	if (!Array.isArray(matched)) return null;
	const [id, role, text]: unknown[] = matched;
	if (typeof id !== "string" || typeof role !== "string" || typeof text !== "string") return null;
	const parts = partsOf(text, isFound);
	return parts.length === 0 ? null : { message_id: id, role, parts };
}

function partsOf(text: string, isFound: (word: string) => boolean): Part[] {
	let shown: Place | undefined;
	const places: Place[] = [];
	for (const { 0: word, index } of text.matchAll(WORDS)) {
		if (shown !== undefined && index + word.length > shown.end) break;
		if (!isFound(word)) continue;
		shown ??= shownAround(text, index, index + word.length);
		places.push({ start: index, end: Math.min(index + word.length, shown.end) });
	}
	return shown === undefined ? [] : cut(text, shown, places);
}

/** From and to a place between words, where there is one near. */
function shownAround(text: string, start: number, end: number): Place {
	const from = Math.max(0, start - BEFORE_CHARS);
	const blank = from === 0 ? -1 : text.indexOf(" ", from);
	const first = from === 0 ? 0 : blank === -1 || blank >= start ? start : blank + 1;
	const to = Math.max(first + SHOWN_CHARS, Math.min(end, start + SHOWN_CHARS));
	if (to >= text.length) return { start: first, end: text.length };
	const last = text.lastIndexOf(" ", to);
	const isWithin = last >= end;
	return { start: first, end: isWithin ? last : to - (isHighSurrogate(text, to - 1) ? 1 : 0) };
}

function isHighSurrogate(text: string, at: number): boolean {
	const unit = text.charCodeAt(at);
	return unit >= 0xd800 && unit <= 0xdbff;
}

function cut(text: string, shown: Place, places: readonly Place[]): Part[] {
	const parts: Part[] = [];
	let at = shown.start;
	for (const { start, end } of places) {
		parts.push({ text: text.slice(at, start), found: false }, { text: text.slice(start, end), found: true });
		at = end;
	}
	parts.push({ text: text.slice(at, shown.end), found: false });
	return parts.filter(({ text: piece }) => piece !== "");
}
