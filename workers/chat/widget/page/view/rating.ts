import { OWN_WORDS, el, iconButton } from "./dom.ts";
import { ICONS } from "./icons.ts";
import type { Rating } from "../api/shapes.ts";
import * as WORDS from "../words.ts";

/**
 * Thumbs up and down of one answer; the one that is pressed takes itself back. What is pressed shows at once, and falls back to
 * what stood before when it cannot be saved.
 */
export function ratingButtons(rating: Rating, save: (rating: Rating) => Promise<void>): HTMLElement {
	let shown = rating;
	const up = iconButton("thumb", WORDS.goodAnswer, ICONS.up, () => void choose("up"));
	const down = iconButton("thumb", WORDS.badAnswer, ICONS.down, () => void choose("down"));
	const show = (next: Rating): void => {
		shown = next;
		up.setAttribute("aria-pressed", String(next === "up"));
		down.setAttribute("aria-pressed", String(next === "down"));
	};
	const choose = async (pressed: "up" | "down"): Promise<void> => {
		const before = shown;
		const next = pressed === before ? null : pressed;
		show(next);
		try {
			await save(next);
		} catch {
			// A later press has the last word.
			if (shown === next) show(before);
		}
	};
	show(rating);
	// Within a live region, but no part of what the answer says.
	return el("div", { class: "thumbs", "aria-live": "off", ...OWN_WORDS }, up, down);
}
