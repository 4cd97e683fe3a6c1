import { numberColumn, textColumn } from "../../lib/d1/row.ts";
import { ApiError } from "../../lib/http/errors.ts";
import { invalidFields, unknownFields } from "../../lib/http/fields.ts";
import { parseJsonObject } from "../../lib/http/body.ts";
import { isoInstant } from "../../lib/time.ts";
import type { OrgTarget } from "../auth/access.ts";
import { engineWithSettings, expectUnarchived, readEngine, writeEngine } from "./engine.ts";
import type { EngineRequest } from "./engine.ts";
import { successor } from "./site-keys.ts";
import { requireMet, weakETag } from "../request/etag.ts";
import { json } from "../../lib/http/json.ts";

const HOUR_MS = 3_600_000;
const DEFAULT_GRACE_HOURS = 24;
const MAX_GRACE_HOURS = 72;

/**
 * `POST /portal/engines/{id}/rotate-key`: a new key of the same name and environment. The old one works until its grace
 * ends; with `grace_hours` 0 it ends now. There is one old key at a time: a key rotated again within the grace ends what
 * was left of the first one's. The old key stays recorded when it has ended, so that it never comes to mean another engine.
 * @throws {ApiError} invalid_json, not_found, invalid_request, conflict (archived, or rotated by somebody else at the same
 * time), precondition_failed, and as `readForOrg`
 */
export async function rotateKey(
	db: D1Database,
	target: OrgTarget,
	request: EngineRequest,
	now: number,
): Promise<Response> {
	const { caller, org, row } = await readEngine(db, target, request.id, now);
	const graceHours = request.body.length === 0 ? DEFAULT_GRACE_HOURS : parseGrace(parseJsonObject(request.body));
	expectUnarchived(row);
	requireMet({ ifMatch: request.ifMatch, version: null }, numberColumn(row, "version"), "engine");
	const oldKey = textColumn(row, "site_key");
	const expiresAt = isoInstant(now + graceHours * HOUR_MS);
	const after = await writeEngine(db, {
		orgId: org.id,
		id: request.id,
		caller,
		now,
		changes: [
			["site_key", successor(oldKey)],
			["previous_key", oldKey],
			["previous_key_expires_at", expiresAt],
		],
		action: "engine.rotate_key",
		fields: ["site_key"],
		still: "site_key = ?3",
		expected: oldKey,
		refusal: rotatedMeanwhile,
	});
	const answer = { engine: engineWithSettings(after), previous_key_expires_at: expiresAt };
	return json(answer, 200, { ETag: weakETag(numberColumn(after, "version")) });
}

function rotatedMeanwhile(): ApiError {
	return new ApiError(
		"conflict",
		"The key has been changed by somebody else at this moment; look at the engine again.",
	);
}

/** Hours that the old key still works. null is refused: it could as well mean none. */
function parseGrace(body: Record<string, unknown>): number {
	const faults = unknownFields(body, ["grace_hours"], "a key's rotation");
	const value = Object.hasOwn(body, "grace_hours") ? body.grace_hours : DEFAULT_GRACE_HOURS;
	const hours = typeof value === "number" && Number.isInteger(value) ? value : -1;
	if (hours < 0 || hours > MAX_GRACE_HOURS) {
		faults.push({ field: "grace_hours", message: `must be a whole number of hours from 0 to ${MAX_GRACE_HOURS}` });
	}
	if (faults.length > 0) throw invalidFields(faults);
	return hours;
}
