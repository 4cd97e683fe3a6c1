import { repeatableBatch } from "../../../lib/d1/batch.ts";
import { numberColumn, textColumn, textColumnOrNull } from "../../../lib/d1/row.ts";
import type { Row } from "../../../lib/d1/row.ts";
import { ApiError } from "../../../lib/http/errors.ts";
import { foldedText } from "../../../lib/privacy/folded.ts";
import { digitsOf } from "../../../lib/privacy/rule.ts";

/** How a person is named: by what readers are shown as `visitor`, or by the address or telephone that they left in a lead. */
export interface NamedPerson {
	by: "visitor" | "email" | "phone";
	value: string;
}

/** What a lead, or a name, leads to. */
export interface PersonLead {
	/** null = the visitor was named, not a lead. */
	leadId: string | null;
	/** null = the conversation that it was left in is gone. */
	visitor: string | null;
	/** As in `visitors`. */
	visitorId: string | null;
	/** Of an erasure that has begun. */
	erasureId: string | null;
}

/** Leads of one page when all of them are looked through for a telephone, and how many pages a request reads. */
const PAGE_LEADS = 500;
const MAX_PAGES = 200;
/** More leads of one address than anybody leaves. */
const MAX_LEADS = 200;

const LEAD_COLUMNS = "l.id AS lead_id, v.visitor, v.visitor_id, v.erasure_id";
const VISITOR_OF_LEAD = `
	LEFT JOIN chat_sessions c ON c.id = l.session_id AND c.org_id = l.org_id
	LEFT JOIN visitors v ON v.org_id = c.org_id AND v.visitor_id = c.visitor_id`;

/**
 * What an org has of a person. By visitor and by address it reads their rows alone; a telephone stands in a lead's text, however it is
 * written, so all leads of the org are looked through, 500 at a time.
 * @throws {ApiError} conflict: it has more leads than a request can look through; unavailable
 */
export async function findPerson(db: D1Database, orgId: string, { by, value }: NamedPerson): Promise<PersonLead[]> {
	if (by === "phone") return findByPhone(db, orgId, value);
	const sql = by === "email" ? BY_EMAIL : BY_VISITOR;
	const [rows = []] = await repeatableBatch(db, [db.prepare(sql).bind(orgId, value)]);
	return rows.map(personLead);
}

const BY_EMAIL = `
	SELECT ${LEAD_COLUMNS}
	FROM leads l INDEXED BY leads_by_email ${VISITOR_OF_LEAD}
	WHERE l.org_id = ?1 AND l.email = ?2 COLLATE NOCASE
	LIMIT ${MAX_LEADS}`;

const BY_VISITOR = `
	SELECT NULL AS lead_id, v.visitor, v.visitor_id, v.erasure_id
	FROM visitors v INDEXED BY visitors_by_name
	WHERE v.org_id = ?1 AND v.visitor = ?2`;

const LEADS_PAGE = `
	SELECT ${LEAD_COLUMNS}, l.name, l.message, l.created_at
	FROM leads l INDEXED BY leads_by_org ${VISITOR_OF_LEAD}
	WHERE l.org_id = ?1 AND (l.created_at, l.id) > (?2, ?3)
	ORDER BY l.created_at, l.id
	LIMIT ${PAGE_LEADS}`;

async function findByPhone(db: D1Database, orgId: string, phone: string): Promise<PersonLead[]> {
	const sought = digitsOf(foldedText(phone).text);
	const found: PersonLead[] = [];
	let after = ["", ""];
	for (let page = 0; page < MAX_PAGES; page++) {
		const [rows = []] = await repeatableBatch(db, [db.prepare(LEADS_PAGE).bind(orgId, ...after)]);
		for (const row of rows) if (hasPhone(row, sought)) found.push(personLead(row));
		const last = rows.at(-1);
		if (last === undefined || rows.length < PAGE_LEADS) return found;
		after = [textColumn(last, "created_at"), textColumn(last, "lead_id")];
	}
	throw new ApiError(
		"conflict",
		"There are too many leads to look through for a telephone; erase by email or visitor.",
	);
}

/** Digits as telephones are written. */
const NUMBERS = /\+?\(?\d(?:[ .\-/()]{0,3}\d){5,17}/g;
/** A number is the same with and without its country's, and what one dials before it. */
const LOCAL_DIGITS = 10;

function hasPhone(row: Row, sought: string): boolean {
	const text = `${textColumnOrNull(row, "name") ?? ""} | ${textColumnOrNull(row, "message") ?? ""}`;
	const numbers = foldedText(text).text.match(NUMBERS) ?? [];
	return numbers.some((number) => isSame(digitsOf(number), sought));
}

function isSame(one: string, other: string): boolean {
	const [shorter, longer] = one.length < other.length ? [one, other] : [other, one];
	if (shorter.length < LOCAL_DIGITS) return one === other;
	return longer.endsWith(shorter.slice(-LOCAL_DIGITS));
}

function personLead(row: Row): PersonLead {
	return {
		leadId: textColumnOrNull(row, "lead_id"),
		visitor: textColumnOrNull(row, "visitor"),
		visitorId: textColumnOrNull(row, "visitor_id"),
		erasureId: textColumnOrNull(row, "erasure_id"),
	};
}

/** What would go with a visitor. */
export interface VisitorCount {
	visitor: string;
	conversations: number;
	leads: number;
}

/** How many conversations and leads these visitors have, as readers count them. @throws {ApiError} unavailable */
export async function countVisitors(
	db: D1Database,
	orgId: string,
	visitorIds: readonly string[],
): Promise<VisitorCount[]> {
	const [rows = []] = await repeatableBatch(db, [
		db
			.prepare(`
				SELECT v.visitor, COUNT(c.id) AS conversations, COUNT(l.id) AS leads
				FROM json_each(?2) listed
				CROSS JOIN visitors v ON v.org_id = ?1 AND v.visitor_id = listed.value
				LEFT JOIN chat_sessions c INDEXED BY chat_sessions_by_org_visitor
					ON c.org_id = v.org_id AND c.visitor_id = v.visitor_id AND c.erased_at IS NULL
				LEFT JOIN leads l ON l.session_id = c.id AND l.org_id = c.org_id
				GROUP BY listed.key
				ORDER BY listed.key
			`)
			.bind(orgId, JSON.stringify(visitorIds)),
	]);
	return rows.map((row) => ({
		visitor: textColumn(row, "visitor"),
		conversations: numberColumn(row, "conversations"),
		leads: numberColumn(row, "leads"),
	}));
}
