import { isDigit, isSpacedWord, isWord } from "./characters.ts";
import { APART, JOIN } from "./pauses.ts";

/** Marks that may open emphasis or a deletion, not yet closed. */
interface Opener {
	/** Its place among the pieces of the text. */
	index: number;
	left: number;
	/** Right behind a word, as in `word**bold**`: two words then. */
	isTight: boolean;
}

/** What a run of marks stands between. */
interface Run {
	mark: string;
	length: number;
	before: string;
	after: string;
}

const ENDS_OPERAND = /[)\]}%\p{Sc}]/u;

/**
 * Finds the marks of emphasis and deletion among runs of `*`, `_` and `~`; all others are text, since `2*500mg*3` is a
 * dose. Stricter than CommonMark where words and numbers touch a mark, looser where a script sets no spaces.
 */
export class Emphasis {
	private readonly pieces: string[];
	private readonly openers: Record<string, Opener[]> = { "*": [], _: [], "~": [] };

	/** @param pieces of the text so far, to which the runs are added; a mark becomes JOIN or APART */
	constructor(pieces: string[]) {
		this.pieces = pieces;
	}

	add(run: Run): void {
		const { mark, length, after } = run;
		const openers = this.openers[mark] ?? [];
		if (mark === "~" && length !== 2) {
			this.pieces.push(mark.repeat(length));
			return;
		}
		const left = canClose(run) ? this.close(openers, length, after) : length;
		if (left === length && canOpen(run)) {
			openers.push({ index: this.pieces.length, left, isTight: isSpacedWord(run.before) });
		}
		const isLost = left === length && length > 1 && canClose(run) && !isSpacedWord(after);
		this.pieces.push(isLost || left === 0 ? JOIN : mark.repeat(left));
	}

	/** Lets the marks meet those that opened. @returns how many of them met none */
	private close(openers: Opener[], length: number, after: string): number {
		let left = length;
		for (let opener = openers.at(-1); opener !== undefined && left > 0; opener = openers.at(-1)) {
			if (opener.isTight && isSpacedWord(after)) break;
			const used = Math.min(opener.left, left);
			left -= used;
			opener.left -= used;
			const rest = (this.pieces[opener.index] ?? "").slice(0, opener.left);
			this.pieces[opener.index] = opener.left > 0 ? rest : opener.isTight ? APART : JOIN;
			if (opener.left > 0) break;
			openers.pop();
		}
		return left;
	}

	/** A bold text that was never closed loses its marks all the same: the answer may have been cut. */
	end(): void {
		for (const { index, left, isTight } of Object.values(this.openers).flat()) {
			if (left > 1 && !isTight) this.pieces[index] = JOIN;
		}
	}
}

function canOpen({ mark, length, before, after }: Run): boolean {
	if (after === "" || /\s/.test(after)) return false;
	if (mark === "_") return !isSpacedWord(before);
	if (length === 1) return !isSpacedWord(before) && !ENDS_OPERAND.test(before);
	return !isDigit(before) && !(ENDS_OPERAND.test(before) && isDigit(after));
}

function canClose({ mark, length, before, after }: Run): boolean {
	if (before === "" || /\s/.test(before)) return false;
	if (mark === "_") return !isSpacedWord(after);
	if (length === 1) return !isSpacedWord(after) || !(isWord(before) || ENDS_OPERAND.test(before));
	return !(isDigit(before) && isDigit(after));
}
