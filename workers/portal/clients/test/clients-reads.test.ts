import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { observe } from "../../numbers/test/observe.ts";
import { createPortal, NOW } from "../../test/portal.ts";
import type { Portal } from "../../test/portal.ts";
import { STAFF, seedTwins } from "../../test/seed.ts";

const ORGS = 2000;
let portal: Portal;

/** Of the orgs, every fortieth is churned and every twentieth has the plan voice, so that neither is near the other's beginning. */
beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seedTwins(env.DB);
	await env.DB.prepare(`
		WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?1)
		INSERT INTO orgs (id, name, slug, plan, status)
		SELECT 'org_n' || n, printf('Client %05d', n), printf('%c-slug-%05d', 97 + n % 26, n),
			IIF(n % 20 = 0, 'voice', 'chatbot'), IIF(n % 40 = 0, 'churned', 'active') FROM n
	`)
		.bind(ORGS)
		.run();
	await env.DB.batch(
		[
			"INSERT INTO orgs (id, name, slug) VALUES ('org_busy', 'Client 00050 busy', 'busy')",
			"INSERT INTO portal_sites (id, org_id, site_key, name) VALUES ('site_busy', 'org_busy', 'sk_busy_live_abc123', 'Bot')",
			"INSERT INTO chat_sessions (id, org_id, site_id, visitor_id) VALUES ('busy', 'org_busy', 'site_busy', 'v')",
			...["metrics_daily (site_id, org_id, date, errors)", "usage_daily (org_id, date, cost_usd_micros)"].map(
				(into) => `
				WITH RECURSIVE n (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < 59)
				INSERT INTO ${into} SELECT ${into.startsWith("m") ? "'site_busy', " : ""}'org_busy', date('2026-08-20', '-' || n || ' days'), 5 FROM n`,
			),
		].map((sql) => env.DB.prepare(sql)),
	);
});

describe("a page of clients", () => {
	it.each([
		"",
		"&status=churned",
		"&status=active",
		"&plan=voice",
		"&plan=enterprise",
		"&plan=voice&status=churned",
		"&plan=voice&status=past_due",
		"&q=client",
		"&q=client%20019",
		"&q=client&status=churned",
		"&q=client&plan=voice",
		"&q=client&plan=voice&status=churned",
		"&q=nobody&status=active&plan=chatbot",
	])("with%s reads rows as it has, not as there are orgs", async (filter) => {
		for (const limit of [1, 10]) {
			const { rowsRead } = await observe(portal, `/portal/clients?limit=${limit}${filter}`, { as: STAFF });
			expect(rowsRead).toBeLessThan(60 + 20 * limit);
		}
	});

	it("that picks by attention looks through a hundred, and goes on behind them", async () => {
		const path = "/portal/clients?limit=10&attention=errors";
		expect((await observe(portal, path, { as: STAFF })).rowsRead).toBeLessThan(60 + 20 * 100);
		const { body } = await portal.call(path, { as: STAFF });
		expect(body).toMatchObject({
			clients: [expect.objectContaining({ id: "org_busy" })],
			next_cursor: expect.any(String),
		});
	});

	it("in another order than by name sorts two hundred, and refuses more", async () => {
		const few = await observe(portal, "/portal/clients?sort=cost_30d&status=churned", { as: STAFF });
		expect(few.rowsRead).toBeLessThan(60 + 20 * 200);
		const { status } = await portal.call("/portal/clients?sort=cost_30d", { as: STAFF });
		expect(status).toBe(422);
	});

	it("reads the days of its clients and none of their messages", async () => {
		const path = "/portal/clients?limit=1&q=busy";
		const before = await observe(portal, path, { as: STAFF });
		await env.DB.prepare(`
			WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 5000)
			INSERT INTO chat_messages (id, org_id, session_id, role, content) SELECT 'm' || n, 'org_busy', 'busy', 'user', 'x' FROM n
		`).run();
		expect((await observe(portal, path, { as: STAFF })).rowsRead).toBe(before.rowsRead);
		// Thirty days of metrics and thirty of usage, of sixty that there are.
		expect(before.rowsRead).toBeLessThan(60 + 2 * 30 + 20);
	});

	it("that is new, and a new engine, read nothing of what all have stored", async () => {
		const count = "SELECT COUNT(*) AS n FROM chat_messages";
		expect(await env.DB.prepare(count).first("n")).toBeGreaterThan(5000);
		const made = await observe(portal, "/portal/clients", { as: STAFF, method: "POST", body: { name: "New" } });
		expect(made.rowsRead).toBeLessThan(200);
		const engine = { as: STAFF, method: "POST", body: { name: "New" } };
		expect((await observe(portal, "/portal/engines?orgId=org_busy", engine)).rowsRead).toBeLessThan(300);
	});

	it("that looks for a slug reads those that match", async () => {
		const { rowsRead } = await observe(portal, "/portal/clients?limit=10&q=a-slug", { as: STAFF });
		expect(rowsRead).toBeLessThan((4 * ORGS) / 26);
	});

	it("goes on by the same index far behind", async () => {
		const cursor = btoa(JSON.stringify(["Client 01900", "org_n1900"])).replaceAll("=", "");
		const path = `/portal/clients?limit=10&status=churned&cursor=${cursor}`;
		expect((await observe(portal, path, { as: STAFF })).rowsRead).toBeLessThan(200);
	});
});
