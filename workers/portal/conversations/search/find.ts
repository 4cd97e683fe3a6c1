import { numberColumn, packedRows, textColumn, textColumnOrNull } from "../../../lib/d1/row.ts";
import type { Row } from "../../../lib/d1/row.ts";
import { ApiError } from "../../../lib/http/errors.ts";
import { taggedJson } from "../../../lib/http/conditional.ts";
import { HAS_ENGINE, readRecorded } from "../../audit/reads.ts";
import type { Read } from "../../audit/reads.ts";
import type { OrgTarget } from "../../auth/access.ts";
import { encodeCursor } from "../../request/cursor.ts";
import { pageOf } from "../../request/page.ts";
import { conversationOf, newestStatement } from "../conversations.ts";
import { parseConversationsQuery, searchCursor } from "./find-query.ts";
import type { ConversationsQuery } from "./find-query.ts";
import { listStatement, lookedAt, searchStatement } from "./find-sql.ts";
import { finder, matchOf } from "./match.ts";

/**
 * `GET /portal/conversations`: the newest first, a page at a time, of every engine or one (of any environment), all or those that
 * pass the filters and have every word of `q`. Without `from` and `to` it goes back to the first; with either, the days are those of
 * `parseDayRange`, by when a conversation began. One round trip, which looks at no more than 20 conversations for each that a page
 * may show: a page ends there, with fewer or none, and the next goes on.
 * @throws {ApiError} invalid_request; not_found: the org has no such engine
 */
export async function getConversations(
	db: D1Database,
	target: OrgTarget,
	params: URLSearchParams,
	now: number,
): Promise<Response> {
	const query = parseConversationsQuery(params, now);
	const read: Read = { action: "conversation.list", now, target: query.engineId, exists: HAS_ENGINE };
	const { row } = await readRecorded(db, target, [statementOf(db, target.ref, query)], read);
	if (numberColumn(row, "is_engine_known") === 0)
		throw new ApiError("not_found", "There is no engine with this id; GET /portal/engines lists them.");
	return taggedJson(query.search === null ? listed(row, query) : found(row, query, query.search.terms));
}

function statementOf(db: D1Database, ref: string, query: ConversationsQuery): D1PreparedStatement {
	const { search, rating, unanswered, hasLead } = query;
	if (search !== null) return searchStatement(db, ref, query, search);
	const isFiltered = rating !== null || unanswered !== null || hasLead !== null;
	return isFiltered ? listStatement(db, ref, query) : newestStatement(db, ref, query);
}

function listed(row: Row, { limit }: ConversationsQuery) {
	const { items, next_cursor } = pageOf(packedRows(row, "conversations"), limit, conversationOf, (last) => [
		textColumn(last, "started_at"),
		textColumn(last, "id"),
	]);
	const lookedTo = row["looked_to"] === undefined ? null : textColumnOrNull(row, "looked_to");
	return {
		conversations: items.map((item) => ({ ...item, match: null })),
		next_cursor: next_cursor ?? (lookedTo === null ? null : encodeCursor(textsOf(lookedTo))),
		searchable_until: null,
	};
}

/** @param list JSON */
function textsOf(list: string): string[] {
	const texts: unknown = JSON.parse(list);
	return Array.isArray(texts) ? texts.map(String) : [];
}

function found(row: Row, { limit }: ConversationsQuery, terms: readonly string[]) {
	const rows = packedRows(row, "conversations");
	const isFound = finder(terms);
	const all = rows.filter((one) => one["is_shown"] === 1);
	const shown = all.slice(0, limit);
	const last = rows.at(-1);
	const isCut = last !== undefined && numberColumn(last, "step") === lookedAt(limit);
	const end = all.length > limit ? shown.at(-1) : isCut ? last : undefined;
	return {
		conversations: shown.map((one) => ({ ...conversationOf(one), match: matchOf(one, isFound) })),
		next_cursor: end === undefined ? null : encodeCursor(searchCursor(numberColumn(end, "looked_to"))),
		searchable_until: textColumnOrNull(row, "searchable_until"),
	};
}
