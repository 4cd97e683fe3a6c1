import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { createPortal, NOW } from "./portal.ts";
import type { Portal } from "./portal.ts";
import { CHADIS, PANNU, STAFF, admin, member, seedTwins } from "./seed.ts";
import type { Twin } from "./seed.ts";

let portal: Portal;

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seedTwins(env.DB);
	await env.DB.batch(
		[CHADIS, PANNU].map(({ id, mark }) =>
			env.DB.prepare("UPDATE org_config SET greeting = ?2, instructions = ?2, updated_by = ?3 WHERE org_id = ?1").bind(
				id,
				`Hello from ${mark}`,
				`user_${mark}Editor`,
			),
		),
	);
	// The twins' ids differ by what comes after them alone: a prefix match would mix them up.
	await env.DB.prepare("INSERT INTO orgs (id, name, slug) VALUES ('org_chadis1', 'omega look-alike', 'chadis1')").run();
});

const READS = [
	"/portal/overview",
	"/portal/engines",
	"/portal/workflows",
	"/portal/insights",
	"/portal/insights?from=2025-08-20&to=2026-08-20",
	"/portal/team",
	"/portal/config",
	"/portal/config/versions/2",
	"/portal/config/draft",
	"/portal/golden-questions",
	"/portal/golden-questions/runs",
	"/portal/golden-questions/runs/run-alpha",
	"/portal/conversations",
	"/portal/conversations?limit=2",
	"/portal/conversations/session-alpha-5",
	"/portal/knowledge",
	"/portal/knowledge?limit=1&q=a",
	"/portal/knowledge/kn-alpha-a",
];
const ADMIN_READS = ["/portal/leads", "/portal/leads?limit=1", "/portal/export"];

/** Whatever names the twin, and its counters, which are no counters of the other. */
function traces({ id, clerkId, mark, siteId }: Twin): RegExp {
	return new RegExp(`${id}"|${clerkId}"|${mark}|${siteId}|(?<![0-9.])[1-9][0-9]*0000(?![0-9])`);
}

describe("two orgs that hold the same things", () => {
	it.each([...READS, ...ADMIN_READS])("keeps apart what %s tells of them", async (path) => {
		const query = path.includes("?") ? "&" : "?";
		const callers = [
			["", ADMIN_READS.includes(path) ? admin(CHADIS) : member(CHADIS)],
			["", admin(CHADIS)],
			[`${query}orgId=${CHADIS.id}`, ADMIN_READS.includes(path) ? admin(CHADIS) : member(CHADIS)],
			[`${query}orgId=${CHADIS.clerkId}`, STAFF],
		] as const;
		for (const [suffix, as] of callers) {
			const { status, text } = await portal.call(path + suffix, { as });
			expect(status).toBe(200);
			expect(text).not.toMatch(traces(PANNU));
		}
	});

	it.each([...READS, ...ADMIN_READS])(
		"%s does not hold what lets its reader speak to the chat as a visitor",
		async (path) => {
			const { status, text } = await portal.call(path, { as: admin(CHADIS) });
			expect(status).toBe(200);
			expect(text).not.toMatch(/visitor-alpha/);
		},
	);

	it("would notice a trace", async () => {
		for (const path of [...READS, ...ADMIN_READS]) {
			const { text } = await portal.call(path.replaceAll(CHADIS.mark, PANNU.mark), { as: admin(PANNU) });
			expect(text).toMatch(traces(PANNU));
			expect(text).not.toMatch(/alpha|org_chadis|site_chadis/);
		}
	});

	it("keeps apart what writing to an engine tells of them", async () => {
		const writes = [
			["/portal/engines/site_chadis", "PATCH"],
			["/portal/engines/site_chadis/rotate-key", "POST"],
		] as const;
		for (const [path, method] of writes) {
			const { status, text } = await portal.call(path, { as: admin(CHADIS), method, body: {} });
			expect(status).toBe(200);
			expect(text).toMatch(/alpha/);
			expect(text).not.toMatch(traces(PANNU));
		}
	});

	it("does not read a row that belongs to one org but names an engine of the other", async () => {
		const before = await portal.call("/portal/insights", { as: member(CHADIS) });
		await env.DB.prepare(
			"INSERT INTO metrics_daily (org_id, date, site_id, sessions) VALUES (?1, '2026-08-10', ?2, 77)",
		)
			.bind(PANNU.id, CHADIS.siteId)
			.run();
		const after = await portal.call("/portal/insights", { as: member(CHADIS) });
		expect(after.body).toEqual(before.body);
	});
});
