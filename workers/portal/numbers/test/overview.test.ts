import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { createPortal, NOW } from "../../test/portal.ts";
import type { Portal } from "../../test/portal.ts";
import { CHADIS, PANNU, STAFF, admin, member, seedTwins } from "../../test/seed.ts";
import { visitorName } from "../../conversations/test/visitor-name.ts";

let portal: Portal;

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seedTwins(env.DB);
});

/** The 30 days up to 2026-08-20, all 0 but these. */
function daily(filled: Record<string, { sessions: number; messages: number }>) {
	return Array.from({ length: 30 }, (_, index) => {
		const date = new Date(Date.UTC(2026, 6, 22 + index)).toISOString().slice(0, 10);
		return { date, ...(filled[date] ?? { sessions: 0, messages: 0 }) };
	});
}

function recentSession(n: number, engine = { engine_id: "site_chadis", engine_name: "First alpha" }) {
	return {
		id: `session-alpha-${n}`,
		...engine,
		visitor: visitorName(CHADIS.id, `visitor-alpha-${n}`),
		started_at: `2026-08-20T10:0${n}:00.000Z`,
		last_message_at: `2026-08-20T11:0${n}:00.000Z`,
		message_count: 2 * n,
	};
}

const CHADIS_OVERVIEW = {
	viewer: { user_id: "user_alphaMember", role: "member", staff: false, impersonated: false },
	org: { id: "org_chadis", name: "CHADIS", slug: "chadis", plan: "enterprise", status: "active" },
	range: { from: "2026-07-22", to: "2026-08-20", days: 30 },
	totals: { sessions: 184, messages: 20, visitors: 3, errors: 1, avg_latency_ms: 305, voice_characters: 137 },
	previous: { sessions: 120, messages: 4, visitors: 3, errors: 2, avg_latency_ms: 200, voice_characters: 9 },
	today: { sessions: 163, messages: 18 },
	engines: { active: 1, total: 2 },
	usage: {
		messages: { used: 21, limit: null, resets_at: "2026-09-01T00:00:00.000Z" },
		voice_characters: { used: 34, limit: null, resets_at: "2026-09-01T00:00:00.000Z" },
	},
	daily: daily({
		"2026-07-22": { sessions: 20, messages: 0 },
		"2026-08-01": { sessions: 1, messages: 2 },
		"2026-08-20": { sessions: 163, messages: 18 },
	}),
	recent_sessions: [
		recentSession(6, { engine_id: "site_alpha_voice", engine_name: "Second alpha" }),
		recentSession(5),
		recentSession(4),
		recentSession(3),
		recentSession(2),
	],
	safety: [],
};

describe("GET /portal/overview", () => {
	it("shows a member the last 30 days of the org's live engines", async () => {
		const { status, body, roundTrips } = await portal.call("/portal/overview", { as: member(CHADIS) });
		expect({ status, body, roundTrips }).toEqual({ status: 200, body: CHADIS_OVERVIEW, roundTrips: 1 });
	});

	it("shows an admin the same, and their role", async () => {
		const { body } = await portal.call("/portal/overview", { as: admin(CHADIS) });
		expect(body).toEqual({
			...CHADIS_OVERVIEW,
			viewer: { user_id: "user_alphaAdmin", role: "admin", staff: false, impersonated: false },
		});
	});

	it("tells an impersonated viewer so", async () => {
		const { body } = await portal.call("/portal/overview", { as: { ...member(CHADIS), impersonated: true } });
		expect(body).toEqual({ ...CHADIS_OVERVIEW, viewer: { ...CHADIS_OVERVIEW.viewer, impersonated: true } });
	});

	it("gives staff no role in an org that they look into", async () => {
		const as = { ...STAFF, org: { id: PANNU.clerkId, role: "admin" } };
		const { body } = await portal.call("/portal/overview?orgId=org_chadis", { as });
		expect(body).toEqual({
			...CHADIS_OVERVIEW,
			viewer: { user_id: "user_staff", role: null, staff: true, impersonated: false },
		});
	});

	it("shows the plan's limits", async () => {
		const { body } = await portal.call("/portal/overview", { as: member(PANNU) });
		expect(body).toMatchObject({
			usage: {
				messages: { used: 210_000, limit: 50_000, resets_at: "2026-09-01T00:00:00.000Z" },
				voice_characters: { used: 340_000, limit: 200_000, resets_at: "2026-09-01T00:00:00.000Z" },
			},
		});
	});

	it("shows an org without engines its zeros, and no average of nothing", async () => {
		await env.DB.prepare("INSERT INTO orgs (id, name, slug) VALUES ('org_new', 'New', 'new')").run();
		const { body, roundTrips } = await portal.call("/portal/overview?orgId=org_new", { as: STAFF });
		const totals = { sessions: 0, messages: 0, visitors: 0, errors: 0, avg_latency_ms: null, voice_characters: 0 };
		expect(body).toEqual({
			viewer: { user_id: "user_staff", role: null, staff: true, impersonated: false },
			org: { id: "org_new", name: "New", slug: "new", plan: "chatbot", status: "active" },
			range: { from: "2026-07-22", to: "2026-08-20", days: 30 },
			totals,
			previous: totals,
			today: { sessions: 0, messages: 0 },
			engines: { active: 0, total: 0 },
			usage: {
				messages: { used: 0, limit: 50_000, resets_at: "2026-09-01T00:00:00.000Z" },
				voice_characters: { used: 0, limit: 200_000, resets_at: "2026-09-01T00:00:00.000Z" },
			},
			daily: daily({}),
			recent_sessions: [],
			safety: [],
		});
		expect(roundTrips).toBe(1);
	});

	it("counts years and months of any length", async () => {
		vi.setSystemTime(Date.parse("2026-12-31T23:59:59.999Z"));
		const at = { now: Date.parse("2026-12-31T23:59:59.999Z") };
		const { body } = await portal.call("/portal/overview", { as: { ...member(CHADIS), ...at } });
		vi.setSystemTime(NOW);
		const resets = { resets_at: "2027-01-01T00:00:00.000Z" };
		expect(body).toMatchObject({
			range: { from: "2026-12-02", to: "2026-12-31", days: 30 },
			usage: { messages: resets, voice_characters: resets },
		});
	});
});
