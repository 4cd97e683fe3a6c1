import { definedLabel, footnote } from "./link.ts";
import { cells, isDelimiter } from "./table.ts";

/** A heading, an item, a row of a table, a paragraph or a piece of code. */
export interface Block {
	/** One, but for a table's row. */
	cells: string[];
	isCode: boolean;
}

interface Blocks {
	blocks: Block[];
	/** Of references and footnotes. */
	labels: Set<string>;
}

/**
 * What stands before the words: quotations and the marks of lists, in any nesting. A number is no mark, it is spoken, and
 * `> 38.5 °C` is no quotation.
 */
const MARKS = /^(?:\s*(?:>(?!=|\s*[\d\p{Sc}])|[-*+•◦‣▪](?=\s)))*\s*/u;
const NUMBERED = /^\d{1,9}[.)](?=\s|$)/;
const TASK = /^(\d{1,9}[.)] +)?\[[ xX]\](?=\s|$)/;
const HEADING = /^#{1,6}(?=\s|$)/;
/** Rules, the line under a heading, the frame of a table: marks alone. */
const RULE = /^(?:[-=_*|:+#\s]{3,}|[-=]{1,2}|[*+])$/;
const FENCE = /^(`{3,}|~{3,})([^`]*)$/;
const LANGUAGE = /^[\w+#.-]{1,30}$/;
const MARKDOWN = /^(?:md|markdown)$/i;

interface Line {
	/** As written. */
	raw: string;
	/** Without the marks before it. */
	text: string;
	/** Begins an item or a quotation. */
	isMarked: boolean;
}

/** Divides a text into blocks, line by line. */
export function blocksOf(source: string): Blocks {
	const lines = source.split("\n").map(lineOf);
	const reader = new BlockReader(lines);
	return reader.read();
}

function lineOf(raw: string): Line {
	const marks = MARKS.exec(raw)?.[0] ?? "";
	const text = raw.slice(marks.length).trimEnd();
	return { raw, text, isMarked: marks.trim() !== "" || NUMBERED.test(text) };
}

class BlockReader {
	private readonly lines: readonly Line[];
	private readonly blocks: Block[] = [];
	private readonly labels = new Set<string>();
	private readonly skipped = new Set<number>();
	/** By its mark: the shortest fence that is known to have no end. */
	private readonly endless = new Map<string, number>();
	private paragraph: string[] = [];

	constructor(lines: readonly Line[]) {
		this.lines = lines;
	}

	read(): Blocks {
		let at = 0;
		while (at < this.lines.length) at = this.skipped.has(at) ? this.leave(at + 1) : this.take(at);
		this.flush();
		return { blocks: this.blocks, labels: this.labels };
	}

	/** Takes the block or the line of a paragraph that begins here; returns where to go on. */
	private take(at: number): number {
		const { text, isMarked } = this.lines[at] ?? { text: "", isMarked: false };
		const fence = FENCE.exec(text);
		if (fence !== null) return this.fenced(at, fence[1] ?? "", (fence[2] ?? "").trim());
		if (text.startsWith("|") || this.isHead(at)) return this.table(at);
		if (text === "" || RULE.test(text)) return this.leave(at + 1);
		if (HEADING.test(text)) {
			this.flush();
			this.block([withoutHashes(text)]);
			return at + 1;
		}
		if (this.isDefinition(text)) return at + 1;
		if (isMarked) this.flush();
		this.paragraph.push(isMarked ? text.replace(TASK, "$1") : text);
		return at + 1;
	}

	private isHead(at: number): boolean {
		const next = this.lines[at + 1];
		return next !== undefined && isDelimiter(next.text) && (this.lines[at]?.text.includes("|") ?? false);
	}

	private table(from: number): number {
		this.flush();
		let at = from;
		for (; at < this.lines.length; at++) {
			const row = this.lines[at]?.text ?? "";
			if (!row.includes("|")) break;
			if (!RULE.test(row)) this.block(cells(row));
		}
		return at;
	}

	private isDefinition(text: string): boolean {
		if (!text.startsWith("[")) return false;
		const note = footnote(text);
		const label = note?.label ?? definedLabel(text);
		if (label === null) return false;
		this.flush();
		this.labels.add(label);
		if (note !== null) this.paragraph.push(note.text);
		return true;
	}

	/** Code to its end. A fence that never ends is a mark like any other, and what follows it is read as it stands. */
	private fenced(at: number, fence: string, info: string): number {
		this.flush();
		const end = this.fenceEnd(at, fence);
		if (end < 0 || !LANGUAGE.test(info)) this.block([info]);
		if (end < 0) return at + 1;
		if (MARKDOWN.test(info)) {
			this.skipped.add(end);
			return at + 1;
		}
		const isQuoted = (this.lines[at]?.raw ?? "").trimStart().startsWith(">");
		const within = this.lines.slice(at + 1, end).map(({ raw }) => (isQuoted ? raw.replace(/^\s*> ?/, "") : raw).trim());
		this.block([within.filter((line) => line !== "").join("\n")], true);
		return end + 1;
	}

	private fenceEnd(at: number, fence: string): number {
		const mark = fence.charAt(0);
		if (fence.length >= (this.endless.get(mark) ?? Number.POSITIVE_INFINITY)) return -1;
		for (let end = at + 1; end < this.lines.length; end++) {
			const { text } = this.lines[end] ?? { text: "" };
			if (text.startsWith(fence) && text === mark.repeat(text.length)) return end;
		}
		this.endless.set(mark, fence.length);
		return -1;
	}

	private leave(next: number): number {
		this.flush();
		return next;
	}

	private flush(): void {
		if (this.paragraph.length > 0) this.block([this.paragraph.join("\n")]);
		this.paragraph = [];
	}

	private block(texts: string[], isCode = false): void {
		if (texts.some((text) => text !== "")) this.blocks.push({ cells: texts, isCode });
	}
}

/** A heading without the marks before it and, where there are some, behind it. */
function withoutHashes(text: string): string {
	const words = text.replace(/^#+\s*/, "");
	let end = words.length;
	while (words.charAt(end - 1) === "#") end--;
	return end === 0 || words.charAt(end - 1) === " " ? words.slice(0, end).trimEnd() : words;
}
