import { parseJsonObject } from "../../lib/http/body.ts";
import { numberColumn } from "../../lib/d1/row.ts";
import { isoInstant } from "../../lib/time.ts";
import { readRecorded, recordRead } from "../audit/reads.ts";
import { readForOrg } from "../auth/access.ts";
import type { OrgTarget } from "../auth/access.ts";
import { expectedVersion } from "../request/etag.ts";
import { shownConfig } from "./config-fields.ts";
import { parseConfigPatch } from "./config-patch.ts";
import { configResponse, configStatement } from "./config-read.ts";
import { writeConfig } from "./config-write.ts";

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
	const patch = parseConfigPatch(parseJsonObject(body), caller.staff, shownConfig(row));
	const expected = expectedVersion({ ifMatch, version: patch.version }, numberColumn(row, "version"), "configuration");
	const changes = patch.changes.filter(([field, value]) => row[field] !== value);
	if (changes.length === 0) {
		await recordRead(db, target, { action: "config.read", now });
		return configResponse(row);
	}
	const write = { orgId: org.id, caller, now: isoInstant(now), changes, expected };
	return configResponse(await writeConfig(db, { ...write, cause: "update", madeFrom: null, reason: null }));
}
