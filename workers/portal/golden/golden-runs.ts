import { batch } from "../../lib/d1/batch.ts";
import { numberColumn, packedRows, textColumn, textColumnOrNull, textListColumn } from "../../lib/d1/row.ts";
import type { Row } from "../../lib/d1/row.ts";
import { parseJsonObject } from "../../lib/http/body.ts";
import { ApiError } from "../../lib/http/errors.ts";
import { invalidFields, unknownFields } from "../../lib/http/fields.ts";
import { taggedJson } from "../../lib/http/conditional.ts";
import { isObject, json, parseJson } from "../../lib/http/json.ts";
import { notFound } from "../../lib/http/serve.ts";
import { sha256Hex } from "../../lib/text/digest.ts";
import { isoInstant } from "../../lib/time.ts";
import { actorOf, auditStatement } from "../audit/statement.ts";
import { readRecorded } from "../audit/reads.ts";
import { IS_ORG, ORG_COLUMNS, readForOrg } from "../auth/access.ts";
import type { OrgTarget } from "../auth/access.ts";
import { packedColumn } from "../request/packed.ts";
import { beforeCursor, pageOf, parsePage } from "../request/page.ts";
import { draftChanges, draftStatement, draftedConfig } from "../settings/config-draft.ts";
import { storedFields, wholeConfig } from "../settings/config-fields.ts";

const DEFAULT_LIMIT = 20;
const RUN_COLUMNS = [
	...["id", "status", "origin", "is_draft", "total", "asked", "passed", "cost_usd_micros", "stopped_by"],
	...["requested_by", "created_at", "ended_at"],
];
const RUNS_COLUMNS = RUN_COLUMNS.map((column) => `r.${column}`).join(", ");

function runOf(row: Row) {
	const status = textColumn(row, "status");
	const total = numberColumn(row, "total");
	const passed = numberColumn(row, "passed");
	return {
		id: textColumn(row, "id"),
		status,
		origin: textColumn(row, "origin"),
		draft: numberColumn(row, "is_draft") === 1,
		total,
		asked: numberColumn(row, "asked"),
		passed,
		// Rounded down: what is shown as 80 has reached 80.
		pass_rate: status === "completed" && total > 0 ? Math.floor((passed * 100) / total) : null,
		cost_usd_micros: numberColumn(row, "cost_usd_micros"),
		stopped_by: textColumnOrNull(row, "stopped_by"),
		requested_by: textColumnOrNull(row, "requested_by"),
		created_at: textColumn(row, "created_at"),
		ended_at: textColumnOrNull(row, "ended_at"),
	};
}

/**
 * `POST /portal/golden-questions/runs {draft?}`: queues a run of the questions as they stand, asked of the configuration in force or
 * of the draft as it stands. The chat's scheduled run takes it up within a minute.
 * @throws {ApiError} invalid_json, invalid_request, conflict (no questions, no draft, or a run is under way), and as `readForOrg`
 */
export async function postGoldenRun(
	db: D1Database,
	target: OrgTarget,
	body: Uint8Array,
	now: number,
): Promise<Response> {
	const { caller, org, row, results } = await readForOrg(db, target, [
		draftStatement(db, target.ref),
		stateStatement(db, target.ref),
	]);
	const isDraft = parseDraft(body.length === 0 ? {} : parseJsonObject(body));
	const state = results[1]?.[0] ?? {};
	if (numberColumn(state, "questions") === 0) throw conflict("There are no golden questions; write some first.");
	if (isDraft && draftChanges(row) === undefined) throw conflict("There is no draft to ask; write one first.");
	const config = wholeConfig(isDraft ? draftedConfig(row) : storedFields(row));
	const id = crypto.randomUUID();
	const at = isoInstant(now);
	const free = { sql: NONE_UNDER_WAY, parameters: [org.id] };
	const entry = { orgId: org.id, at, by: actorOf(caller), action: "golden_questions.run", target: id } as const;
	const [, , after] = await batch(db, [
		auditStatement(db, entry, free),
		db
			.prepare(`
				INSERT INTO golden_runs (id, org_id, origin, is_draft, config, config_digest, requested_by, created_at)
				SELECT ?2, ?1, 'on_demand', ?3, ?4, ?5, ?6, ?7 ${NONE_UNDER_WAY}
			`)
			.bind(org.id, id, isDraft ? 1 : 0, config, await sha256Hex(config), caller.userId, at),
		db.prepare(`SELECT ${RUNS_COLUMNS} FROM golden_runs r WHERE r.id = ?1`).bind(id),
	]);
	const queued = after?.[0];
	if (queued === undefined) throw conflict("A run is under way already; wait until it has ended.");
	return json({ run: runOf(queued) }, 201, { Location: `/portal/golden-questions/runs/${id}` });
}

