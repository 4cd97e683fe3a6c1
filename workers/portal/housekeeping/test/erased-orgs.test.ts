import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { skipPauses } from "../../../lib/test/pauses.ts";
import { createPortal, NOW } from "../../test/portal.ts";
import { PANNU, seedTwins } from "../../test/seed.ts";
import { REST_MS, count, runOften } from "./retention-seed.ts";

beforeEach(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	skipPauses([REST_MS]);
	await createPortal();
	await seedTwins(env.DB);
});

const ERASE = "UPDATE orgs SET erasure_id = 'of-' || id, status = 'churned' WHERE id = ?1";
const deploymentCost = () =>
	env.DB.prepare("SELECT COALESCE(SUM(cost_usd_micros), 0) AS n FROM usage_deployment WHERE date = '2026-08-20'").first(
		"n",
	);

/** The test database, and the rows that each statement of it wrote. */
function metered(): { db: D1Database; rows: number[] } {
	const rows: number[] = [];
	const db = new Proxy(env.DB, {
		get(target, name) {
			if (name === "prepare") return (sql: string) => target.prepare(sql);
			return async (statements: D1PreparedStatement[]) => {
				const results = await target.batch(statements);
				for (const { meta } of results) rows.push(meta.rows_written);
				return results;
			};
		},
	});
	return { db, rows };
}

describe("the erasure of a customer", () => {
	it("that fails time and again stops no other customer's, and says which it is", async () => {
		await env.DB.batch([
			env.DB.prepare(
				"INSERT INTO orgs (id, name, slug, erasure_id) VALUES ('org_a', 'A', 'a', 'of-org_a'), ('org_b', 'B', 'b', 'of-org_b')",
			),
			env.DB.prepare("INSERT INTO visitors (org_id, visitor_id) VALUES ('org_a', 'v'), ('org_b', 'v')"),
			env.DB.prepare(
				"CREATE TRIGGER refuse BEFORE DELETE ON visitors WHEN OLD.org_id = 'org_a' BEGIN SELECT RAISE(ABORT, 'not this'); END",
			),
		]);
		const lines = await runOften();
		expect(await count("orgs WHERE id = 'org_b'")).toBe(0);
		expect(await count("orgs WHERE id = 'org_a'")).toBe(1);
		expect(lines).toContainEqual(expect.objectContaining({ event: "client_not_erased", erasure_id: "of-org_a" }));
		expect(lines).toContainEqual(
			expect.objectContaining({ event: "client_erasure", erasure_id: "of-org_b", done: true }),
		);
	});

	it("takes every one of many in turn", async () => {
		await env.DB.prepare(`
			WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n LIMIT 12)
			INSERT INTO orgs (id, name, slug, erasure_id) SELECT 'org_' || n, 'A', 'a' || n, 'of-' || n FROM n
		`).run();
		for (let run = 0; run < 3; run++) await runOften(env.DB, NOW + run);
		expect(await count("orgs WHERE erasure_id IS NOT NULL")).toBe(0);
	});

	it("closes its open voice conversations, which gives back what they reserved of the deployment", async () => {
		const before = await deploymentCost();
		await env.DB.batch([
			env.DB.prepare(`
				WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n LIMIT 150)
				INSERT INTO voice_sessions (id, org_id, site_id, agent_id, client_hash, opened_at, expires_at, reserved_seconds, reserved_usd_micros)
				SELECT 'v' || n, ?1, ?2, 'a', 'c', '2026-08-20T11:00:00.000Z', '2026-08-20T13:00:00.000Z', 600, 70000 FROM n
			`).bind(PANNU.id, PANNU.siteId),
			env.DB.prepare(ERASE).bind(PANNU.id),
		]);
		expect(await deploymentCost()).toBe(Number(before) + 150 * 70_000);
		const { db, rows } = metered();
		await runOften(db);
		expect(await count(`voice_sessions WHERE org_id = '${PANNU.id}'`)).toBe(0);
		expect(await deploymentCost()).toBe(before);
		expect(Math.max(...rows)).toBeLessThanOrEqual(1000);
	});
});
