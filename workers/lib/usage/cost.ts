import { batch, repeatableBatch } from "../d1/batch.ts";
import { ApiError } from "../http/errors.ts";
import { log } from "../log.ts";
import { bookingNoteStatement } from "../site/turns.ts";
import { accountJoinsSql, withinBrakesSql } from "./account.ts";

/** What is spent for an org without a turn of a visitor's. */
export interface OrgCost {
	orgId: string;
	/** UTC day on which it is booked. */
	date: string;
	costUsdMicros: number;
	/** Micro-USD that all orgs together may cost on the day. */
	deploymentBudget: number;
}

const reserveSql = (where: string): string => `
	INSERT INTO usage_daily (org_id, date, cost_usd_micros)
	SELECT o.id, ?2, ?3
	FROM orgs o ${accountJoinsSql("?2", "NULL")}
	WHERE ${where} AND ${withinBrakesSql("?3", "?4")}
	ON CONFLICT (org_id, date) DO UPDATE SET cost_usd_micros = cost_usd_micros + excluded.cost_usd_micros
	RETURNING 1 AS is_reserved
`;

const RESERVE_SQL = reserveSql("o.id = ?1");

/**
 * As `reserveCost`, for a batch that reads as well: it gives a row where the cost was booked.
 * @param cost of the org that ?1 names
 * @param where SQL over `orgs o`: which org is meant, and when nothing is booked; its own parameters begin at ?5
 */
export function reserveCostStatement(
	db: D1Database,
	{ orgId, date, costUsdMicros, deploymentBudget }: OrgCost,
	where: string,
	parameters: readonly (string | number | null)[],
): D1PreparedStatement {
	return db.prepare(reserveSql(where)).bind(orgId, date, costUsdMicros, deploymentBudget, ...parameters);
}

/**
 * Books a cost before it is spent, where the org's brake and the deployment's have room for it. No plan's unit is touched.
 * @returns whether there was room
 * @throws {ApiError} unavailable: it may have been booked all the same
 */
export async function reserveCost(db: D1Database, cost: OrgCost): Promise<boolean> {
	const { orgId, date, costUsdMicros, deploymentBudget } = cost;
	const [rows = []] = await batch(db, [db.prepare(RESERVE_SQL).bind(orgId, date, costUsdMicros, deploymentBudget)], {
		onLate: ([late = []]) => (late.length > 0 ? giveBackCost(db, cost) : undefined),
	});
	return rows.length > 0;
}

/** The statements that take back a cost, once: a repeat of them fails by `booking_notes.id`. @param id of the booking, random UUID */
export function giveBackStatements(
	db: D1Database,
	id: string,
	{ orgId, date, costUsdMicros }: Omit<OrgCost, "deploymentBudget">,
): D1PreparedStatement[] {
	const sql = "UPDATE usage_daily SET cost_usd_micros = MAX(0, cost_usd_micros - ?3) WHERE org_id = ?1 AND date = ?2";
	return [bookingNoteStatement(db, id), db.prepare(sql).bind(orgId, date, costUsdMicros)];
}

/**
 * Takes back a cost that was booked and not spent. Never rejects: what cannot be taken back is logged, and counts until midnight or
 * until the line is replayed.
 */
export async function giveBackCost(db: D1Database, cost: OrgCost): Promise<void> {
	const id = crypto.randomUUID();
	try {
		await repeatableBatch(db, giveBackStatements(db, id, cost), "booking_notes.id");
	} catch (error) {
		const { orgId, date, costUsdMicros } = cost;
		const reason = error instanceof ApiError ? error.reason : "internal";
		log("error", "cost_not_given_back", {
			booking_id: id,
			org_id: orgId,
			date,
			cost_usd_micros: costUsdMicros,
			reason,
		});
	}
}
