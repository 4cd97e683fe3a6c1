import { env } from "cloudflare:workers";
import { dump } from "../dump.ts";
import type { Dump, Rows } from "../dump.ts";

export const db: D1Database = env.DB;

export async function rows(sql: string): Promise<Rows> {
	return (await db.prepare(sql).all()).results;
}

/** Runs a file of statements, as `wrangler d1 execute --file` does. */
export async function apply(sql: string): Promise<void> {
	await db.prepare(sql).run();
}

/** The text of the error with which a statement is refused; undefined when it is not. */
export async function refusal(sql: string, ...values: unknown[]): Promise<string | undefined> {
	try {
		await db
			.prepare(sql)
			.bind(...values)
			.run();
		return undefined;
	} catch (error) {
		return error instanceof Error ? error.message : String(error);
	}
}

export function dumpDatabase(): Promise<Dump> {
	return dump(rows);
}
