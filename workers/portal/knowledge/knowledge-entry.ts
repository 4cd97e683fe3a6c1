import { numberColumn, textColumn, textColumnOrNull } from "../../lib/d1/row.ts";
import type { Row } from "../../lib/d1/row.ts";
import type { FieldError } from "../../lib/http/errors.ts";
import { excessBytes } from "../../lib/d1/exported-size.ts";
import { checkedText, invalidFields, unknownFields } from "../../lib/http/fields.ts";
import type { TextRules } from "../../lib/http/fields.ts";
import { notFound } from "../../lib/http/serve.ts";
import { questionKey } from "../../lib/knowledge/terms.ts";
import { readRecorded } from "../audit/reads.ts";
import type { Read } from "../audit/reads.ts";
import { IS_ORG, ORG_COLUMNS, readForOrg } from "../auth/access.ts";
import type { OrgRead, OrgTarget } from "../auth/access.ts";
import { httpsUrl } from "../request/patch-rules.ts";
import { taggedJson } from "../../lib/http/conditional.ts";

const TITLE_MAX_CHARS = 200;
/** The most that an article holds; where letters take more bytes, a request's 64 KiB or an exported row's 90,000 bytes hold less. */
const ARTICLE_MAX_CHARS = 50_000;
const ANSWER_MAX_CHARS = 2000;
const SOURCE_URL = httpsUrl();

export const KINDS = ["article", "answer"];
const FIELDS = ["kind", "title", "body", "source_url"];

/** An article, or an answer given word for word to its question, which is its title. */
export interface Entry {
	kind: string;
	title: string;
	/** null for an article. */
	questionKey: string | null;
	body: string;
	sourceUrl: string | null;
}

/**
 * Reads an entry whole.
 * @throws {ApiError} invalid_request, naming every field that is missing, unknown or bad
 */
export function parseEntry(object: Record<string, unknown>): Entry {
	const faults = unknownFields(object, FIELDS, "an article or answer");
	const kind = parseKind(object, faults);
	const title = requiredText(object, "title", { min: 1, max: TITLE_MAX_CHARS, stored: "line" }, faults);
	const maxChars = kind === "answer" ? ANSWER_MAX_CHARS : ARTICLE_MAX_CHARS;
	const body = requiredText(object, "body", { min: 1, max: maxChars, stored: "lines" }, faults);
	const sourceUrl = parseSourceUrl(object, faults);
	const key = kind === "answer" ? questionKey(title) : null;
	if (key === "" && title !== "") faults.push({ field: "title", message: "must hold a word: it is the question" });
	const excess = excessBytes([title, key, body, sourceUrl]);
	if (excess > 0) faults.push({ field: "body", message: tooLong(excess) });
	if (faults.length > 0) throw invalidFields(faults);
	return { kind, title, questionKey: key, body, sourceUrl };
}

function tooLong(excess: number): string {
	return `must be ${excess} bytes shorter, where an apostrophe or a line break takes two: a backup could not hold it`;
}

function own(object: Record<string, unknown>, field: string): unknown {
	return Object.hasOwn(object, field) ? object[field] : undefined;
}

function parseKind(object: Record<string, unknown>, faults: FieldError[]): string {
	const kind = own(object, "kind");
	if (typeof kind === "string" && KINDS.includes(kind)) return kind;
	faults.push({ field: "kind", message: `must be one of ${KINDS.join(", ")}` });
	return "article";
}

/** "" when it is at fault. */
function requiredText(object: Record<string, unknown>, field: string, rules: TextRules, faults: FieldError[]): string {
	const checked = checkedText(own(object, field), rules);
	if ("text" in checked) return checked.text;
	faults.push({ field, message: checked.fault });
	return "";
}

function parseSourceUrl(object: Record<string, unknown>, faults: FieldError[]): string | null {
	const value = own(object, "source_url") ?? null;
	const verdict = value === null ? { stored: null } : SOURCE_URL(value);
	if ("fault" in verdict) faults.push({ field: "source_url", message: verdict.fault });
	return "stored" in verdict && typeof verdict.stored === "string" ? verdict.stored : null;
}

/**
 * One entry of the org, to be written to.
 * @throws {ApiError} not_found (another org's as well); as `readForOrg`
 */
export async function readEntry(db: D1Database, target: OrgTarget, id: string): Promise<OrgRead> {
	const read = await readForOrg(db, target, [entryStatement(db, target.ref, id)]);
	if (read.row.id === null) throw notFound();
	return read;
}

const ENTRY_SQL = `
	SELECT ${ORG_COLUMNS}, k.id, k.kind, k.title, k.body, k.source_url, k.hits, k.version, k.created_at, k.updated_at, k.updated_by
	FROM orgs o
	LEFT JOIN knowledge k ON k.id = ?2 AND k.org_id = o.id
	WHERE ${IS_ORG}
`;

/** `id` is NULL when the org has no such entry. */
export function entryStatement(db: D1Database, ref: string, id: string): D1PreparedStatement {
	return db.prepare(ENTRY_SQL).bind(ref, id);
}

const HAS_ENTRY = "EXISTS (SELECT 1 FROM knowledge k WHERE k.id = ?2 AND k.org_id = o.id)";

/** `GET /portal/knowledge/{id}`. @throws {ApiError} not_found (another org's as well); as `readRecorded` */
export async function getEntry(db: D1Database, target: OrgTarget, id: string, now: number): Promise<Response> {
	const read: Read = { action: "knowledge.read", now, target: id, exists: HAS_ENTRY };
	const { row } = await readRecorded(db, target, [entryStatement(db, target.ref, id)], read);
	if (row.id === null) throw notFound();
	return entryResponse(row);
}

/** The answer that shows an entry whole, as its row stands. */
export function entryResponse(row: Row, status = 200, headers: Record<string, string> = {}): Promise<Response> {
	const entry = { ...summaryOf(row), body: textColumn(row, "body") };
	return taggedJson({ entry }, { version: entry.version, status, headers });
}

/** An entry without its text. */
export function summaryOf(row: Row) {
	return {
		id: textColumn(row, "id"),
		kind: textColumn(row, "kind"),
		title: textColumn(row, "title"),
		source_url: textColumnOrNull(row, "source_url"),
		hits: numberColumn(row, "hits"),
		version: numberColumn(row, "version"),
		created_at: textColumn(row, "created_at"),
		updated_at: textColumn(row, "updated_at"),
		updated_by: textColumnOrNull(row, "updated_by"),
	};
}
