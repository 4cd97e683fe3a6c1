import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SAFETY_CLASSES } from "../../../lib/site/safeguards.ts";
import type { SafetyClass } from "../../../lib/site/safeguards.ts";

/** What the rules were written with; what nobody looked at meanwhile; and what another hand wrote later, with which they were mended once. */
export const PARTS = ["seen", "unseen", "fresh"] as const;
export type Part = (typeof PARTS)[number];

const HEADING = /^## (\w+)(?: ([12]))?$/;

/** A message with what a careful person says of it. */
export interface Labelled {
	text: string;
	/** null = harmless. */
	class: SafetyClass | null;
	/** 0 = harmless. */
	tier: 0 | 1 | 2;
}

/**
 * The messages of a part: a heading is a class and a tier, or `harmless`; an item below it is a message.
 * @throws {Error} a heading is none of these
 */
export function readLabelled(part: Part): Labelled[] {
	const messages: Labelled[] = [];
	let label: Omit<Labelled, "text"> = { class: null, tier: 0 };
	for (const line of readFileSync(join(import.meta.dirname, `${part}.md`), "utf8").split("\n")) {
		if (line.startsWith("## ")) label = labelOf(line);
		if (line.startsWith("- ")) messages.push({ text: line.slice(2), ...label });
	}
	return messages;
}

function labelOf(line: string): Omit<Labelled, "text"> {
	const [, name, tier] = HEADING.exec(line) ?? [];
	if (name === "harmless") return { class: null, tier: 0 };
	const found = SAFETY_CLASSES.find((one) => one === name);
	if (found === undefined || tier === undefined) throw new Error(`This is no label: ${line}`);
	return { class: found, tier: tier === "1" ? 1 : 2 };
}
