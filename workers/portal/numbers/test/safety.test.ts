import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { createPortal, NOW } from "../../test/portal.ts";
import type { Portal } from "../../test/portal.ts";
import { CHADIS, PANNU, member, seedTwins } from "../../test/seed.ts";

let portal: Portal;

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seedTwins(env.DB);
	const insert = env.DB.prepare(
		"INSERT INTO safety_daily (org_id, date, class, tier, count) VALUES (?1, ?2, ?3, ?4, ?5)",
	);
	await env.DB.batch([
		insert.bind(CHADIS.id, "2026-08-20", "self_harm", 1, 2),
		insert.bind(CHADIS.id, "2026-08-19", "self_harm", 1, 3),
		insert.bind(CHADIS.id, "2026-08-19", "self_harm", 2, 7),
		insert.bind(CHADIS.id, "2026-07-22", "abuse", 2, 1),
		insert.bind(CHADIS.id, "2026-07-21", "abuse", 2, 100),
		insert.bind(CHADIS.id, "2026-08-21", "abuse", 2, 100),
		insert.bind(PANNU.id, "2026-08-20", "dental_emergency", 1, 9),
	]);
});

const ALL = [
	{ class: "abuse", tier: 2, count: 1 },
	{ class: "self_harm", tier: 1, count: 5 },
	{ class: "self_harm", tier: 2, count: 7 },
];

describe("how often visitors spoke of danger", () => {
	it("is told of the last 30 days, by class and tier, of the own customer alone", async () => {
		for (const path of ["/portal/overview", "/portal/insights"]) {
			const { body, roundTrips } = await portal.call(path, { as: member(CHADIS) });
			expect({ safety: Object(body).safety, roundTrips }).toEqual({ safety: ALL, roundTrips: 1 });
		}
		const { body } = await portal.call("/portal/insights", { as: member(PANNU) });
		expect(Object(body).safety).toEqual([{ class: "dental_emergency", tier: 1, count: 9 }]);
	});

	it("is told of the days asked for, of all engines whichever is named", async () => {
		const { body } = await portal.call("/portal/insights?from=2026-08-19&to=2026-08-19&engine_id=site_chadis", {
			as: member(CHADIS),
		});
		expect(Object(body).safety).toEqual([
			{ class: "self_harm", tier: 1, count: 3 },
			{ class: "self_harm", tier: 2, count: 7 },
		]);
	});
});
