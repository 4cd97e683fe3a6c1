import { env } from "cloudflare:workers";
import { beforeEach, expect, it } from "vitest";
import { resetDatabase } from "../../lib/test/database.ts";
import { CHADIS_KEY, newClient, sessionOf } from "./client.ts";
import { rows } from "./tables.ts";

beforeEach(() => resetDatabase(env.DB));

interface Query {
	sql: string;
	values: unknown[];
}

/** The test database, and every query that was prepared on it. */
function recorded(): { db: D1Database; queries: Query[] } {
	const queries: Query[] = [];
	const db = new Proxy(env.DB, {
		get(target, name) {
			if (name !== "prepare") return Reflect.get(target, name).bind(target);
			return (sql: string) => ({
				bind(...values: unknown[]) {
					queries.push({ sql, values });
					return target.prepare(sql).bind(...values);
				},
			});
		},
	});
	return { db, queries };
}

it("every query of a turn finds its rows by an index", async () => {
	const { db, queries } = recorded();
	const client = newClient();
	await client.gemini({}, {}, { status: 403 });
	const session_id = await sessionOf(await client.call({ key: CHADIS_KEY, env: { DB: db } }));
	await client.call({ key: CHADIS_KEY, body: { message: "Hello", session_id }, env: { DB: db } });
	await client.call({ key: CHADIS_KEY, env: { DB: db } });
	await client.call({ env: { DB: db } });
	const plans = new Map<string, string[]>();
	for (const { sql, values } of queries) {
		const plan = await rows(`EXPLAIN QUERY PLAN ${sql}`, ...values);
		plans.set(sql.trim().replace(/\s+/g, " "), plan.map(({ detail }) => String(detail)));
	}
	expect(plans.size).toBeGreaterThanOrEqual(10);
	for (const [sql, plan] of plans) {
		const slow = plan.filter((detail) => /TEMP B-TREE|^SCAN (?!json_each|CONSTANT ROW|2-ROW VALUES)/.test(detail));
		expect({ sql, slow }).toEqual({ sql, slow: [] });
	}
});
