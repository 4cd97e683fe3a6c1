import { batch, repeatableBatch } from "../../lib/d1/batch.ts";
import { textColumn } from "../../lib/d1/row.ts";
import { ApiError } from "../../lib/http/errors.ts";
import { log } from "../../lib/log.ts";
import { pause } from "../../lib/time-limit.ts";
import { ORG_ERASURES } from "./org-tables.ts";
import type { OrgErasure } from "./org-tables.ts";

/** Steps of a run, of at most three statements each. */
const MAX_STEPS = 20;
const STEP_TIME_LIMIT_MS = 20_000;
/** The least and the longest rest after a step, ms: in between as long as the step was. */
const REST_MS = 20;
const MAX_REST_MS = 1000;

interface ErasedOrg {
	orgId: string;
	erasureId: string;
}

/**
 * Part of the run every five minutes: goes on with the customer whose erasure was asked for, table by table, and at last the org.
 * Never rejects.
 */
export async function eraseOrgs(db: D1Database): Promise<void> {
	try {
		const org = await erasedOrg(db);
		if (org === undefined) return;
		const steps = await eraseTables(db, org);
		const isDone = steps < MAX_STEPS && (await eraseOrg(db, org));
		log("warn", "client_erasure", { erasure_id: org.erasureId, steps, done: isDone });
	} catch (error) {
		log("error", "client_not_erased", { reason: error instanceof ApiError ? error.reason : "internal" });
	}
}

async function erasedOrg(db: D1Database): Promise<ErasedOrg | undefined> {
	const [[row] = []] = await repeatableBatch(db, [
		db.prepare("SELECT id, erasure_id FROM orgs INDEXED BY orgs_with_erasure WHERE erasure_id IS NOT NULL LIMIT 1"),
	]);
	return row === undefined ? undefined : { orgId: textColumn(row, "id"), erasureId: textColumn(row, "erasure_id") };
}

/** @returns how many steps it took; as many as it may mean that something is left */
async function eraseTables(db: D1Database, org: ErasedOrg): Promise<number> {
	for (let step = 0; step < MAX_STEPS; step++) {
		const erasure = await nextErasure(db, org);
		if (erasure === undefined) return step;
		const begun = Date.now();
		await batch(db, stepStatements(db, org, erasure), { timeLimitMs: STEP_TIME_LIMIT_MS });
		await pause(Math.min(MAX_REST_MS, Math.max(REST_MS, Date.now() - begun)));
	}
	return MAX_STEPS;
}

/** The statement that looks which tables have something left: one column for each of ORG_ERASURES. */
const LEFT_SQL = `SELECT ${ORG_ERASURES.map(({ isLeft, tables }) => `EXISTS (${isLeft}) AS ${tables[0]}`).join(", ")}`;

async function nextErasure(db: D1Database, { orgId }: ErasedOrg): Promise<OrgErasure | undefined> {
	const [[row = {}] = []] = await repeatableBatch(db, [db.prepare(LEFT_SQL).bind(orgId)]);
	return ORG_ERASURES.find(({ tables }) => tables.some((table) => row[table] === 1));
}

function stepStatements(db: D1Database, { orgId, erasureId }: ErasedOrg, erasure: OrgErasure): D1PreparedStatement[] {
	const { statements, counted } = erasure;
	return [
		...statements.map((sql) => db.prepare(sql).bind(orgId)),
		db.prepare(`UPDATE erasures SET ${counted} = ${counted} + changes() WHERE id = ?1`).bind(erasureId),
	];
}

/**
 * Erases the org, which has nothing left. SQLite looks for what refers to it in every table that may, also in those where no index
 * finds it by the org: with a million messages that takes a second or more, once a customer.
 */
async function eraseOrg(db: D1Database, { orgId }: ErasedOrg): Promise<boolean> {
	const [rows = []] = await batch(
		db,
		[db.prepare("DELETE FROM orgs WHERE id = ?1 AND erasure_id IS NOT NULL RETURNING id").bind(orgId)],
		{ timeLimitMs: STEP_TIME_LIMIT_MS },
	);
	return rows.length === 1;
}
