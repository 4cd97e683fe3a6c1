import { actorOf, auditStatement } from "../audit/statement.ts";
import type { Caller } from "../auth/clerk-claims.ts";
import type { Passage } from "../../lib/knowledge/passages.ts";
import type { Entry } from "./knowledge-entry.ts";

/** Articles and answers of one org. */
export const MAX_ENTRIES = 500;
/** Their titles and texts together: 4 MiB. */
export const MAX_BYTES = 4_194_304;

/** Which entry is written to, by whom. */
export interface EntryKey {
	orgId: string;
	id: string;
	caller: Caller;
	/** ISO instant */
	now: string;
	/** The version that must still stand; null = any. */
	expected: number | null;
}

export interface EntryWrite extends EntryKey, Entry {
	/** The fields that the audit log names. */
	fields: string[];
	/** The length of title and text together. */
	bytes: number;
	passages: Passage[];
}

// Over the org's other entries: ?1 org, ?2 id, ?3 key of the question, ?4 bytes.
const ENTRIES = "(SELECT COUNT(*) FROM knowledge r INDEXED BY knowledge_by_org WHERE r.org_id = ?1 AND r.id <> ?2)";
const BYTES =
	"(SELECT COALESCE(SUM(octet_length(r.title) + octet_length(r.body)), 0) FROM knowledge r INDEXED BY knowledge_by_org WHERE r.org_id = ?1 AND r.id <> ?2)";
const IS_TAKEN =
	"EXISTS (SELECT 1 FROM knowledge r INDEXED BY knowledge_by_question WHERE r.org_id = ?1 AND r.question_key = ?3 AND r.id <> ?2)";
const HAS_ROOM = `${ENTRIES} < ${MAX_ENTRIES} AND ${BYTES} + ?4 <= ${MAX_BYTES} AND NOT ${IS_TAKEN}`;

/** What stands in the way of a write, before it is made. */
export function roomStatement(db: D1Database, { orgId, id, questionKey }: EntryWrite): D1PreparedStatement {
	return db
		.prepare(`SELECT ${ENTRIES} AS entries, ${BYTES} AS bytes, ${IS_TAKEN} AS is_taken`)
		.bind(orgId, id, questionKey);
}

/** The audit row and the entry: both where there is room, or neither. */
export function creationStatements(db: D1Database, write: EntryWrite): D1PreparedStatement[] {
	const { orgId, id, questionKey, bytes, caller, now, fields } = write;
	const room = [orgId, id, questionKey, bytes];
	return [
		auditStatement(
			db,
			{ ...entryOf(write), action: "knowledge.create", fields },
			{ sql: `WHERE ${HAS_ROOM}`, parameters: room },
		),
		db
			.prepare(`
				INSERT INTO knowledge (org_id, id, question_key, kind, title, body, source_url, passages, created_at, updated_at, updated_by)
				SELECT ?1, ?2, ?3, ?5, ?6, ?7, ?8, ?9, ?10, ?10, ?11 WHERE ${HAS_ROOM}
				RETURNING id
			`)
			.bind(...room, ...texts(write), now, caller.userId),
	];
}

function entryOf({ orgId, id, caller, now }: EntryKey) {
	return { orgId, at: now, by: actorOf(caller), target: id };
}

function texts({ kind, title, body, sourceUrl, passages }: EntryWrite): (string | number | null)[] {
	return [kind, title, body, sourceUrl, passages.length];
}

/** The condition that an entry is the org's and of the expected version, whose parameter is named. */
function stillStands(expected: "?3" | "?5"): string {
	return `org_id = ?1 AND id = ?2 AND (${expected} IS NULL OR version = ${expected})`;
}

/** As `creationStatements`, where the version still stands. */
export function replacementStatements(db: D1Database, write: EntryWrite): D1PreparedStatement[] {
	const { orgId, id, questionKey, bytes, caller, now, expected, fields } = write;
	const room = [orgId, id, questionKey, bytes];
	return [
		auditStatement(
			db,
			{ ...entryOf(write), action: "knowledge.update", fields },
			{ sql: `FROM knowledge WHERE ${stillStands("?5")} AND ${HAS_ROOM}`, parameters: [...room, expected] },
		),
		db
			.prepare(`
				UPDATE knowledge
				SET version = version + 1, question_key = ?3, kind = ?6, title = ?7, body = ?8, source_url = ?9, passages = ?10, updated_at = ?11, updated_by = ?12
				WHERE ${stillStands("?5")} AND ${HAS_ROOM}
				RETURNING id
			`)
			.bind(...room, expected, ...texts(write), now, caller.userId),
	];
}

/** The passages go with their entry, by the foreign key. */
export function deletionStatements(db: D1Database, key: EntryKey): D1PreparedStatement[] {
	const parameters = [key.orgId, key.id, key.expected];
	return [
		auditStatement(
			db,
			{ ...entryOf(key), action: "knowledge.delete" },
			{ sql: `FROM knowledge WHERE ${stillStands("?3")}`, parameters },
		),
		db.prepare(`DELETE FROM knowledge WHERE ${stillStands("?3")} RETURNING id`).bind(...parameters),
	];
}
