import { NOWHERE } from "./search.ts";
import type { Step } from "./search.ts";

/** Where a clause begins. */
export const OPENING: Step = { ends: ({ words }, at) => (words[at]?.opens === true ? [at] : NOWHERE) };

/** Where a clause ends. */
export const CLOSING: Step = {
	ends({ words }, at) {
		const next = words[at];
		return next === undefined || next.before !== "nothing" || next.joins ? [at] : NOWHERE;
	},
};

/** Words of any kind but barred ones, as many as `most` or fewer. */
export function gap(most: number, barred: ReadonlySet<string>): Step {
	return {
		ends({ words }, at) {
			const ends = [at];
			for (let end = at; end < at + most; end++) {
				const word = words[end];
				if (word === undefined || word.text === "" || word.before === "stop" || barred.has(word.text)) break;
				ends.push(end + 1);
			}
			return ends;
		},
	};
}

/** A number from `least` on. */
export function number(least: number): Step {
	return {
		ends({ words }, at) {
			const text = words[at]?.text ?? "";
			return /^\d{1,4}$/.test(text) && Number(text) >= least ? [at + 1] : NOWHERE;
		},
	};
}
