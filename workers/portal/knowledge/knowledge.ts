import { numberColumn, packedRows, textColumn } from "../../lib/d1/row.ts";
import type { Row } from "../../lib/d1/row.ts";
import type { FieldError } from "../../lib/http/errors.ts";
import { invalidFields } from "../../lib/http/fields.ts";
import { taggedJson } from "../../lib/http/conditional.ts";
import { byMeaning } from "../../lib/knowledge/meaning/by-meaning.ts";
import type { ByMeaning } from "../../lib/knowledge/meaning/by-meaning.ts";
import { readRecorded } from "../audit/reads.ts";
import { IS_ORG, ORG_COLUMNS } from "../auth/access.ts";
import type { OrgTarget } from "../auth/access.ts";
import { packedColumn } from "../request/packed.ts";
import { beforeCursor, pageLimit, pageOf } from "../request/page.ts";
import { queryChoice, queryText } from "../request/query.ts";
import { KINDS, summaryOf } from "./knowledge-entry.ts";

const DEFAULT_LIMIT = 50;
/** How much of a text is shown, code points. */
const EXCERPT_CHARS = 160;
const MAX_PREFIX_CHARS = 100;

interface KnowledgeQuery {
	limit: number;
	/** Where the page before ended. */
	before: [updatedAt: string, id: string];
	kind: string | null;
	/** What the title begins with. */
	prefix: string | null;
}

/**
 * `GET /portal/knowledge`: articles and curated answers without their texts, the last changed first, a page at a time; and how all of
 * it is searched.
 * @throws {ApiError} invalid_request, and as `readRecorded`
 */
export async function getKnowledge(
	db: D1Database,
	target: OrgTarget,
	params: URLSearchParams,
	now: number,
): Promise<Response> {
	const query = parseKnowledgeQuery(params);
	const statements = [knowledgeStatement(db, target.ref, query)];
	const { row } = await readRecorded(db, target, statements, { action: "knowledge.list", now });
	const { items, next_cursor } = pageOf(packedRows(row, "entries"), query.limit, itemOf, (last) => [
		textColumn(last, "updated_at"),
		textColumn(last, "id"),
	]);
	return taggedJson({ entries: items, next_cursor, search: searchOf(row) });
}

/** How the chat searches all of it. */
function searchOf(row: Row): { passages: number; by_meaning: ByMeaning } {
	const passages = numberColumn(row, "knowledge_passages");
	return { passages, by_meaning: byMeaning(passages, numberColumn(row, "knowledge_vectors")) };
}

function itemOf(row: Row) {
	return { ...summaryOf(row), excerpt: textColumn(row, "excerpt") };
}

function parseKnowledgeQuery(params: URLSearchParams): KnowledgeQuery {
	const faults: FieldError[] = [];
	const query: KnowledgeQuery = {
		limit: pageLimit(params, DEFAULT_LIMIT, faults),
		before: beforeCursor(params, faults),
		kind: queryChoice(params, "kind", KINDS, faults) ?? null,
		prefix: queryText(params, "q", MAX_PREFIX_CHARS, faults) ?? null,
	};
	if (faults.length > 0) throw invalidFields(faults);
	return query;
}

const NAMES = [
	"id",
	"kind",
	"title",
	"source_url",
	"hits",
	"version",
	"created_at",
	"updated_at",
	"updated_by",
	"excerpt",
];

/** What it leaves out by kind and title are the org's own 500 at most. */
const KNOWLEDGE_SQL = `
	SELECT ${ORG_COLUMNS},
		(SELECT ${packedColumn(...NAMES)}
			FROM (
				SELECT k.id, k.kind, k.title, k.source_url, k.hits, k.version, k.created_at, k.updated_at, k.updated_by,
					substr(k.body, 1, ${EXCERPT_CHARS}) AS excerpt
				FROM knowledge k INDEXED BY knowledge_by_org
				WHERE k.org_id = o.id AND (k.updated_at, k.id) < (?2, ?3) AND (?4 IS NULL OR k.kind = ?4)
					AND (?5 IS NULL OR (k.title COLLATE NOCASE >= ?5 AND k.title COLLATE NOCASE < ?5 || char(0x10FFFF)))
				ORDER BY k.updated_at DESC, k.id DESC
				LIMIT ?6) listed) AS entries,
		o.knowledge_passages, o.knowledge_vectors
	FROM orgs o
	WHERE ${IS_ORG}
`;

function knowledgeStatement(
	db: D1Database,
	ref: string,
	{ limit, before, kind, prefix }: KnowledgeQuery,
): D1PreparedStatement {
	return db.prepare(KNOWLEDGE_SQL).bind(ref, ...before, kind, prefix, limit + 1);
}
