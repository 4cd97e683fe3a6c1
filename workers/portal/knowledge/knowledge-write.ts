import { batch } from "../../lib/d1/batch.ts";
import { numberColumn } from "../../lib/d1/row.ts";
import { ApiError } from "../../lib/http/errors.ts";
import { parseJsonObject } from "../../lib/http/body.ts";
import { passageStatements } from "../../lib/knowledge/index.ts";
import { passagesOf } from "../../lib/knowledge/passages.ts";
import { isoInstant } from "../../lib/time.ts";
import { orgStatement, readForOrg } from "../auth/access.ts";
import type { OrgTarget } from "../auth/access.ts";
import { changedMeanwhile, expectedVersion } from "../request/etag.ts";
import { entryResponse, entryStatement, parseEntry, readEntry } from "./knowledge-entry.ts";
import type { Entry } from "./knowledge-entry.ts";
import {
	MAX_BYTES,
	MAX_ENTRIES,
	creationStatements,
	deletionStatements,
	replacementStatements,
	roomStatement,
} from "./knowledge-statements.ts";
import type { EntryWrite } from "./knowledge-statements.ts";
import { notFound } from "../../lib/http/serve.ts";
import type { Row } from "../../lib/d1/row.ts";

/**
 * `POST /portal/knowledge`.
 * @throws {ApiError} invalid_json, invalid_request, conflict (the question has an answer, or there is no room), and as `readForOrg`
 */
export async function postEntry(db: D1Database, target: OrgTarget, body: Uint8Array, now: number): Promise<Response> {
	const { caller, org } = await readForOrg(db, target, [orgStatement(db, target.ref)]);
	const entry = parseEntry(parseJsonObject(body));
	const fields = ["kind", "title", "body", ...(entry.sourceUrl === null ? [] : ["source_url"])];
	const write = prepared(entry, {
		orgId: org.id,
		id: crypto.randomUUID(),
		caller,
		now: isoInstant(now),
		expected: null,
		fields,
	});
	const row = await writeEntry(db, write, creationStatements(db, write));
	return entryResponse(row, 201, { Location: `/portal/knowledge/${write.id}` });
}

export interface EntryRequest {
	/** The entry's id, of the path. */
	id: string;
	/** The If-Match header. */
	ifMatch: string | null;
}

/**
 * `PUT /portal/knowledge/{id}`: the entry whole. What changes nothing writes nothing.
 * @throws {ApiError} not_found, invalid_json, invalid_request, precondition_failed, conflict, and as `readForOrg`
 */
export async function putEntry(
	db: D1Database,
	target: OrgTarget,
	{ id, ifMatch }: EntryRequest,
	body: Uint8Array,
	now: number,
): Promise<Response> {
	const { caller, org, row } = await readEntry(db, target, id);
	const entry = parseEntry(parseJsonObject(body));
	const expected = expectedVersion({ ifMatch, version: null }, numberColumn(row, "version"), "entry");
	const fields = changedFields(row, entry);
	if (fields.length === 0) return entryResponse(row);
	const write = prepared(entry, { orgId: org.id, id, caller, now: isoInstant(now), expected, fields });
	return entryResponse(await writeEntry(db, write, replacementStatements(db, write)));
}

/**
 * `DELETE /portal/knowledge/{id}`.
 * @throws {ApiError} not_found, precondition_failed, and as `readForOrg`
 */
export async function deleteEntry(
	db: D1Database,
	target: OrgTarget,
	{ id, ifMatch }: EntryRequest,
	now: number,
): Promise<Response> {
	const { caller, org, row } = await readEntry(db, target, id);
	const expected = expectedVersion({ ifMatch, version: null }, numberColumn(row, "version"), "entry");
	const deletion = deletionStatements(db, { orgId: org.id, id, caller, now: isoInstant(now), expected });
	const [, erased, after] = await batch(db, [...deletion, entryStatement(db, org.id, id)]);
	if (erased?.length === 1) return new Response(null, { status: 204 });
	throw after?.[0]?.id === id ? changedMeanwhile("entry") : notFound();
}

function changedFields(row: Row, { kind, title, body, sourceUrl }: Entry): string[] {
	const given = Object.entries({ kind, title, body, source_url: sourceUrl });
	return given.filter(([field, value]) => row[field] !== value).map(([field]) => field);
}

function prepared(entry: Entry, key: Omit<EntryWrite, keyof Entry | "passages" | "bytes">): EntryWrite {
	const bytes = new TextEncoder().encode(entry.title + entry.body).byteLength;
	return { ...entry, ...key, bytes, passages: passagesOf(entry.title, entry.body) };
}

/**
 * Runs the statements of a write, its audit row and then itself, with the passages behind them: all or nothing, in one round trip.
 * @returns the entry as it is then
 * @throws {ApiError} conflict, not_found, precondition_failed, unavailable
 */
async function writeEntry(db: D1Database, write: EntryWrite, statements: D1PreparedStatement[]): Promise<Row> {
	const { orgId, id } = write;
	const passages = passageStatements(db, write, write.passages);
	const [room, , written, after] = await batch(db, [
		roomStatement(db, write),
		...statements,
		entryStatement(db, orgId, id),
		...passages,
	]);
	const row = after?.[0];
	if (written?.length === 1 && row !== undefined) return row;
	expectRoom(room?.[0] ?? {}, write);
	throw row?.id === id ? changedMeanwhile("entry") : notFound();
}

/** @throws {ApiError} conflict, when that is why nothing was written */
function expectRoom(room: Row, { bytes }: EntryWrite): void {
	if (numberColumn(room, "is_taken") === 1)
		throw conflict("There is an answer to this question already; change that one.");
	if (numberColumn(room, "entries") >= MAX_ENTRIES)
		throw conflict(`An organization can have ${MAX_ENTRIES} articles and answers; delete one first.`);
	if (numberColumn(room, "bytes") + bytes > MAX_BYTES)
		throw conflict("All texts of an organization together can have 4 MiB; delete or shorten one first.");
}

function conflict(message: string): ApiError {
	return new ApiError("conflict", message);
}
