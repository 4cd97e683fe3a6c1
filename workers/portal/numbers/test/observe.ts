import { env } from "cloudflare:workers";
import { expect } from "vitest";
import type { Call, Portal } from "../../test/portal.ts";

export interface Observed {
	sql: string[];
	rowsRead: number;
}

/** What a call asks of D1. */
export async function observe(portal: Portal, path: string, call: Call): Promise<Observed> {
	const observed: Observed = { sql: [], rowsRead: 0 };
	const DB = {
		prepare: (sql: string) => {
			observed.sql.push(sql);
			return env.DB.prepare(sql);
		},
		batch: async (statements: D1PreparedStatement[]) => {
			const results = await env.DB.batch(statements);
			for (const { meta } of results) observed.rowsRead += meta.rows_read;
			return results;
		},
	};
	const { status } = await portal.call(path, { ...call, env: { ...call.env, DB } });
	expect(status).toBeLessThan(300);
	return observed;
}
