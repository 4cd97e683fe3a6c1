import { repeatableBatch } from "../../../lib/d1/batch.ts";
import { numberColumn, textColumn, textColumnOrNull } from "../../../lib/d1/row.ts";
import type { Row } from "../../../lib/d1/row.ts";
import { invalidFields } from "../../../lib/http/fields.ts";
import { taggedJson } from "../../../lib/http/conditional.ts";
import { encodeCursor } from "../../request/cursor.ts";
import { standingOf } from "./attention.ts";
import { parseClientsQuery } from "./clients-query.ts";
import type { ClientsQuery, Sort } from "./clients-query.ts";
import { clientsStatement } from "./clients-sql.ts";

/** Whether a client wants looking at is worked out of its numbers, so a page that asks for those looks through this many by name. */
const LOOKED_THROUGH = 100;
/** Behind every margin; of 15 digits, as a cursor has at most. */
const UNKNOWN_RANK = 999_999_999_999_999;
/** What is sorted by such numbers is all of it read. */
const MAX_SORTED = 200;

/**
 * `GET /portal/clients`, for staff: orgs, a page at a time, by name or by what staff look for. Their numbers of conversations count
 * live engines, what they use and cost all of them.
 * @throws {ApiError} invalid_request (also for more than 200 clients in another order than by name), unavailable
 */
export async function getClients(db: D1Database, params: URLSearchParams, now: number): Promise<Response> {
	const query = parseClientsQuery(params);
	const count = windowOf(query);
	const [rows = []] = await repeatableBatch(db, [clientsStatement(db, query, count, now)]);
	const clients = rows.slice(0, count).map(clientOf);
	const isMore = rows.length > count;
	if (query.sort === "name")
		return taggedJson(pageByName(clients.filter(isWanted(query)), query, isMore, clients.at(-1)));
	if (isMore) throw tooMany(query.sort);
	return taggedJson(pageSorted(clients.filter(isWanted(query)), query, query.sort));
}

function windowOf({ sort, attention, limit }: ClientsQuery): number {
	if (sort !== "name") return MAX_SORTED;
	return attention === undefined ? limit : LOOKED_THROUGH;
}

function tooMany(sort: Sort) {
	const message = `${sort} sorts at most ${MAX_SORTED} clients; pick some by q, status or plan`;
	return invalidFields([{ field: "sort", message }]);
}

function clientOf(row: Row) {
	return {
		id: textColumn(row, "id"),
		name: textColumn(row, "name"),
		slug: textColumn(row, "slug"),
		plan: textColumn(row, "plan"),
		status: textColumn(row, "status"),
		created_at: textColumn(row, "created_at"),
		engines: numberColumn(row, "engines"),
		sessions_30d: numberColumn(row, "sessions_30d"),
		messages_30d: numberColumn(row, "messages_30d"),
		last_active_at: textColumnOrNull(row, "last_active_at"),
		...standingOf(row),
	};
}

type Client = ReturnType<typeof clientOf>;

function isWanted({ attention }: ClientsQuery): (client: Client) => boolean {
	if (attention === undefined) return () => true;
	return (client) => client.attention.some((flag) => attention === "any" || flag === attention);
}

/** A page that picks may hold fewer than its limit, or none, and go on: it has looked at no more clients than it was to. */
function pageByName(wanted: Client[], { limit }: ClientsQuery, isMore: boolean, lastLookedAt: Client | undefined) {
	const clients = wanted.slice(0, limit);
	const lastSeen = wanted.length > limit ? clients.at(-1) : lastLookedAt;
	const end = wanted.length > limit || isMore ? lastSeen : undefined;
	return { clients, next_cursor: end === undefined ? null : encodeCursor([end.name, end.id]) };
}

function pageSorted(wanted: Client[], { limit, after }: ClientsQuery, sort: Exclude<Sort, "name">) {
	const isBehind = (client: Client) =>
		after === undefined || after.sort === "name" || byRank(rankOf(client, sort), client.id, after.value, after.id) > 0;
	const left = wanted
		.filter(isBehind)
		.sort((one, other) => byRank(rankOf(one, sort), one.id, rankOf(other, sort), other.id));
	const clients = left.slice(0, limit);
	const end = left.length > limit ? clients.at(-1) : undefined;
	const next_cursor = end === undefined ? null : encodeCursor([sort, String(rankOf(end, sort)), end.id]);
	return { clients, next_cursor };
}

/** The lower, the earlier on the page. */
function rankOf(client: Client, sort: Exclude<Sort, "name">): number {
	switch (sort) {
		case "created_at":
			return -Date.parse(client.created_at) || 0;
		case "messages_30d":
			return -client.messages_30d;
		case "cost_30d":
			return -client.cost_30d_usd_micros;
		// Whoever costs more than it pays comes first, and those of whom it is not known last.
		case "margin_30d":
			return client.margin_30d_usd_micros ?? UNKNOWN_RANK;
		case "attention":
			return -client.attention.length;
	}
}

function byRank(rank: number, id: string, otherRank: number, otherId: string): number {
	if (rank !== otherRank) return rank - otherRank;
	return id < otherId ? -1 : Number(id > otherId);
}
