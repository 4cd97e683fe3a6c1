import { batch, repeatableBatch } from "../../d1/batch.ts";
import { textColumn } from "../../d1/row.ts";
import { log } from "../../log.ts";
import { settleStatements, sweptStatement } from "../turns.ts";

/** Turns settled in one batch. */
const STEP_TURNS = 100;
/** Batches of one run; the next one goes on. */
const MAX_STEPS = 20;

/**
 * Settles what nobody has ended in time: turns of workers that died, and of batches that were carried out though D1 said they
 * were not. Their reservations are given back, the visitors' messages stay.
 * @param now ISO instant
 * @returns how many there were
 * @throws {ApiError} unavailable: the next run goes on
 */
export async function sweepTurns(db: D1Database, now: string): Promise<number> {
	let settled = 0;
	for (let step = 0; step < MAX_STEPS; step++) {
		const [rows = []] = await repeatableBatch(db, [
			db
				.prepare("SELECT id, kind FROM turns WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2")
				.bind(now, STEP_TURNS),
		]);
		if (rows.length === 0) break;
		const ids = rows.map((row) => textColumn(row, "id"));
		await batch(db, [sweptStatement(db, ids), ...settleStatements(db, ids)]);
		settled += rows.filter(({ kind }) => kind !== "note").length;
		if (rows.length < STEP_TURNS) break;
	}
	if (settled > 0) log("warn", "turns_settled", { turns: settled });
	return settled;
}
