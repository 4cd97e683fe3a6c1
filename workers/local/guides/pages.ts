import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../root.ts";

/** Every page that is written for readers, from the repository's top: the README first, since the others go on from it. */
export const PAGES: readonly string[] = [
	"README.md",
	...["tutorial", "dashboard", "embedding", "staff", "operator", "privacy", "reference", "contributing"].map(
		(name) => `workers/docs/${name}.md`,
	),
];

/** The pages that there are, whether they are listed or not. */
export function pagesThere(): string[] {
	return ["README.md", ...globSync("workers/docs/*.md", { cwd: ROOT })];
}

export function readPage(path: string): string {
	return readFileSync(join(ROOT, path), "utf8");
}

/** A fenced block of a page. */
export interface Block {
	/** What stands behind its fence, such as `sh local`. */
	info: string;
	text: string;
	/** Its first line within the page, from 1. */
	line: number;
}

/** The fenced blocks of a page, in their order. */
export function blocksOf(markdown: string): Block[] {
	return [...markdown.matchAll(/^```([\w ]*)\n([\s\S]*?)\n?^```$/gm)].map(({ 1: info = "", 2: text = "", index }) => ({
		info,
		text,
		line: markdown.slice(0, index).split("\n").length,
	}));
}

/** Commands of a page that run as they stand, with what they are shown to answer. */
export interface Step {
	/** Where it stands, for whoever looks for what went wrong. */
	place: string;
	command: string;
	/** JSON or text. */
	answer?: { format: string; text: string };
}

/** What a page's reader would run on their own machine, in order: blocks marked `sh local`, and the local column of tables. */
export function localSteps(path: string): Step[] {
	const markdown = readPage(path);
	const blocks = blocksOf(markdown);
	const ofBlocks = blocks.flatMap(({ info, text, line }, index) => {
		if (info !== "sh local") return [];
		const next = blocks[index + 1];
		const [format = "", mark] = next?.info.split(" ") ?? [];
		const step: Step = { place: `${path}:${line}`, command: text };
		return mark === "answer" && next !== undefined ? [{ ...step, answer: { format, text: next.text } }] : [step];
	});
	return [...ofBlocks, ...tableSteps(path, markdown)];
}

/** The rows of tables that have a column `local` with commands. One that needs a variable has its value in a second span. */
function tableSteps(path: string, markdown: string): Step[] {
	const lines = markdown.split("\n");
	let column = -1;
	return lines.flatMap((line, index) => {
		const cells = line.startsWith("|") ? line.split(/(?<!\\)\|/).map((cell) => cell.trim()) : [];
		if (cells.length === 0 || cells.includes("local")) column = cells.indexOf("local");
		const spans = Array.from((cells[column] ?? "").matchAll(/`([^`]+)`/g), ([, span = ""]) => span);
		const commands = spans.filter((span) => /\bcurl\b/.test(span));
		return commands.length === 0 ? [] : [{ place: `${path}:${index + 1}`, command: commands.reverse().join("\n") }];
	});
}
