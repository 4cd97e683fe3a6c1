import { entityAt } from "./entities.ts";

/** Longest address, UTF-16 units; what is longer is cut here and read on as text. */
const MAX_CHARS = 4_000;
const MAX_DEPTH = 8;
const IN_ADDRESS = /[!#$%&()+,./\d:;=?@A-Z_a-z~{}\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u024F-]/;
/** A host in another script; without a dot in it nobody could tell it from the words that follow. */
const FOREIGN_HOST = /[\p{L}\p{N}\p{M}-]{1,63}(?:\.[\p{L}\p{N}\p{M}-]{1,63}){1,4}/uy;
const TRAILING = /[.,;:!?_~{}-]/;
const SENTENCE = /[.!?]\p{Lu}(?:\p{Ll}|[^\p{L}\p{N}.]|$)/uy;
const PARAMETER = /[?;][\w.%[\]-]{1,60}=/y;
const LETTER_NEXT = /.\p{L}/uy;

/**
 * Where a bare address ends that begins with a scheme or `www.`; the place itself where it is none. A sentence that goes
 * on without a space is not part of it: what is in doubt is read aloud rather than lost.
 * @param hostAt where the host begins, `www.` included
 */
export function addressEnd(text: string, hostAt: number): number {
	const isForeign = text.charAt(hostAt) > "\u024F" && finds(FOREIGN_HOST, text, hostAt);
	if (!isForeign && !/[a-z\d\u00C0-\u024F]/i.test(text.charAt(hostAt))) return hostAt;
	const walk: Walk = { hostAt, pathAt: -1, brackets: [], queryAt: -1 };
	const from = isForeign ? FOREIGN_HOST.lastIndex : hostAt;
	const limit = Math.min(text.length, hostAt + MAX_CHARS);
	let end = from;
	while (end < limit && goesOn(text, end, walk)) end++;
	end = Math.min(end, walk.brackets[0] ?? end);
	while (end > from && TRAILING.test(text.charAt(end - 1))) end--;
	return end;
}

interface Walk {
	hostAt: number;
	/** Where the path begins, once it has. */
	pathAt: number;
	queryAt: number;
	/** Brackets that are open. */
	brackets: number[];
}

function goesOn(text: string, at: number, walk: Walk): boolean {
	const character = text.charAt(at);
	if (!IN_ADDRESS.test(character)) return false;
	switch (character) {
		case "(":
			return walk.brackets.push(at) <= MAX_DEPTH;
		case ")":
			return walk.brackets.pop() !== undefined;
		case "~":
			return text.charAt(at + 1) !== "~";
		case "-":
			return text.charAt(at + 1) !== "-" || !/\p{L}/u.test(text.charAt(at + 2));
		case "&":
			return !/^[\s<>"']?$/.test(entityAt(text, at)?.text ?? "&");
		case "/":
			if (walk.pathAt < 0) walk.pathAt = at;
			return true;
		default:
			return !isPunctuation(character) || !endsSentence(text, at, walk);
	}
}

function isPunctuation(character: string): boolean {
	return ".,;:!?".includes(character);
}

/** Whether punctuation is the sentence's rather than the address's. */
function endsSentence(text: string, at: number, walk: Walk): boolean {
	const character = text.charAt(at);
	if (character === "?" && walk.queryAt < 0) walk.queryAt = at;
	if (walk.queryAt >= 0 && at > walk.queryAt) return false;
	if (character === "." && text.charAt(at + 1) === ".") return true;
	if (character === ":") return walk.pathAt < 0 && !/\d/.test(text.charAt(at + 1));
	if (character === "." || character === "?" || character === "!") {
		if (character === "!" && finds(LETTER_NEXT, text, at)) return true;
		return isWhole(text, at, walk) && finds(SENTENCE, text, at) && !finds(PARAMETER, text, at);
	}
	return finds(LETTER_NEXT, text, at) && !finds(PARAMETER, text, at);
}

/** Whether the host is complete: `Www.Example.Com` may well be written with capitals. */
function isWhole(text: string, at: number, { hostAt, pathAt }: Walk): boolean {
	if (pathAt >= 0) return true;
	const host = text.slice(hostAt, Math.min(at, hostAt + 255));
	return host.split(".").length > (/^www\./i.test(host) ? 2 : 1) && /[\p{Ll}\d]$/u.test(host);
}

function finds(pattern: RegExp, text: string, at: number): boolean {
	pattern.lastIndex = at;
	return pattern.test(text);
}
