import { CONFIG_DEFAULTS } from "../../lib/site/config-defaults.ts";
import { batch } from "../../lib/d1/batch.ts";
import { numberColumn, numberColumnOrNull, textColumnOrNull, textListColumn } from "../../lib/d1/row.ts";
import { parseJsonObject } from "../../lib/http/body.ts";
import { isoInstant } from "../../lib/time.ts";
import { actorOf, auditStatement } from "../audit/statement.ts";
import { readRecorded, recordRead } from "../audit/reads.ts";
import { IS_ORG, ORG_COLUMNS, readForOrg } from "../auth/access.ts";
import type { OrgTarget } from "../auth/access.ts";
import type { Caller } from "../auth/clerk-claims.ts";
import { parseConfigPatch } from "./config-patch.ts";
import type { ConfigField } from "./config-patch.ts";
import { changedMeanwhile, expectedVersion, weakETag } from "../request/etag.ts";
import type { StoredValue } from "../request/patch-rules.ts";
import { json } from "../../lib/http/json.ts";
import type { Row } from "../../lib/d1/row.ts";

/** What a write changes, as its refusal names it. */
const WHOLE = "configuration";

/** `GET /portal/config`: what applies, defaults filled in. */
export async function getConfig(db: D1Database, target: OrgTarget, now: number): Promise<Response> {
	const { row } = await readRecorded(db, target, [configStatement(db, target.ref)], { action: "config.read", now });
	return configResponse(row);
}

export interface ConfigPatchRequest {
	body: Uint8Array;
	/** The If-Match header. */
	ifMatch: string | null;
}

/**
 * `PATCH /portal/config`: a JSON Merge Patch. What changes nothing writes nothing: a field that says what GET shows stays as it
 * is stored, so that a default that is sent back stays a default and follows when the default changes. To have today's default
 * for good, there is no way but to word it differently.
 * @throws {ApiError} invalid_json, invalid_request, precondition_failed, and as `readForOrg`
 */
export async function patchConfig(
	db: D1Database,
	target: OrgTarget,
	{ body, ifMatch }: ConfigPatchRequest,
	now: number,
): Promise<Response> {
	const { caller, org, row } = await readForOrg(db, target, [configStatement(db, target.ref)]);
	const patch = parseConfigPatch(parseJsonObject(body), caller.staff, configOf(row));
	const expected = expectedVersion({ ifMatch, version: patch.version }, numberColumn(row, "version"), WHOLE);
	const changes = patch.changes.filter(([field, value]) => row[field] !== value);
	if (changes.length === 0) {
		await recordRead(db, target, { action: "config.read", now });
		return configResponse(row);
	}
	const write = { orgId: org.id, caller, now: isoInstant(now), changes, expected };
	const [, written, after] = await batch(db, [...writeStatements(db, write), configStatement(db, org.id)]);
	const current = after?.[0];
	if (written?.length !== 1 || current === undefined) throw changedMeanwhile(WHOLE);
	return configResponse(current);
}

const CONFIG_SQL = `
	SELECT ${ORG_COLUMNS}, c.display_name, c.timezone, c.locale, c.brand_color, c.logo_url, c.greeting, c.suggested_questions,
		c.instructions, c.fallback_message, c.limit_message, c.retention_days, c.visitor_memory, c.answer_mode, c.contact,
		COALESCE(c.version, 0) AS version, c.updated_at, c.updated_by
	FROM orgs o
	LEFT JOIN org_config c ON c.org_id = o.id
	WHERE ${IS_ORG}
`;

function configStatement(db: D1Database, ref: string): D1PreparedStatement {
	return db.prepare(CONFIG_SQL).bind(ref);
}

interface ConfigWrite {
	orgId: string;
	caller: Caller;
	/** ISO instant */
	now: string;
	changes: [ConfigField, StoredValue][];
	/** The version that must still stand; null = any. */
	expected: number | null;
}

/** The condition of both statements of a write; they are one transaction, so it holds for both or for neither. */
const STILL_STANDS = "WHERE (?2 IS NULL OR COALESCE((SELECT version FROM org_config WHERE org_id = ?1), 0) = ?2)";

/**
 * The audit row and the write, both or neither. Written are the named fields only: two changes made at once without a
 * version both last, unless they touch the same field.
 */
function writeStatements(db: D1Database, write: ConfigWrite): D1PreparedStatement[] {
	const { orgId, caller, now, changes, expected } = write;
	const fields = changes.map(([field]) => field);
	return [
		auditStatement(
			db,
			{ orgId, at: now, by: actorOf(caller), action: "config.update", target: orgId, fields },
			{ sql: STILL_STANDS, parameters: [orgId, expected] },
		),
		upsertStatement(db, write),
	];
}

function upsertStatement(db: D1Database, { orgId, caller, now, changes, expected }: ConfigWrite): D1PreparedStatement {
	const columns = changes.map(([field]) => field);
	return db
		.prepare(`
			INSERT INTO org_config (org_id, version, updated_at, updated_by, ${columns.join(", ")})
			SELECT ?1, COALESCE((SELECT version FROM org_config WHERE org_id = ?1), 0) + 1, ?3, ?4, ${columns.map((_, index) => `?${index + 5}`).join(", ")} ${STILL_STANDS}
			ON CONFLICT (org_id) DO UPDATE
			SET version = excluded.version, updated_at = excluded.updated_at, updated_by = excluded.updated_by,
				${columns.map((column) => `${column} = excluded.${column}`).join(", ")}
			RETURNING version
		`)
		.bind(orgId, expected, now, caller.userId, ...changes.map(([, value]) => value));
}

function configResponse(row: Row): Response {
	const version = numberColumn(row, "version");
	const body = {
		config: configOf(row),
		version,
		updated_at: textColumnOrNull(row, "updated_at"),
		updated_by: textColumnOrNull(row, "updated_by"),
	};
	return json(body, 200, { ETag: weakETag(version) });
}

function configOf(row: Row) {
	return {
		display_name: textColumnOrNull(row, "display_name") ?? textColumnOrNull(row, "org_name"),
		timezone: textColumnOrNull(row, "timezone") ?? CONFIG_DEFAULTS.timezone,
		locale: textColumnOrNull(row, "locale") ?? CONFIG_DEFAULTS.locale,
		brand_color: textColumnOrNull(row, "brand_color") ?? CONFIG_DEFAULTS.brand_color,
		logo_url: textColumnOrNull(row, "logo_url") ?? CONFIG_DEFAULTS.logo_url,
		greeting: textColumnOrNull(row, "greeting") ?? CONFIG_DEFAULTS.greeting,
		suggested_questions: textListColumn(row, "suggested_questions") ?? CONFIG_DEFAULTS.suggested_questions,
		instructions: textColumnOrNull(row, "instructions") ?? CONFIG_DEFAULTS.instructions,
		fallback_message: textColumnOrNull(row, "fallback_message") ?? CONFIG_DEFAULTS.fallback_message,
		limit_message: textColumnOrNull(row, "limit_message") ?? CONFIG_DEFAULTS.limit_message,
		retention_days: numberColumnOrNull(row, "retention_days") ?? CONFIG_DEFAULTS.retention_days,
		visitor_memory: textColumnOrNull(row, "visitor_memory") ?? CONFIG_DEFAULTS.visitor_memory,
		answer_mode: textColumnOrNull(row, "answer_mode") ?? CONFIG_DEFAULTS.answer_mode,
		contact: textColumnOrNull(row, "contact") ?? CONFIG_DEFAULTS.contact,
	};
}
