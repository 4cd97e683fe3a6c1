import { batch, repeatableBatch } from "../../lib/d1/batch.ts";
import { textColumn } from "../../lib/d1/row.ts";
import { ApiError } from "../../lib/http/errors.ts";
import { log } from "../../lib/log.ts";
import { pause } from "../../lib/time-limit.ts";
import { ORG_ERASURES } from "./org-tables.ts";
import type { OrgErasure } from "./org-tables.ts";

/** Steps of a run, of at most four statements each; D1 takes 1,000 of the run, which goes on with other work after this. */
const MAX_STEPS = 40;
/** Customers of a run, which share its steps. */
const MAX_ORGS = 4;
/** No step begins after as long, ms. */
const RUN_TIME_LIMIT_MS = 60_000;
const STEP_TIME_LIMIT_MS = 20_000;
/** The least and the longest rest after a step, ms: in between as long as the step was. */
const REST_MS = 20;
const MAX_REST_MS = 1000;

interface ErasedOrg {
	orgId: string;
	erasureId: string;
}

/**
 * Part of the run every five minutes: goes on with customers whose erasure was asked for, each table by table, and at last the org. A
 * fault of one is logged and stops no other. Never rejects.
 */
export async function eraseOrgs(db: D1Database): Promise<void> {
	const deadline = Date.now() + RUN_TIME_LIMIT_MS;
	const orgs: ErasedOrg[] = [];
	await attempt(undefined, async () => void orgs.push(...(await erasedOrgs(db))));
	const maxSteps = Math.floor(MAX_STEPS / Math.max(1, orgs.length));
	for (const org of orgs)
		await attempt(org.erasureId, async () => {
			const { steps, isEmpty } = await eraseTables(db, org, maxSteps, deadline);
			const isDone = isEmpty && (await eraseOrg(db, org));
			log("warn", "client_erasure", { erasure_id: org.erasureId, steps, done: isDone });
		});
}

async function attempt(erasureId: string | undefined, work: () => Promise<void>): Promise<void> {
	try {
		await work();
	} catch (error) {
		const reason = error instanceof ApiError ? error.reason : "internal";
		log("error", "client_not_erased", { erasure_id: erasureId, reason });
	}
}

/** Chosen by chance, so that none whose erasure fails or takes long stands before the others. */
async function erasedOrgs(db: D1Database): Promise<ErasedOrg[]> {
	const [rows = []] = await repeatableBatch(db, [
		db.prepare(`
			SELECT id, erasure_id FROM orgs INDEXED BY orgs_with_erasure
			WHERE erasure_id IS NOT NULL
			ORDER BY random()
			LIMIT ${MAX_ORGS}
		`),
	]);
	return rows.map((row) => ({ orgId: textColumn(row, "id"), erasureId: textColumn(row, "erasure_id") }));
}

async function eraseTables(
	db: D1Database,
	org: ErasedOrg,
	maxSteps: number,
	deadline: number,
): Promise<{ steps: number; isEmpty: boolean }> {
	let steps = 0;
	for (; steps < maxSteps && Date.now() < deadline; steps++) {
		const erasure = await nextErasure(db, org);
		if (erasure === undefined) return { steps, isEmpty: true };
		const begun = Date.now();
		await batch(db, stepStatements(db, org, erasure), { timeLimitMs: STEP_TIME_LIMIT_MS });
		await pause(Math.min(MAX_REST_MS, Math.max(REST_MS, Date.now() - begun)));
	}
	return { steps, isEmpty: false };
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
