import { packedRows, textColumn } from "../../lib/d1/row.ts";
import type { FieldError } from "../../lib/http/errors.ts";
import { invalidFields } from "../../lib/http/fields.ts";
import { json } from "../../lib/http/json.ts";
import { IS_ORG, ORG_COLUMNS, readForOrg } from "../auth/access.ts";
import type { OrgTarget } from "../auth/access.ts";
import { encodeCursor } from "../request/cursor.ts";
import { KINDS, summaryOf } from "./knowledge-entry.ts";
import { pageCursor, pageLimit } from "../request/page.ts";
import { queryChoice, queryText } from "../request/query.ts";

const DEFAULT_LIMIT = 50;
/** Of the text, code points. */
const EXCERPT_CHARS = 160;
const MAX_PREFIX_CHARS = 100;
/** Sorts after every instant. */
const EVER = "~";

interface KnowledgeQuery {
	limit: number;
	/** Where the page before ended. */
	before: [updatedAt: string, id: string];
	kind: string | null;
	/** What the title begins with. */
	prefix: string | null;
}

/**
 * `GET /portal/knowledge`: articles and curated answers without their texts, the last changed first, a page at a time.
 * @throws {ApiError} invalid_request, and as `readForOrg`
 */
export async function getKnowledge(db: D1Database, target: OrgTarget, params: URLSearchParams): Promise<Response> {
	const query = parseKnowledgeQuery(params);
	const { row } = await readForOrg(db, target, [knowledgeStatement(db, target.ref, query)]);
	const rows = packedRows(row, "entries");
	const entries = rows
		.slice(0, query.limit)
		.map((entry) => ({ ...summaryOf(entry), excerpt: textColumn(entry, "excerpt") }));
	const last = rows.length > query.limit ? entries.at(-1) : undefined;
	return json({ entries, next_cursor: last === undefined ? null : encodeCursor([last.updated_at, last.id]) });
}

function parseKnowledgeQuery(params: URLSearchParams): KnowledgeQuery {
	const faults: FieldError[] = [];
	const query: KnowledgeQuery = {
		limit: pageLimit(params, DEFAULT_LIMIT, faults),
		before: pageCursor(params, faults) ?? [EVER, ""],
		kind: queryChoice(params, "kind", KINDS, faults) ?? null,
		prefix: queryText(params, "q", MAX_PREFIX_CHARS, faults) ?? null,
	};
	if (faults.length > 0) throw invalidFields(faults);
	return query;
}

/** One row more than the page shows, which tells whether there is another. What it leaves out by kind and title are the org's own 500 at most. */
function knowledgeStatement(
	db: D1Database,
	ref: string,
	{ limit, before, kind, prefix }: KnowledgeQuery,
): D1PreparedStatement {
	return db
		.prepare(`
			SELECT ${ORG_COLUMNS},
				(SELECT json_group_array(json_object('id', listed.id, 'kind', listed.kind, 'title', listed.title, 'source_url', listed.source_url, 'hits', listed.hits,
						'version', listed.version, 'created_at', listed.created_at, 'updated_at', listed.updated_at, 'updated_by', listed.updated_by, 'excerpt', listed.excerpt))
					FROM (
						SELECT k.id, k.kind, k.title, k.source_url, k.hits, k.version, k.created_at, k.updated_at, k.updated_by,
							substr(k.body, 1, ${EXCERPT_CHARS}) AS excerpt
						FROM knowledge k
						WHERE k.org_id = o.id AND (k.updated_at, k.id) < (?2, ?3) AND (?4 IS NULL OR k.kind = ?4)
							AND (?5 IS NULL OR (k.title COLLATE NOCASE >= ?5 AND k.title COLLATE NOCASE < ?5 || char(0x10FFFF)))
						ORDER BY k.updated_at DESC, k.id DESC
						LIMIT ?6) listed) AS entries
			FROM orgs o
			WHERE ${IS_ORG}
		`)
		.bind(ref, ...before, kind, prefix, limit + 1);
}
