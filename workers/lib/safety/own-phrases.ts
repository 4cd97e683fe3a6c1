import type { SafetyPhrase } from "../site/safeguards.ts";
import type { Danger } from "./detect.ts";
import { piecesOf } from "./pieces.ts";
import type { Language } from "./rules.ts";

/** As many are kept folded; a customer has a hundred at most. */
const MAX_KEPT = 5000;

const HAS_LETTERS = /[\p{L}\p{N}]/u;
const IS_PICTURE = /\p{Extended_Pictographic}/u;
/** Written without spaces between words: each letter counts as one. */
const UNSPACED =
	/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}]/gu;

/** Phrases as they are looked for, by how they are written: the same ones come with every turn. */
const kept = new Map<string, string>();

/**
 * Whether a message holds a phrase that its org has set itself. Case, accents and what stands between words make no difference; nothing
 * else around it is read, so it is a hint, whatever the phrase says.
 * @param language in which help is given
 */
export function ownDanger(phrases: readonly SafetyPhrase[], message: string, language: Language): Danger | undefined {
	if (phrases.length === 0) return undefined;
	const said = folded(message);
	const written = message.normalize("NFC");
	const found = phrases.find(({ phrase }) => {
		// What is a sign alone is looked for as it is written: read, it would be any word that it stands for.
		if (!HAS_LETTERS.test(phrase)) return IS_PICTURE.test(phrase) && written.includes(phrase.normalize("NFC").trim());
		const looked = keptFolded(phrase);
		return looked.trim() !== "" && said.includes(looked);
	});
	return found === undefined ? undefined : { class: found.class, tier: 2, language };
}

function keptFolded(phrase: string): string {
	const known = kept.get(phrase);
	if (known !== undefined) return known;
	if (kept.size >= MAX_KEPT) kept.clear();
	const made = folded(phrase);
	kept.set(phrase, made);
	return made;
}

/** Its words, a space before and after each. */
function folded(text: string): string {
	return ` ${piecesOf(text.replace(UNSPACED, " $& "))
		.map((piece) => piece.text)
		.join(" ")} `;
}
