import type { Row } from "../d1/row.ts";

/**
 * A database as recovery reaches it, in a worker by its binding, from a machine by wrangler: the same statements either way.
 */
export interface Store {
	/** Makes statements. Only `run` sends them. */
	db: D1Database;
	/** Runs statements in order as one transaction; nothing of it stands when one fails. @returns the rows of each */
	run(statements: D1PreparedStatement[]): Promise<Row[][]>;
}