const NONE_UNDER_WAY = `
	WHERE NOT EXISTS (
		SELECT 1 FROM golden_runs INDEXED BY golden_runs_underway WHERE org_id = ?1 AND status IN ('queued', 'running'))`;

function stateStatement(db: D1Database, ref: string): D1PreparedStatement {
	return db
		.prepare(`
			SELECT COALESCE(json_array_length(g.questions), 0) AS questions
			FROM orgs o LEFT JOIN golden_questions g ON g.org_id = o.id WHERE ${IS_ORG}
		`)
		.bind(ref);
}

function conflict(message: string): ApiError {
	return new ApiError("conflict", message);
}

/** @throws {ApiError} invalid_request */
function parseDraft(body: Record<string, unknown>): boolean {
	const faults = unknownFields(body, ["draft"], "a run");
	const draft = Object.hasOwn(body, "draft") ? body["draft"] : false;
	if (typeof draft !== "boolean") faults.push({ field: "draft", message: "must be true or false" });
	if (faults.length > 0) throw invalidFields(faults);
	return draft === true;
}

/**
 * `GET /portal/golden-questions/runs`: the newest first, a page at a time.
 * @throws {ApiError} invalid_request, and as `readForOrg`
 */
export async function getGoldenRuns(
	db: D1Database,
	target: OrgTarget,
	params: URLSearchParams,
	now: number,
): Promise<Response> {
	const { limit, before } = parsePage(params, DEFAULT_LIMIT, beforeCursor);
	const listed = db.prepare(RUNS_SQL).bind(target.ref, ...before, limit + 1);
	const { row } = await readRecorded(db, target, [listed], { action: "golden_run.list", now });
	const { items, next_cursor } = pageOf(packedRows(row, "runs"), limit, runOf, (last) => [
		textColumn(last, "created_at"),
		textColumn(last, "id"),
	]);
	return taggedJson({ runs: items, next_cursor });
}

const RUNS_SQL = `
	SELECT ${ORG_COLUMNS},
		(SELECT ${packedColumn(...RUN_COLUMNS)}
			FROM (
				SELECT ${RUNS_COLUMNS}
				FROM golden_runs r INDEXED BY golden_runs_by_org
				WHERE r.org_id = o.id AND (r.created_at, r.id) < (?2, ?3)
				ORDER BY r.created_at DESC, r.id DESC
				LIMIT ?4) listed) AS runs
	FROM orgs o
	WHERE ${IS_ORG}
`;

/**
 * `GET /portal/golden-questions/runs/{id}`: a run with what became of each question.
 * @throws {ApiError} not_found, and as `readForOrg`
 */
export async function getGoldenRun(db: D1Database, target: OrgTarget, id: string, now: number): Promise<Response> {
	const statements = [db.prepare(RUN_SQL).bind(target.ref, id), db.prepare(RESULTS_SQL).bind(target.ref, id)];
	const read = { action: "golden_run.read", now, target: id, exists: HAS_RUN } as const;
	const { row, results } = await readRecorded(db, target, statements, read);
	if (textColumnOrNull(row, "id") === null) throw notFound();
	return taggedJson({ run: runOf(row), results: (results[1] ?? []).map(resultOf) });
}

/** The org has this run. */
const HAS_RUN = "EXISTS (SELECT 1 FROM golden_runs r WHERE r.id = ?2 AND +r.org_id = o.id)";

const RUN_SQL = `
	SELECT ${ORG_COLUMNS}, ${RUNS_COLUMNS}
	FROM orgs o
	LEFT JOIN golden_runs r ON r.id = ?2 AND +r.org_id = o.id
	WHERE ${IS_ORG}
`;

const RESULTS_SQL = `
	SELECT g.position, g.question, g.verdict, g.faults, g.answer, g.finish, g.sources
	FROM orgs o
	CROSS JOIN golden_runs r ON r.id = ?2 AND +r.org_id = o.id
	CROSS JOIN golden_results g ON g.run_id = r.id
	WHERE ${IS_ORG}
	ORDER BY g.position
	LIMIT 100
`;

function resultOf(row: Row) {
	const question = parseJson(textColumn(row, "question"));
	return {
		position: numberColumn(row, "position"),
		question: isObject(question) && typeof question["question"] === "string" ? question["question"] : "",
		verdict: textColumnOrNull(row, "verdict"),
		faults: textListColumn(row, "faults") ?? [],
		answer: textColumnOrNull(row, "answer"),
		finish: textColumnOrNull(row, "finish"),
		sources: textListColumn(row, "sources") ?? [],
	};
}
