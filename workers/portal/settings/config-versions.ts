import { numberColumn, numberColumnOrNull, packedRows, textColumn, textColumnOrNull } from "../../lib/d1/row.ts";
import type { Row } from "../../lib/d1/row.ts";
import type { FieldError } from "../../lib/http/errors.ts";
import { taggedJson } from "../../lib/http/conditional.ts";
import { notFound } from "../../lib/http/serve.ts";
import { isoInstant } from "../../lib/time.ts";
import { readRecorded, recordRead } from "../audit/reads.ts";
import { IS_ORG, ORG_COLUMNS, readForOrg } from "../auth/access.ts";
import type { OrgTarget } from "../auth/access.ts";
import { decodeCursor } from "../request/cursor.ts";
import { expectedVersion } from "../request/etag.ts";
import { packedColumn } from "../request/packed.ts";
import { CURSOR_FAULT, pageOf, parsePage } from "../request/page.ts";
import { queryText } from "../request/query.ts";
import { CONFIG_COLUMNS, changesBetween, parseStored, shownConfig, storedFields } from "./config-fields.ts";
import { requireMayKeep } from "./config-patch.ts";
import { configResponse } from "./config-read.ts";
import { writeConfig } from "./config-write.ts";

const DEFAULT_LIMIT = 50;

/**
 * `GET /portal/config/versions`: what became of the configuration, the newest first, a page at a time.
 * @throws {ApiError} invalid_request, and as `readForOrg`
 */
export async function getVersions(
	db: D1Database,
	target: OrgTarget,
	params: URLSearchParams,
	now: number,
): Promise<Response> {
	const { limit, before } = parsePage(params, DEFAULT_LIMIT, parseBefore);
	const listed = versionsStatement(db, target.ref, before, limit);
	const { row } = await readRecorded(db, target, [listed], { action: "config_version.list", now });
	const { items, next_cursor } = pageOf(packedRows(row, "versions"), limit, versionOf, (last) => [
		String(numberColumn(last, "version")),
	]);
	return taggedJson({ versions: items, next_cursor });
}

/** The version that the page's come before. */
function parseBefore(params: URLSearchParams, faults: FieldError[]): number {
	const text = queryText(params, "cursor", 100, faults);
	if (text === undefined) return Number.MAX_SAFE_INTEGER;
	const [version = ""] = decodeCursor(text, 1) ?? [];
	if (/^[1-9]\d{0,14}$/.test(version)) return Number(version);
	faults.push(CURSOR_FAULT);
	return 0;
}

const VERSIONS_SQL = `
	SELECT ${ORG_COLUMNS},
		(SELECT ${packedColumn("version", "created_at", "user_id", "cause", "reason", "made_from")}
			FROM (
				SELECT v.version, v.created_at, v.user_id, v.cause, v.reason, v.made_from
				FROM config_versions v
				WHERE v.org_id = o.id AND v.version < ?2 AND v.config IS NOT NULL
				ORDER BY v.version DESC
				LIMIT ?3) listed) AS versions
	FROM orgs o
	WHERE ${IS_ORG}
`;

function versionsStatement(db: D1Database, ref: string, before: number, limit: number): D1PreparedStatement {
	return db.prepare(VERSIONS_SQL).bind(ref, before, limit + 1);
}

function versionOf(row: Row) {
	return {
		version: numberColumn(row, "version"),
		at: textColumn(row, "created_at"),
		by: textColumnOrNull(row, "user_id"),
		cause: textColumn(row, "cause"),
		reason: textColumnOrNull(row, "reason"),
		made_from: numberColumnOrNull(row, "made_from"),
	};
}

/**
 * `GET /portal/config/versions/{version}`: one version whole, defaults filled in as they are today, and fields that came after it as they
 * are in force.
 * @throws {ApiError} not_found, and as `readForOrg`
 */
export async function getVersion(db: D1Database, target: OrgTarget, id: string, now: number): Promise<Response> {
	const version = numberOf(id);
	const shown = { action: "config_version.read", now, target: String(version), exists: HAS_VERSION } as const;
	const { row } = await readRecorded(db, target, [versionStatement(db, target.ref, version)], shown);
	const kept = keptConfig(row);
	const config = shownConfig({ org_name: row["org_name"], ...kept });
	return taggedJson({ ...versionOf({ ...row, version: row["kept_version"] }), config });
}

/** The number of a version; 0, which none has, for what is no number. */
function numberOf(id: string): number {
	return /^[1-9]\d{0,14}$/.test(id) ? Number(id) : 0;
}

/** The org has this version. */
const HAS_VERSION =
	"EXISTS (SELECT 1 FROM config_versions v WHERE v.org_id = o.id AND v.version = CAST(?2 AS INTEGER) AND v.config IS NOT NULL)";

/**
 * The fields of a version, of the JSON text that it was kept as; those that came after it, which it knew nothing of, are as they are in
 * force: to go back to an old greeting must not end an org's privacy mode. @throws {ApiError} not_found
 */
function keptConfig(row: Row) {
	const config = textColumnOrNull(row, "config");
	if (config === null) throw notFound();
	return { ...storedFields(row), ...parseStored(config) };
}

const VERSION_SQL = `
	SELECT ${ORG_COLUMNS}, ${CONFIG_COLUMNS}, v.version AS kept_version, v.config, v.created_at, v.user_id, v.cause, v.reason, v.made_from
	FROM orgs o
	LEFT JOIN org_config c ON c.org_id = o.id
	LEFT JOIN config_versions v ON v.org_id = o.id AND v.version = ?2
	WHERE ${IS_ORG}
`;

function versionStatement(db: D1Database, ref: string, version: number): D1PreparedStatement {
	return db.prepare(VERSION_SQL).bind(ref, version);
}

/** What is restored, and the If-Match header. */
export interface RestoreRequest {
	/** The version, of the path. */
	version: string;
	ifMatch: string | null;
}

/**
 * `POST /portal/config/versions/{version}/restore`: every field as that version held it, to the byte, as a new version; fields that
 * came after it stay. A version that says what is in force already writes nothing. Rules that came later are not asked; only what takes staff still does.
 * @throws {ApiError} not_found, invalid_request, precondition_failed, and as `readForOrg`
 */
export async function restoreVersion(
	db: D1Database,
	target: OrgTarget,
	{ version: id, ifMatch }: RestoreRequest,
	now: number,
): Promise<Response> {
	const version = numberOf(id);
	const { caller, org, row } = await readForOrg(db, target, [versionStatement(db, target.ref, version)]);
	const kept = keptConfig(row);
	const current = numberColumn(row, "version");
	expectedVersion({ ifMatch, version: null }, current, "configuration");
	const changes = changesBetween(storedFields(row), kept);
	requireMayKeep(changes, caller.staff);
	if (changes.length === 0) {
		await recordRead(db, target, { action: "config.read", now });
		return configResponse(row);
	}
	const write = { orgId: org.id, caller, now: isoInstant(now), changes, expected: current };
	return configResponse(await writeConfig(db, { ...write, cause: "restore", madeFrom: version, reason: null }));
}
