import { cardIn } from "./numbers.ts";
import type { Found } from "./rule.ts";

/** Digits as cards group them; what goes on behind a card (its date) may be taken along at first. */
const RUN = /(?<![\d-])\d(?:[ .-]{0,2}\d){13,24}/g;
/** What a network's numbers begin with. */
const FIRST = /[2-6]/;
const NEXT_GROUP = /[ .-]\d/g;

/** Card numbers in a folded text, wherever in a run of digits they begin. */
export function foundCards(text: string): Found[] {
	const found: Found[] = [];
	for (const { 0: run, index } of text.matchAll(RUN)) {
		const groups = [0, ...[...run.matchAll(NEXT_GROUP)].map(({ index: gap }) => gap + 1)];
		const starts = groups.filter((start) => FIRST.test(run.charAt(start)));
		for (const start of starts) {
			const card = cardIn(run.slice(start));
			if (card === undefined) continue;
			found.push({ start: index + start, end: index + start + card.length, mark: "card" });
			break;
		}
	}
	return found;
}
