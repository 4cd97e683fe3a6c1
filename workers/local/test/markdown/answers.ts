import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const FOLDER = join(import.meta.dirname, "answers");

/** Answers in the shapes that models give them, parted by a line of `=====`. */
export const ANSWERS: readonly string[] = readdirSync(FOLDER)
	.sort()
	.flatMap((file) => readFileSync(join(FOLDER, file), "utf8").split(/^=====\n/m))
	.map((answer) => answer.trim());

/** The words of a text, marks aside. */
export function wordsIn(text: string): string[] {
	return text.match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** The words of an answer that its reader sees: without addresses of links, languages of code, numbers of items and boxes of tasks. */
export function expectedWords(answer: string): string[] {
	const text = answer
		.replace(/^( *)```.*$/gm, "$1")
		.replace(/\]\((?:[^()"]|\([^()]*\))*(?:"[^"]*")?\)/g, "] ")
		.replace(/^[ >]*(?:[-*+] |\d+[.)] )?(?:\[[ x]\] )?/gm, "")
		.replace(/<br\/?>|&nbsp;/g, " ");
	return wordsIn(text);
}
