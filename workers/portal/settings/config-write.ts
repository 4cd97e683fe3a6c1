import { batch } from "../../lib/d1/batch.ts";
import type { Row } from "../../lib/d1/row.ts";
import { actorOf, auditStatement } from "../audit/statement.ts";
import type { AuditCondition } from "../audit/statement.ts";
import type { Caller } from "../auth/clerk-claims.ts";
import { changedMeanwhile } from "../request/etag.ts";
import type { StoredValue } from "../request/patch-rules.ts";
import { configStatement } from "./config-read.ts";
import type { ConfigField } from "./config-patch.ts";

/** A new version of a configuration. */
export interface ConfigWrite {
	orgId: string;
	caller: Caller;
	/** ISO instant */
	now: string;
	changes: [ConfigField, StoredValue][];
	/** The version that must still stand; null = any. */
	expected: number | null;
	cause: "update" | "restore" | "publish";
	/** The version that is restored, or that of the draft, which must still stand; null = neither. */
	madeFrom: number | null;
	/** Why a draft is published below its pass rate. */
	reason: string | null;
}

/** The condition of each statement of a write; they are one transaction, so it holds for all or for none. */
const STILL_STANDS = `WHERE (?2 IS NULL OR COALESCE((SELECT version FROM org_config WHERE org_id = ?1), 0) = ?2)
	AND (?3 IS NULL OR (SELECT version FROM config_drafts WHERE org_id = ?1) = ?3)`;

/**
 * Writes a new version, with its row of the audit log and that of the history: all or nothing, in one round trip.
 * @returns the configuration as it is then
 * @throws {ApiError} precondition_failed, unavailable
 */
export async function writeConfig(db: D1Database, write: ConfigWrite): Promise<Row> {
	const { orgId } = write;
	const statements = [audited(db, write), announcement(db, write), upsertStatement(db, write)];
	if (write.cause === "publish") statements.push(draftEndStatement(db, write));
	const results = await batch(db, [...statements, configStatement(db, orgId)]);
	const current = results.at(-1)?.[0];
	if (results[2]?.length !== 1 || current === undefined) throw changedMeanwhile("configuration");
	return current;
}

function audited(db: D1Database, write: ConfigWrite): D1PreparedStatement {
	const { orgId, caller, now, changes, cause, reason } = write;
	const fields = [...changes.map(([field]) => field), ...(reason === null ? [] : ["override_reason"])];
	const entry = { orgId, at: now, by: actorOf(caller), action: `config.${cause}`, target: orgId, fields } as const;
	return auditStatement(db, entry, condition(write));
}

function condition({ orgId, expected, cause, madeFrom }: ConfigWrite): AuditCondition {
	return { sql: STILL_STANDS, parameters: [orgId, expected, cause === "publish" ? madeFrom : null] };
}

/** Says whose the version is that the next statement makes, and why: the trigger that keeps it has nothing but its fields. */
function announcement(db: D1Database, write: ConfigWrite): D1PreparedStatement {
	const { caller, now, cause, reason, madeFrom } = write;
	return db
		.prepare(`
			INSERT INTO config_versions (org_id, version, config, created_at, user_id, cause, reason, made_from)
			SELECT ?1, COALESCE((SELECT version FROM org_config WHERE org_id = ?1), 0) + 1, NULL, ?4, ?5, ?6, ?7, ?8 ${STILL_STANDS}
			ON CONFLICT (org_id, version) DO UPDATE
			SET config = NULL, created_at = excluded.created_at, user_id = excluded.user_id, cause = excluded.cause,
				reason = excluded.reason, made_from = excluded.made_from
		`)
		.bind(...condition(write).parameters, now, caller.userId, cause, reason, madeFrom);
}

/**
 * Written are the named fields only: two changes made at once without a version both last, unless they touch the same field.
 */
function upsertStatement(db: D1Database, write: ConfigWrite): D1PreparedStatement {
	const { caller, now, changes } = write;
	const columns = changes.map(([field]) => field);
	return db
		.prepare(`
			INSERT INTO org_config (org_id, version, updated_at, updated_by, ${columns.join(", ")})
			SELECT ?1, COALESCE((SELECT version FROM org_config WHERE org_id = ?1), 0) + 1, ?4, ?5, ${columns.map((_, index) => `?${index + 6}`).join(", ")} ${STILL_STANDS}
			ON CONFLICT (org_id) DO UPDATE
			SET version = excluded.version, updated_at = excluded.updated_at, updated_by = excluded.updated_by,
				${columns.map((column) => `${column} = excluded.${column}`).join(", ")}
			RETURNING version
		`)
		.bind(...condition(write).parameters, now, caller.userId, ...changes.map(([, value]) => value));
}

/** Ends the draft that was published: only the version that came of it, which the history has by now, is a witness to that. */
function draftEndStatement(
	db: D1Database,
	{ orgId, caller, now, expected, madeFrom }: ConfigWrite,
): D1PreparedStatement {
	return db
		.prepare(`
			UPDATE config_drafts SET changes = NULL, version = version + 1, updated_at = ?4, updated_by = ?5
			WHERE org_id = ?1 AND version = ?3 AND EXISTS (
				SELECT 1 FROM config_versions WHERE org_id = ?1 AND version = ?2 + 1 AND cause = 'publish' AND made_from = ?3)
		`)
		.bind(orgId, expected, madeFrom, now, caller.userId);
}
