import { button } from "../dom/parts.ts";
import { byId, el } from "../dom/dom.ts";

/** What to do first, and where: in the chat, or in a view of the dashboard. */
const STEPS: readonly (readonly [text: string, view: string])[] = [
	["Ask “Where can I park?” in the chat", ""],
	["Ask “How much is a crown?”", ""],
	["Write the answer", "questions"],
	["Ask again", ""],
	["Change the colour", "look"],
	["Buy a plan", "billing"],
];

/** @param open shows the chat; "" or a view of the dashboard */
export function showSteps(open: (view: string) => void): void {
	byId("steps", HTMLElement).replaceChildren(
		...STEPS.map(([text, view]) =>
			el(
				"li",
				{},
				button(text, () => open(view), "quiet"),
			),
		),
	);
}
