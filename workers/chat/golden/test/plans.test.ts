import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it, vi } from "vitest";
import { resetDatabase } from "../../../lib/test/database.ts";
import worker from "../../index.ts";
import { rows, run } from "../../test/tables.ts";

/** Rows of JSON, the single row that a statement selects its own values from, and what a statement has counted itself. */
const SMALL =
	/^SCAN (?:json_each|CONSTANT ROW|counted|told|found|\(subquery-|asked|miss|near|sought|weighed|ranked|said|q$|letter$|\d+ CONSTANT ROWS|[amwlj] VIRTUAL TABLE)/;

it("every query of the scheduled run finds its rows by an index", async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2026-03-10T08:00:00.000Z") });
	await resetDatabase(env.DB);
	await run("INSERT INTO golden_questions (org_id, questions) VALUES ('org_chadis', '[{\"question\":\"Who?\"}]')");
	const queries: { sql: string; values: unknown[] }[] = [];
	const DB = new Proxy(env.DB, {
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
	const controller = createScheduledController({ scheduledTime: Date.now(), cron: "* * * * *" });
	await worker.scheduled(controller, { ...env, DB, GEMINI_API_KEY: `key-${crypto.randomUUID()}` });
	expect(await rows("SELECT status FROM golden_runs")).toEqual([{ status: "completed" }]);
	expect(queries.length).toBeGreaterThan(9);
	for (const { sql, values } of queries) {
		const plan = (await rows(`EXPLAIN QUERY PLAN ${sql}`, ...values)).map(({ detail }) => String(detail));
		expect(
			plan.filter((detail) => detail.startsWith("SCAN ") && !SMALL.test(detail)),
			sql,
		).toEqual([]);
		// Where the night's or the waiting rows are looked for, their own index is named.
		for (const index of plan.join("\n").match(/golden_\w+_(?:with|by)_\w+/g) ?? []) expect(sql).toContain(index);
	}
});
