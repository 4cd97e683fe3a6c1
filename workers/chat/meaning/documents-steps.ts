import { MAX_TEXTS } from "../../lib/gemini/embed.ts";
import type { PendingText } from "./documents-statements.ts";

/** Texts of one org each, together of no more passages than a call takes, or one alone of more; in an order of chance. */
export function stepsOf(pending: readonly PendingText[]): PendingText[][] {
	const steps: PendingText[][] = [];
	const open = new Map<string, { texts: PendingText[]; passages: number }>();
	for (const text of shuffled(pending)) {
		const step = open.get(text.orgId);
		if (step !== undefined && step.passages + text.passages <= MAX_TEXTS) {
			step.texts.push(text);
			step.passages += text.passages;
			continue;
		}
		const texts = [text];
		steps.push(texts);
		open.set(text.orgId, { texts, passages: text.passages });
	}
	return steps;
}

function shuffled<T>(list: readonly T[]): T[] {
	return list
		.map((one) => ({ one, place: Math.random() }))
		.sort((a, b) => a.place - b.place)
		.map(({ one }) => one);
}

/** What is tried where a step was refused: one text that always is keeps no other waiting. */
export function halvesOf(texts: readonly PendingText[]): PendingText[][] {
	const half = Math.ceil(texts.length / 2);
	return [texts.slice(0, half), texts.slice(half)];
}
