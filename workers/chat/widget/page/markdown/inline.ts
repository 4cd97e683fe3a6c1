import { el } from "../view/dom.ts";
import { WEB, WEB_MAIL_AND_PHONE, safeLink } from "./link.ts";

/** Where something other than plain text may begin. */
const MARK = /[\\`*]|!?\[|https?:\/\//gi;
const ESCAPED = /[\\`*_[\]()#+.!~>-]/;
/** The address may hold one level of brackets. Every part ends where the next could begin, so a text costs its length once. */
const LINK = /(!?)\[([^[\]\n]{0,300})\]\(((?:[^()\s]|\([^()\s]*\)){1,2000})\)/y;
const ADDRESS = /https?:\/\/[^\s<>"'`*]{1,2000}/iy;
const AFTER_ADDRESS = ".,;:!?]}";

/** What was found at a mark: what to show in its place, and where the text goes on. */
interface Found {
	nodes: (Node | string)[];
	end: number;
}

/** Bold, italic, code and links of one line, as nodes. What is not well formed stays as it is written. */
export function inline(text: string, isInLink = false): (Node | string)[] {
	const nodes: (Node | string)[] = [];
	let shown = 0;
	let at = 0;
	for (;;) {
		MARK.lastIndex = at;
		const mark = MARK.exec(text);
		if (mark === null) break;
		const found = atMark(text, mark.index, mark[0], isInLink);
		at = found?.end ?? mark.index + mark[0].length;
		if (found === null) continue;
		nodes.push(text.slice(shown, mark.index), ...found.nodes);
		shown = at;
	}
	return [...nodes, text.slice(shown)];
}

function atMark(text: string, start: number, mark: string, isInLink: boolean): Found | null {
	switch (mark) {
		case "\\": {
			const next = text.charAt(start + 1);
			return ESCAPED.test(next) ? { nodes: [next], end: start + 2 } : null;
		}
		case "`": {
			const close = text.indexOf("`", start + 1);
			return close <= start + 1 ? null : { nodes: [el("code", {}, text.slice(start + 1, close))], end: close + 1 };
		}
		case "*":
			return text.startsWith("**", start)
				? emphasis(text, start, "**", isInLink)
				: emphasis(text, start, "*", isInLink);
		default:
			if (isInLink) return null;
			return mark.endsWith("[") ? linkAt(text, start) : addressAt(text, start);
	}
}

/** From one mark to the next of its kind; spaces just within them are no emphasis but, say, a multiplication. */
function emphasis(text: string, start: number, mark: "*" | "**", isInLink: boolean): Found | null {
	const from = start + mark.length;
	let close = text.indexOf(mark, from);
	if (close <= from) return null;
	// The first of three asterisks ends what is italic within.
	if (mark === "**" && text.charAt(close + 2) === "*") close++;
	const within = text.slice(from, close);
	if (within !== within.trim()) return null;
	return { nodes: [el(mark === "**" ? "strong" : "em", {}, ...inline(within, isInLink))], end: close + mark.length };
}

function linkAt(text: string, start: number): Found | null {
	LINK.lastIndex = start;
	const match = LINK.exec(text);
	if (match === null) return null;
	const [source, bang = "", label = "", address = ""] = match;
	const end = start + source.length;
	// An image is a request that the page never asked for, so it is its words.
	if (bang === "!") return { nodes: [label], end };
	const link = label === "" ? null : safeLink(address, WEB_MAIL_AND_PHONE, ...inline(label, true));
	return { nodes: [link ?? source], end };
}

function addressAt(text: string, start: number): Found | null {
	ADDRESS.lastIndex = start;
	const source = ADDRESS.exec(text)?.[0] ?? "";
	let length = source.length;
	while (length > 0 && isAfter(source, length - 1)) length--;
	const address = source.slice(0, length);
	const link = safeLink(address, WEB, address);
	return link === null ? null : { nodes: [link], end: start + length };
}

/** Whether a character is the sentence's rather than the address's. */
function isAfter(source: string, index: number): boolean {
	const character = source.charAt(index);
	return AFTER_ADDRESS.includes(character) || (character === ")" && !source.includes("("));
}
