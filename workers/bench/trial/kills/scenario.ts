import type { Host } from "../host/start.ts";
import type { Dice } from "../parts/random.ts";
import type { Finding } from "../parts/trial.ts";

/** Work in the middle of which everything is killed, again and again on one database. */
export interface Scenario {
	name: string;
	/** The latest moment of a kill after the work has begun, ms. */
	spanMs: number;
	/** What a round needs to be there before. */
	prepare(host: Host, round: number): Promise<void>;
	/** The work of a round. It comes back when all of it has ended, one way or the other. */
	work(host: Host, dice: Dice, round: number): Promise<void>;
	/** Whether a round's work is far enough for the time to the kill to run; absent = at once. */
	isUnderWay?(round: number): boolean;
	/** After the restart: finishes what outsiders would, and holds what is stored against what they know. */
	check(host: Host, round: number): Promise<Finding[]>;
}

/** The number that SQL gives in its only column. */
export async function numberOf(host: Host, sql: string): Promise<number> {
	const [row = {}] = await host.sql(sql);
	return Number(Object.values(row)[0] ?? 0);
}
