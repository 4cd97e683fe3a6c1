import { numberColumn } from "../../lib/d1/row.ts";
import type { Row } from "../../lib/d1/row.ts";
import { terms } from "../../lib/knowledge/terms.ts";
import { foundIn } from "../../lib/privacy/hidden.ts";
import { knownFrom } from "../../lib/privacy/known.ts";
import { digitsOf } from "../../lib/privacy/rule.ts";
import type { Found, Mark } from "../../lib/privacy/rule.ts";
import { HAS_KEY_SQL } from "../../lib/site/admission.ts";
import type { SiteCaller } from "../../lib/site/admission.ts";
import type { Site } from "../../lib/site/site.ts";

/** What is spoken in place of what was hidden. */
const SPOKEN: Readonly<Record<Mark, string>> = {
	ssn: "social security number",
	medicare_id: "Medicare number",
	card: "card number",
	insurance_id: "insurance number",
	mrn: "record number",
	email: "e-mail address",
	phone: "phone number",
	birth_date: "birth date",
	address: "address",
	name: "name",
	number: "number",
};

/** A text that is to be spoken, with what in it may tell who somebody is. */
export interface HeardText {
	text: string;
	found: readonly Found[];
}

/** @param now epoch ms @throws {ApiError} unavailable: nothing of the text may be sent */
export function heardText(text: string, now: number): HeardText {
	return { text, found: foundIn(text, { now }) };
}

/**
 * The statement that tells which of what was found stands in the org's knowledge, and is the practice's own: a row for each, with its
 * place `found`. It goes along in the batch that admits the caller, and finds a passage by its rarest word.
 * @returns undefined where nothing was found that could be
 */
export function ownStatement(
	db: D1Database,
	{ siteKey, now }: SiteCaller,
	{ text, found }: HeardText,
): D1PreparedStatement | undefined {
	const sought = found.flatMap(({ start, end, mark }, place) =>
		termsOf(text.slice(start, end), mark).map((all) => [place, all]),
	);
	if (sought.length === 0) return undefined;
	return db
		.prepare(`
			SELECT c.value ->> 0 AS found
			FROM portal_sites s
			CROSS JOIN json_each(?3) c
			WHERE ${HAS_KEY_SQL} AND EXISTS (
				SELECT 1 FROM knowledge_terms f
				WHERE f.org_id = s.org_id AND f.term = c.value ->> '$[1][0]' AND NOT EXISTS (
					SELECT 1 FROM json_each(c.value, '$[1]') w
					WHERE NOT EXISTS (
						SELECT 1 FROM knowledge_terms t
						WHERE t.org_id = s.org_id AND t.term = w.value AND t.passage_id = f.passage_id)))
		`)
		.bind(siteKey, now, JSON.stringify(sought));
}

/** The terms of the ways in which the owner may have written something, each list's most telling first. */
function termsOf(written: string, mark: Mark): string[][] {
	if (mark === "phone") {
		const digits = digitsOf(written).replace(/^1(?=\d{10}$)/, "");
		return digits.length === 10 ? [[digits.slice(6), digits.slice(3, 6), digits.slice(0, 3)], [digits]] : [[digits]];
	}
	if (mark === "email") return [terms(written)].filter((all) => all.length > 0);
	const street = mark === "address" ? /^\d\S* +\S+/.exec(written)?.[0] : undefined;
	return street === undefined ? [] : [terms(street)];
}

/**
 * What is sent to be spoken: the text, and where its org hides what tells who somebody is, words in place of that. What stands in the
 * practice's configuration or knowledge is its own and stays.
 * @param own rows of `ownStatement`
 */
export function spokenText({ text, found }: HeardText, site: Site, own: readonly Row[]): string {
	if (site.privacy === "standard" || found.length === 0) return text;
	const { displayName, orgName, instructions, contact, greeting, fallbackMessage, safety } = site;
	const names = [displayName, orgName, instructions, contact, greeting, fallbackMessage];
	const isConfigured = knownFrom(() => [...names, safety.emergencyNumber, safety.emergencyText].join(" "));
	const known = new Set(own.map((row) => numberColumn(row, "found")));
	const pieces: string[] = [];
	let at = 0;
	for (const [place, { start, end, mark }] of found.entries()) {
		if (known.has(place) || isConfigured(text.slice(start, end), mark)) continue;
		pieces.push(text.slice(at, start), SPOKEN[mark]);
		at = end;
	}
	return pieces.join("") + text.slice(at);
}
