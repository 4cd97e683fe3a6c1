import { foldedText } from "./folded.ts";
import { digitsOf } from "./rule.ts";
import type { Found } from "./rule.ts";

/** Shorter ones would be found in any text, characters. */
const LEAST = 6;
const LEAST_OF_NAME = 3;

/**
 * Tells what of an answer is the practice's own: a telephone, a mailbox, an address or a name that stands in what its owner has written,
 * however it is spaced there. Nothing of a visitor's may be in that text.
 * @param own gives it; asked for once, when something is found
 */
export function knownFrom(own: () => string): (written: string, mark: Found["mark"]) => boolean {
	let bare: string | undefined;
	return (written, mark) => {
		if (mark !== "phone" && mark !== "email" && mark !== "address" && mark !== "name") return false;
		bare ??= bareText(own());
		const core = coreOf(written, mark);
		return core.length >= (mark === "name" ? LEAST_OF_NAME : LEAST) && bare.includes(core);
	};
}

/** Letters and digits alone. */
function bareText(text: string): string {
	return foldedText(text)
		.text.toLowerCase()
		.replace(/[^\p{L}\p{N}]+/gu, "");
}

/** What two ways of writing the same have in common: digits without the country's 1; of a street the number and its first word; a name without its genitive. */
function coreOf(written: string, mark: Found["mark"]): string {
	if (mark === "phone") return digitsOf(foldedText(written).text).replace(/^1(?=\d{10}$)/, "");
	const street = mark === "address" ? /^\d\S* +\S+/.exec(written)?.[0] : undefined;
	return bareText(street ?? (mark === "name" ? written.replace(/['’]s?$/i, "") : written));
}
