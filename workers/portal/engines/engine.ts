import type { Caller } from "../auth/clerk-claims.ts";
import { batch } from "../../lib/d1/batch.ts";
import { numberColumn, textColumn, textColumnOrNull, textListColumn } from "../../lib/d1/row.ts";
import { ApiError } from "../../lib/http/errors.ts";
import { notFound } from "../../lib/http/serve.ts";
import { isoInstant } from "../../lib/time.ts";
import { actorOf, auditStatement } from "../audit/statement.ts";
import { IS_ORG, ORG_COLUMNS, readForOrg } from "../auth/access.ts";
import type { OrgRead, OrgTarget } from "../auth/access.ts";
import { DEFAULT_DAYS, lastDays } from "../numbers/day-range.ts";
import type { DayRange } from "../numbers/day-range.ts";
import { ENGINE_COLUMNS, engineOf } from "./engines.ts";
import type { StoredValue } from "../request/patch-rules.ts";
import type { Row } from "../../lib/d1/row.ts";

export interface EngineRequest {
	/** The engine's id, of the path. */
	id: string;
	body: Uint8Array;
	/** The If-Match header. */
	ifMatch: string | null;
}

/**
 * One engine of the org, to be written to.
 * @throws {ApiError} not_found (another org's as well); as `readForOrg`
 */
export async function readEngine(db: D1Database, target: OrgTarget, id: string, now: number): Promise<OrgRead> {
	const read = await readForOrg(db, target, [engineStatement(db, target.ref, id, lastDays(now, DEFAULT_DAYS))]);
	if (read.row.id === null) throw notFound();
	return read;
}

const ENGINE_SQL = `
	SELECT ${ORG_COLUMNS}, ${ENGINE_COLUMNS},
		s.instructions, s.greeting, s.suggested_questions, s.brand_color, s.agent_id, s.model, s.visitor_memory, s.previous_key_expires_at, s.version
	FROM orgs o
	LEFT JOIN portal_sites s ON s.org_id = o.id AND s.id = ?2
	LEFT JOIN metrics_daily m INDEXED BY metrics_daily_by_site ON m.site_id = s.id AND m.date BETWEEN ?3 AND ?4 AND m.org_id = s.org_id
	WHERE ${IS_ORG}
	GROUP BY o.id
`;

/** The row of one engine in the shape of the list's, with what may be set; `id` is NULL when the org has no such engine. */
function engineStatement(db: D1Database, ref: string, id: string, range: DayRange): D1PreparedStatement {
	return db.prepare(ENGINE_SQL).bind(ref, id, range.from, range.to);
}

/** An engine as the list shows it, and what it has of its own: null = the org's configuration, or the deployment's agent or model. */
export function engineWithSettings(row: Row) {
	return {
		...engineOf(row),
		instructions: textColumnOrNull(row, "instructions"),
		greeting: textColumnOrNull(row, "greeting"),
		suggested_questions: textListColumn(row, "suggested_questions"),
		brand_color: textColumnOrNull(row, "brand_color"),
		agent_id: textColumnOrNull(row, "agent_id"),
		model: textColumnOrNull(row, "model"),
		visitor_memory: textColumnOrNull(row, "visitor_memory"),
		version: numberColumn(row, "version"),
	};
}

/** What of portal_sites the portal writes. */
type EngineColumn =
	| "name"
	| "status"
	| "allowed_origins"
	| "instructions"
	| "greeting"
	| "suggested_questions"
	| "brand_color"
	| "agent_id"
	| "model"
	| "visitor_memory"
	| "site_key"
	| "previous_key"
	| "previous_key_expires_at";

export interface EngineWrite {
	orgId: string;
	id: string;
	caller: Caller;
	now: number; // epoch ms
	changes: [EngineColumn, StoredValue][];
	action: "engine.update" | "engine.rotate_key";
	/** The fields that the audit log names. */
	fields: string[];
	/** What must still stand of the engine, and the value that ?3 has in it. */
	still: "(?3 IS NULL OR version = ?3)" | "site_key = ?3";
	expected: StoredValue;
	/** Why nothing was written when that no longer stands. */
	refusal(): ApiError;
}

/**
 * Writes the named columns and the audit row, both or neither, in one round trip.
 * @returns the row as it is then
 * @throws {ApiError} conflict (archived), not_found, `refusal`, unavailable
 */
export async function writeEngine(db: D1Database, write: EngineWrite): Promise<Row> {
	const { orgId, id, now, refusal } = write;
	const read = engineStatement(db, orgId, id, lastDays(now, DEFAULT_DAYS));
	const [, written, after] = await batch(db, [recordStatement(db, write), updateStatement(db, write), read]);
	const row = after?.[0];
	if (row === undefined || row.id === null) throw notFound();
	if (written?.length === 1) return row;
	expectUnarchived(row);
	throw refusal();
}

/**
 * An archived engine still shows in the list, so the answer is not that there is none.
 * @throws {ApiError} conflict
 */
export function expectUnarchived(row: Row): void {
	if (textColumn(row, "status") !== "archived") return;
	throw new ApiError(
		"conflict",
		"This engine is archived and cannot be changed; please contact support to bring it back.",
	);
}

function recordStatement(db: D1Database, write: EngineWrite): D1PreparedStatement {
	const { orgId, id, expected, now, caller, action, fields, still } = write;
	return auditStatement(
		db,
		{ orgId, at: isoInstant(now), by: actorOf(caller), action, target: id, fields },
		{
			sql: `FROM portal_sites WHERE org_id = ?1 AND id = ?2 AND status <> 'archived' AND ${still}`,
			parameters: [orgId, id, expected],
		},
	);
}

function updateStatement(
	db: D1Database,
	{ orgId, id, expected, now, changes, still }: EngineWrite,
): D1PreparedStatement {
	const assignments = changes.map(([column], index) => `, ${column} = ?${index + 5}`).join("");
	return db
		.prepare(`
			UPDATE portal_sites
			SET version = version + 1, updated_at = ?4${assignments}
			WHERE org_id = ?1 AND id = ?2 AND status <> 'archived' AND ${still}
			RETURNING id
		`)
		.bind(orgId, id, expected, isoInstant(now), ...changes.map(([, value]) => value));
}
