import { numberColumn, numberColumnOrNull } from "../../lib/d1/row.ts";
import type { Row } from "../../lib/d1/row.ts";
import { parseJsonObject } from "../../lib/http/body.ts";
import { ApiError } from "../../lib/http/errors.ts";
import type { FieldError } from "../../lib/http/errors.ts";
import { checkedText, invalidFields, unknownFields } from "../../lib/http/fields.ts";
import { sha256Hex } from "../../lib/text/digest.ts";
import { isoInstant } from "../../lib/time.ts";
import { IS_ORG, readForOrg } from "../auth/access.ts";
import type { OrgTarget } from "../auth/access.ts";
import { expectedVersion } from "../request/etag.ts";
import { changesBetween, storedFields, wholeConfig } from "./config-fields.ts";
import { draftChanges, draftStatement, draftedConfig } from "./config-draft.ts";
import { requireMayKeep } from "./config-patch.ts";
import { configResponse } from "./config-read.ts";
import { writeConfig } from "./config-write.ts";

const MAX_REASON_CHARS = 500;
/** How many of the latest completed runs are looked through for one of the draft: others asked something else. */
const MAX_RUNS = 50;

export interface PublishRequest {
	body: Uint8Array;
	/** The If-Match header, of the configuration's ETag. */
	ifMatch: string | null;
}

/**
 * `POST /portal/config/publish {override_reason?}`: puts the draft into force, as a new version. Where the configuration in force
 * has a `min_pass_rate`, the latest completed run of the golden questions as they stand that was asked of exactly what would be in
 * force must reach it, or an admin says why not.
 * @throws {ApiError} invalid_json, invalid_request, not_found (no draft), conflict (nothing to publish), precondition_failed,
 * pass_rate_too_low, and as `readForOrg`
 */
export async function publishDraft(
	db: D1Database,
	target: OrgTarget,
	{ body, ifMatch }: PublishRequest,
	now: number,
): Promise<Response> {
	const statements = [draftStatement(db, target.ref), runsStatement(db, target.ref)];
	const { caller, org, row, results } = await readForOrg(db, target, statements);
	const overrideReason = parseReason(body.length === 0 ? {} : parseJsonObject(body));
	if (draftChanges(row) === undefined)
		throw new ApiError("not_found", "There is no draft to publish; write one first.");
	const current = numberColumn(row, "version");
	expectedVersion({ ifMatch, version: null }, current, "configuration");
	const drafted = draftedConfig(row);
	const changes = changesBetween(storedFields(row), drafted);
	requireMayKeep(changes, caller.staff);
	if (changes.length === 0)
		throw new ApiError("conflict", "The draft says what is in force already; change or delete it.");
	const least = numberColumnOrNull(row, "min_pass_rate");
	const isHeldBack = !isGoodEnough(results[1] ?? [], await sha256Hex(wholeConfig(drafted)), least);
	if (isHeldBack && overrideReason === null) throw tooLow(least);
	const madeFrom = numberColumn(row, "draft_version");
	const reason = isHeldBack ? overrideReason : null;
	const write = { orgId: org.id, caller, now: isoInstant(now), changes, expected: current };
	return configResponse(await writeConfig(db, { ...write, cause: "publish", madeFrom, reason }));
}

function tooLow(least: number | null): ApiError {
	const message = `Run the golden questions on this draft and let ${least} % of them pass, or say in override_reason why not.`;
	return new ApiError("pass_rate_too_low", message);
}

/** @throws {ApiError} invalid_request */
function parseReason(body: Record<string, unknown>): string | null {
	const faults: FieldError[] = unknownFields(body, ["override_reason"], "a publication");
	const value = Object.hasOwn(body, "override_reason") ? body["override_reason"] : null;
	const checked = value === null ? null : checkedText(value, { min: 1, max: MAX_REASON_CHARS, stored: "lines" });
	if (checked !== null && "fault" in checked) faults.push({ field: "override_reason", message: checked.fault });
	if (faults.length > 0) throw invalidFields(faults);
	return checked !== null && "text" in checked ? checked.text : null;
}

const RUNS_SQL = `
	SELECT r.config_digest, r.total, r.passed
	FROM orgs o
	CROSS JOIN golden_runs r INDEXED BY golden_runs_with_draft ON r.org_id = o.id AND r.is_draft = 1 AND r.status = 'completed'
	LEFT JOIN golden_questions g ON g.org_id = o.id
	WHERE ${IS_ORG} AND r.created_at >= COALESCE(g.updated_at, '')
	ORDER BY r.created_at DESC
	LIMIT ${MAX_RUNS}
`;

function runsStatement(db: D1Database, ref: string): D1PreparedStatement {
	return db.prepare(RUNS_SQL).bind(ref);
}

/** Whether the latest of these runs of exactly this configuration came to enough. */
function isGoodEnough(runs: readonly Row[], digest: string, least: number | null): boolean {
	if (least === null) return true;
	const run = runs.find((row) => row["config_digest"] === digest);
	if (run === undefined) return false;
	const total = numberColumn(run, "total");
	return total > 0 && numberColumn(run, "passed") * 100 >= least * total;
}
