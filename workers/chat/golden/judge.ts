import type { TurnAnswer } from "../turn/turn.ts";
import type { Source } from "../turn/turn.ts";
import type { GoldenQuestion } from "./question.ts";

/** An answer to a golden question. */
export interface GoldenAnswer {
	text: string;
	finish: TurnAnswer["finish"] | "safety";
	isUnanswered: boolean;
	sources: readonly Source[];
}

/**
 * What of an answer is not as it should be; none = it passes. `expect`: it is of another kind. `cut`: it has no end.
 * `must_contain.0`, `must_not_contain.1`: by their places in the question's lists. `source`: it rests on other texts.
 */
export function faultsOf(question: GoldenQuestion, answer: GoldenAnswer): string[] {
	const said = folded(answer.text);
	const missing = question.mustContain.flatMap((text, at) =>
		said.includes(folded(text)) ? [] : [`must_contain.${at}`],
	);
	const wrong = question.mustNotContain.flatMap((text, at) =>
		said.includes(folded(text)) ? [`must_not_contain.${at}`] : [],
	);
	return [
		...(kindOf(answer) === question.expect ? [] : ["expect"]),
		...(answer.finish === "length" ? ["cut"] : []),
		...missing,
		...wrong,
		...(question.source === null || restsOn(answer.sources, question.source) ? [] : ["source"]),
	];
}

function kindOf({ finish, isUnanswered }: GoldenAnswer): GoldenQuestion["expect"] | "blocked" {
	if (finish === "safety" || finish === "blocked") return finish;
	return isUnanswered ? "unanswered" : "answer";
}

function restsOn(sources: readonly Source[], wanted: string): boolean {
	return sources.some(({ title, url }) => folded(title) === folded(wanted) || url === wanted);
}

/** Neither case nor the kind and number of blanks decides. */
function folded(text: string): string {
	return text.toLowerCase().replaceAll(/\s+/g, " ").trim();
}
