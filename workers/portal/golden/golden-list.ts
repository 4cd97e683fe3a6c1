import { batch } from "../../lib/d1/batch.ts";
import { excessBytes } from "../../lib/d1/exported-size.ts";
import { numberColumn, textColumnOrNull } from "../../lib/d1/row.ts";
import type { Row } from "../../lib/d1/row.ts";
import { parseJsonObject } from "../../lib/http/body.ts";
import { taggedJson } from "../../lib/http/conditional.ts";
import { parseJson } from "../../lib/http/json.ts";
import { isoInstant } from "../../lib/time.ts";
import { actorOf, auditStatement } from "../audit/statement.ts";
import { readRecorded, recordRead } from "../audit/reads.ts";
import { IS_ORG, ORG_COLUMNS, readForOrg } from "../auth/access.ts";
import type { OrgTarget } from "../auth/access.ts";
import { changedMeanwhile, expectedVersion } from "../request/etag.ts";
import { invalidFields } from "../../lib/http/fields.ts";
import { parseGoldenList } from "./golden-question.ts";

const WHOLE = "list of golden questions";

const LIST_SQL = `
	SELECT ${ORG_COLUMNS}, COALESCE(g.questions, '[]') AS questions, COALESCE(g.version, 0) AS version, g.updated_at, g.updated_by
	FROM orgs o
	LEFT JOIN golden_questions g ON g.org_id = o.id
	WHERE ${IS_ORG}
`;

function listStatement(db: D1Database, ref: string): D1PreparedStatement {
	return db.prepare(LIST_SQL).bind(ref);
}

/** `GET /portal/golden-questions` */
export async function getGoldenQuestions(db: D1Database, target: OrgTarget, now: number): Promise<Response> {
	const listed = listStatement(db, target.ref);
	const { row } = await readRecorded(db, target, [listed], { action: "golden_questions.read", now });
	return listResponse(row);
}

function listResponse(row: Row): Promise<Response> {
	const version = numberColumn(row, "version");
	const body = {
		questions: parseJson(textColumnOrNull(row, "questions") ?? "[]"),
		version,
		updated_at: textColumnOrNull(row, "updated_at"),
		updated_by: textColumnOrNull(row, "updated_by"),
	};
	return taggedJson(body, { version });
}

export interface GoldenListRequest {
	body: Uint8Array;
	/** The If-Match header. */
	ifMatch: string | null;
}

/**
 * `PUT /portal/golden-questions {questions}`: the list whole. What changes nothing writes nothing.
 * @throws {ApiError} invalid_json, invalid_request, precondition_failed, and as `readForOrg`
 */
export async function putGoldenQuestions(
	db: D1Database,
	target: OrgTarget,
	{ body, ifMatch }: GoldenListRequest,
	now: number,
): Promise<Response> {
	const { caller, org, row } = await readForOrg(db, target, [listStatement(db, target.ref)]);
	const text = JSON.stringify(parseGoldenList(parseJsonObject(body)));
	const excess = excessBytes([text]);
	if (excess > 0) throw invalidFields([{ field: "questions", message: `must be ${excess} bytes shorter in all` }]);
	const expected = expectedVersion({ ifMatch, version: null }, numberColumn(row, "version"), WHOLE);
	if (text === row["questions"]) {
		await recordRead(db, target, { action: "golden_questions.read", now });
		return listResponse(row);
	}
	const at = isoInstant(now);
	const [, written, after] = await batch(db, [
		auditStatement(
			db,
			{
				orgId: org.id,
				at,
				by: actorOf(caller),
				action: "golden_questions.update",
				target: org.id,
				fields: ["questions"],
			},
			{ sql: STILL_STANDS, parameters: [org.id, expected] },
		),
		db
			.prepare(`
				INSERT INTO golden_questions (org_id, questions, updated_at, updated_by) SELECT ?1, ?3, ?4, ?5 ${STILL_STANDS}
				ON CONFLICT (org_id) DO UPDATE
				SET questions = excluded.questions, version = version + 1, updated_at = excluded.updated_at, updated_by = excluded.updated_by
				RETURNING version
			`)
			.bind(org.id, expected, text, at, caller.userId),
		listStatement(db, org.id),
	]);
	const current = after?.[0];
	if (written?.length !== 1 || current === undefined) throw changedMeanwhile(WHOLE);
	return listResponse(current);
}

const STILL_STANDS = "WHERE (?2 IS NULL OR COALESCE((SELECT version FROM golden_questions WHERE org_id = ?1), 0) = ?2)";
