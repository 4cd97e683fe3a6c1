import { normalized } from "../../lib/text/normalized.ts";

const ACCENTS = /\p{M}+/gu;
/** Signs without which a word is the same: `I'm`, `I’m`. */
const APOSTROPHES = /['’‘`´]/g;
/** What parts two clauses. Between digits a point, comma or colon is part of a number. */
const BREAKS = /[?!;¿¡؟،؛。()[\]{}"“”«»\n…—–]+|[.,:](?!\s?\d)|(?<!\d)[.,:]/;
/** Where no digits stand on both sides, words on either side are read one by one: `9-year-old`. */
const JOINTS = /[-_/](?!\d)|(?<!\d)[-_/]/g;

/**
 * The clauses of a message as the rules of this room read them: small letters without accents, a blank between words, no sign but
 * within numbers (`7/10`, `10:30`, `15%`). Takes time that grows as the message.
 */
export function clausesOf(message: string): string[] {
	return normalized(message, "NFKD")
		.replace(ACCENTS, "")
		.toLowerCase()
		.replace(APOSTROPHES, "")
		.replace(/\ba\.i\b\.?/g, "ai")
		.replace(/\by\/o\b/g, "yo")
		.split(BREAKS)
		.map((clause) => clause.replace(JOINTS, " ").trim().replace(/\s+/g, " "))
		.filter((clause) => clause !== "");
}
