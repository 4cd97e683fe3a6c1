import { batch } from "../../lib/d1/batch.ts";
import { numberColumn, textColumnOrNull } from "../../lib/d1/row.ts";
import type { Row } from "../../lib/d1/row.ts";
import { parseJsonObject } from "../../lib/http/body.ts";
import { taggedJson } from "../../lib/http/conditional.ts";
import { isoInstant } from "../../lib/time.ts";
import { actorOf, auditStatement } from "../audit/statement.ts";
import { readRecorded, recordRead } from "../audit/reads.ts";
import { IS_ORG, ORG_COLUMNS, readForOrg } from "../auth/access.ts";
import type { OrgTarget } from "../auth/access.ts";
import type { Caller } from "../auth/clerk-claims.ts";
import { changedMeanwhile, expectedVersion } from "../request/etag.ts";
import { CONFIG_COLUMNS, CONFIG_FIELDS, parseStored, shownConfig, storedFields } from "./config-fields.ts";
import type { StoredConfig } from "./config-fields.ts";
import { parseConfigPatch } from "./config-patch.ts";

const DRAFT_SQL = `
	SELECT ${ORG_COLUMNS}, ${CONFIG_COLUMNS}, d.changes AS draft, COALESCE(d.version, 0) AS draft_version,
		d.updated_at AS draft_updated_at, d.updated_by AS draft_updated_by
	FROM orgs o
	LEFT JOIN org_config c ON c.org_id = o.id
	LEFT JOIN config_drafts d ON d.org_id = o.id
	WHERE ${IS_ORG}
`;

/** The statement that reads an org, its configuration and the draft of one. */
export function draftStatement(db: D1Database, ref: string): D1PreparedStatement {
	return db.prepare(DRAFT_SQL).bind(ref);
}

/** What the draft of a `draftStatement` row changes, as columns hold it; undefined = there is no draft. */
export function draftChanges(row: Row): StoredConfig | undefined {
	const draft = textColumnOrNull(row, "draft");
	return draft === null ? undefined : parseStored(draft);
}

/** The configuration that publishing would put into force, as columns hold it. */
export function draftedConfig(row: Row): StoredConfig {
	return { ...storedFields(row), ...draftChanges(row) };
}

/** `GET /portal/config/draft`: what the draft changes, and the configuration that it would make; without a draft the one in force. */
export async function getDraft(db: D1Database, target: OrgTarget, now: number): Promise<Response> {
	const { row } = await readRecorded(db, target, [draftStatement(db, target.ref)], {
		action: "config_draft.read",
		now,
	});
	return draftResponse(row);
}

function draftResponse(row: Row): Promise<Response> {
	const changes = draftChanges(row);
	const config = shownConfig({ org_name: row["org_name"], ...draftedConfig(row) });
	const named = changes === undefined ? null : CONFIG_FIELDS.filter((field) => Object.hasOwn(changes, field));
	const version = numberColumn(row, "draft_version");
	const body = {
		config,
		changes: named,
		version,
		config_version: numberColumn(row, "version"),
		updated_at: textColumnOrNull(row, "draft_updated_at"),
		updated_by: textColumnOrNull(row, "draft_updated_by"),
	};
	return taggedJson(body, { version });
}

export interface DraftRequest {
	body: Uint8Array;
	/** The If-Match header, of the draft's own ETag. */
	ifMatch: string | null;
}

/**
 * `PUT /portal/config/draft`: the draft whole, by the rules of PATCH. A field that it does not name stays as it is in force, also
 * where that changes before the draft is published.
 * @throws {ApiError} invalid_json, invalid_request, precondition_failed, and as `readForOrg`
 */
export async function putDraft(
	db: D1Database,
	target: OrgTarget,
	{ body, ifMatch }: DraftRequest,
	now: number,
): Promise<Response> {
	const { caller, org, row } = await readForOrg(db, target, [draftStatement(db, target.ref)]);
	const patch = parseConfigPatch(parseJsonObject(body), caller.staff, shownConfig(row));
	const expected = expectedVersion({ ifMatch, version: patch.version }, numberColumn(row, "draft_version"), "draft");
	const changes = patch.changes.filter(([field, value]) => row[field] !== value);
	const fields = changes.map(([field]) => field);
	const text = JSON.stringify(Object.fromEntries(changes));
	if (text === textColumnOrNull(row, "draft")) {
		await recordRead(db, target, { action: "config_draft.read", now });
		return draftResponse(row);
	}
	const write = { orgId: org.id, caller, now: isoInstant(now), changes: text, fields, expected };
	return draftResponse(await writeDraft(db, write));
}

/**
 * `DELETE /portal/config/draft`: throws the draft away; without one it writes nothing.
 * @throws {ApiError} precondition_failed, and as `readForOrg`
 */
export async function deleteDraft(
	db: D1Database,
	target: OrgTarget,
	ifMatch: string | null,
	now: number,
): Promise<Response> {
	const { caller, org, row } = await readForOrg(db, target, [draftStatement(db, target.ref)]);
	const expected = expectedVersion({ ifMatch, version: null }, numberColumn(row, "draft_version"), "draft");
	const write = { orgId: org.id, caller, now: isoInstant(now), changes: null, fields: [], expected };
	if (draftChanges(row) !== undefined) await writeDraft(db, write);
	return new Response(null, { status: 204 });
}

interface DraftWrite {
	orgId: string;
	caller: Caller;
	/** ISO instant */
	now: string;
	/** JSON; null = no draft any more */
	changes: string | null;
	fields: string[];
	/** The draft's version that must still stand; null = any. */
	expected: number | null;
}

const STILL_STANDS = "WHERE (?2 IS NULL OR COALESCE((SELECT version FROM config_drafts WHERE org_id = ?1), 0) = ?2)";

/** The audit row and the write, both or neither. @throws {ApiError} precondition_failed, unavailable */
async function writeDraft(db: D1Database, write: DraftWrite): Promise<Row> {
	const { orgId, caller, now, changes, fields, expected } = write;
	const entry = { orgId, at: now, by: actorOf(caller), action: "config.draft", target: orgId, fields } as const;
	const [, written, after] = await batch(db, [
		auditStatement(db, entry, { sql: STILL_STANDS, parameters: [orgId, expected] }),
		db
			.prepare(`
				INSERT INTO config_drafts (org_id, changes, updated_at, updated_by) SELECT ?1, ?3, ?4, ?5 ${STILL_STANDS}
				ON CONFLICT (org_id) DO UPDATE
				SET changes = excluded.changes, version = version + 1, updated_at = excluded.updated_at, updated_by = excluded.updated_by
				RETURNING version
			`)
			.bind(orgId, expected, changes, now, caller.userId),
		draftStatement(db, orgId),
	]);
	const current = after?.[0];
	if (written?.length !== 1 || current === undefined) throw changedMeanwhile("draft");
	return current;
}
