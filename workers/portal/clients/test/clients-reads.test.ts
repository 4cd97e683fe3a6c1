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
