import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { resetDatabase } from "../../../lib/test/database.ts";
import { skipPauses } from "../../../lib/test/pauses.ts";
import { NOW } from "../../test/portal.ts";
import { seedAged } from "./aged-seed.ts";
import { REST_MS, runDaily } from "./retention-seed.ts";

beforeEach(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	skipPauses([REST_MS]);
	await resetDatabase(env.DB);
});

describe("the run's statements", () => {
	it("find every row by an index", async () => {
		await seedAged(env.DB, 1);
		const prepared: string[] = [];
		const db = new Proxy(env.DB, {
			get(target, name) {
				if (name === "batch") return (statements: D1PreparedStatement[]) => target.batch(statements);
				return (sql: string) => {
					prepared.push(sql);
					return target.prepare(sql);
				};
			},
		});
		await runDaily(db);
		expect(prepared.length).toBeGreaterThan(70);
		for (const sql of prepared) {
			const parameters = new Set(sql.match(/\?\d+/g)).size;
			const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
				.bind(...Array(parameters).fill(null))
				.all<{ detail: string }>();
			const scans = results
				.map(({ detail }) => detail)
				.filter((detail) =>
					// The rows that a statement has made itself: of work, and of the turns and counters that it compares.
					/^SCAN (?!listed\b|asked\b|counted\b|\(subquery|\w+ VIRTUAL TABLE|knowledge USING INDEX knowledge_unsearchable)/.test(
						detail,
					),
				);
			expect(scans, sql).toEqual([]);
		}
	});
});
