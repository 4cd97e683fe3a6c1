import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { LATENCY_COLUMNS } from "../../../lib/metrics/latency.ts";
import { createPortal, NOW } from "../../test/portal.ts";
import type { Portal } from "../../test/portal.ts";
import { CHADIS, STAFF, admin, member, seedTwins } from "../../test/seed.ts";

let portal: Portal;

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seedTwins(env.DB);
});

const ZERO = {
	sessions: 0,
	messages: 0,
	visitors: 0,
	errors: 0,
	blocked: 0,
	cache_hits: 0,
	feedback_up: 0,
	feedback_down: 0,
	input_tokens: 0,
	output_tokens: 0,
	cost_usd_micros: 0,
	voice_requests: 0,
	voice_characters: 0,
	avg_latency_ms: null,
};
const TODAY = {
	visitors: 2,
	errors: 1,
	blocked: 4,
	cache_hits: 5,
	feedback_up: 6,
	feedback_down: 7,
	input_tokens: 8000,
	output_tokens: 900,
	cost_usd_micros: 1100,
	voice_requests: 12,
	voice_characters: 130,
};
const FIRST = { engine_id: "site_chadis", engine_name: "First alpha", type: "chatbot", environment: "live" };
const SECOND = { engine_id: "site_alpha_voice", engine_name: "Second alpha", type: "voice", environment: "live" };
const TEST = { engine_id: "site_alpha_test", engine_name: "Third alpha", type: "chatbot", environment: "test" };

function question(n: number) {
	return {
		question: `question ${n} of alpha`,
		wording: null,
		engine_id: "site_chadis",
		asked: n + 1,
		unanswered: n % 3 === 0 ? n : 0,
		last_asked_at: "2026-08-19T07:00:00.000Z",
	};
}

function days(from: string, count: number, filled: Record<string, object>) {
	return Array.from({ length: count }, (_, index) => {
		const date = new Date(Date.parse(from) + index * 86_400_000).toISOString().slice(0, 10);
		return { date, ...ZERO, ...filled[date] };
	});
}

async function read(query: string, as = member(CHADIS)) {
	const { status, body, roundTrips } = await portal.call(`/portal/insights${query}`, { as });
	return { status, body, roundTrips };
}

const TOP = [11, 10, 9, 8, 7, 6, 5, 4, 3, 2].map(question);
const UNANSWERED = [9, 6, 3].map(question);

describe("GET /portal/insights", () => {
	it("tells the last 30 days of the live engines, and each engine's own", async () => {
		const body = {
			range: { from: "2026-07-22", to: "2026-08-20", days: 30 },
			timezone: "UTC",
			totals: { ...TODAY, sessions: 184, messages: 20, visitors: 3, voice_characters: 137, avg_latency_ms: 305 },
			previous: {
				...ZERO,
				sessions: 120,
				messages: 4,
				visitors: 3,
				errors: 2,
				voice_characters: 9,
				avg_latency_ms: 200,
			},
			daily: days("2026-07-22", 30, {
				"2026-07-22": { sessions: 20, voice_characters: 7 },
				"2026-08-01": { sessions: 1, messages: 2, visitors: 1, avg_latency_ms: 151 },
				"2026-08-20": { ...TODAY, sessions: 163, messages: 18, avg_latency_ms: 322 },
			}),
			// 12 turns: one ≤ 100 ms, one ≤ 300, nine ≤ 450, one ≤ 3500.
			latency: { p50_ms: 367, p95_ms: 3500, p99_ms: 3500 },
			by_engine: [
				{ ...FIRST, ...TODAY, sessions: 24, messages: 12, visitors: 3, voice_characters: 137, avg_latency_ms: 442 },
				{ ...SECOND, ...ZERO, sessions: 160, messages: 8, avg_latency_ms: 100 },
				{ ...TEST, ...ZERO, sessions: 320, messages: 640, visitors: 5, avg_latency_ms: 10 },
			],
			top_questions: TOP,
			unanswered: UNANSWERED,
			safety: [],
		};
		expect(await read("")).toEqual({ status: 200, body, roundTrips: 1 });
	});

	it("tells the days asked for, both ends included, against as many before", async () => {
		const body = {
			range: { from: "2026-07-21", to: "2026-07-22", days: 2 },
			timezone: "UTC",
			totals: { ...ZERO, sessions: 60, messages: 4, visitors: 3, errors: 2, voice_characters: 7, avg_latency_ms: 200 },
			previous: ZERO,
			daily: days("2026-07-21", 2, {
				"2026-07-21": { sessions: 40, messages: 4, visitors: 3, errors: 2, avg_latency_ms: 200 },
				"2026-07-22": { sessions: 20, voice_characters: 7 },
			}),
			latency: { p50_ms: null, p95_ms: null, p99_ms: null },
			by_engine: [
				{
					...FIRST,
					...ZERO,
					sessions: 60,
					messages: 4,
					visitors: 3,
					errors: 2,
					voice_characters: 7,
					avg_latency_ms: 200,
				},
				{ ...SECOND, ...ZERO },
				{ ...TEST, ...ZERO },
			],
			top_questions: TOP,
			unanswered: UNANSWERED,
			safety: [],
		};
		expect(await read("?from=2026-07-21&to=2026-07-22")).toEqual({
			status: 200,
			body,
			roundTrips: 1,
		});
	});

	it("tells of one engine, of whatever environment, when it is named", async () => {
		const numbers = { ...ZERO, sessions: 320, messages: 640, visitors: 5, avg_latency_ms: 10 };
		const asked = {
			question: "question of a test of alpha",
			wording: null,
			engine_id: "site_alpha_test",
			asked: 99,
			unanswered: 99,
			last_asked_at: "2026-08-19T07:00:00.000Z",
		};
		const body = {
			range: { from: "2026-08-20", to: "2026-08-20", days: 1 },
			timezone: "UTC",
			totals: numbers,
			previous: ZERO,
			daily: [{ date: "2026-08-20", ...numbers }],
			latency: { p50_ms: 20_000, p95_ms: 20_000, p99_ms: 20_000 },
			by_engine: [{ ...TEST, ...numbers }],
			top_questions: [asked],
			unanswered: [asked],
			safety: [],
		};
		expect(await read("?from=2026-08-20&engine_id=site_alpha_test")).toEqual({ status: 200, body, roundTrips: 1 });
	});

	it("fills the end that is not given", async () => {
		expect((await read("?to=2026-07-21")).body).toMatchObject({
			range: { from: "2026-06-22", to: "2026-07-21", days: 30 },
		});
		expect((await read("?from=2026-08-19")).body).toMatchObject({
			range: { from: "2026-08-19", to: "2026-08-20", days: 2 },
		});
	});

	it("takes the day that has begun east of UTC, and is empty yet", async () => {
		const tomorrow = { from: "2026-08-21", to: "2026-08-21", days: 1 };
		for (const query of ["?from=2026-08-21", "?from=2026-08-21&to=2026-08-21", "?from=2026-08-21&to=2026-09-30"]) {
			expect((await read(query)).body).toMatchObject({ range: tomorrow, daily: [{ date: "2026-08-21", ...ZERO }] });
		}
		expect((await read("?from=2026-08-20&to=2026-08-21")).body).toMatchObject({
			range: { from: "2026-08-20", to: "2026-08-20", days: 1 },
		});
	});

	it("takes an end in the future as today", async () => {
		expect((await read("?from=2026-08-01&to=2026-08-31")).body).toMatchObject({
			range: { from: "2026-08-01", to: "2026-08-20", days: 20 },
		});
	});

	it("takes a year and a leap day", async () => {
		expect((await read("?from=2024-02-29&to=2025-02-28")).body).toMatchObject({
			range: { from: "2024-02-29", to: "2025-02-28", days: 366 },
		});
		expect((await read("?from=2000-01-01&to=2000-01-01")).body).toMatchObject({
			range: { days: 1 },
			daily: [{ date: "2000-01-01", ...ZERO }],
		});
	});

	it("answers a year of many engines, which is more than one value of D1 can hold", async () => {
		await env.DB.prepare("INSERT INTO orgs (id, name, slug) VALUES ('org_many', 'Many', 'many')").run();
		const insert = env.DB.prepare(
			"INSERT INTO portal_sites (id, org_id, site_key, name) VALUES (?1, 'org_many', ?2, ?1)",
		);
		const engines = Array.from({ length: 10 }, (_, n) => insert.bind(`site_many${n}`, `sk_many_live_abc${n}`));
		const columns = [
			"sessions",
			"messages",
			"visitors",
			"errors",
			"blocked",
			"cache_hits",
			"feedback_up",
			"feedback_down",
			"input_tokens",
		];
		const rest = ["output_tokens", "cost_usd_micros", "voice_requests", "voice_characters", "latency_sum_ms"];
		const wide = [...columns, ...rest, ...LATENCY_COLUMNS];
		const fill = env.DB.prepare(`
			WITH RECURSIVE days (date) AS (SELECT '2024-08-19' UNION ALL SELECT date(date, '+1 day') FROM days WHERE date < '2026-08-20')
			INSERT INTO metrics_daily (org_id, date, site_id, ${wide.join(", ")})
			SELECT 'org_many', date, s.id, ${wide.map(() => "1000000000").join(", ")} FROM days, portal_sites s WHERE s.org_id = 'org_many'
		`);
		await env.DB.batch([...engines, fill]);
		const { body, status, roundTrips } = await read("?orgId=org_many&from=2025-08-20&to=2026-08-20", STAFF);
		expect({ status, roundTrips }).toEqual({ status: 200, roundTrips: 1 });
		const sum = 3_660 * 1e9;
		expect(body).toMatchObject({
			range: { days: 366 },
			totals: { sessions: sum, voice_characters: sum, avg_latency_ms: 1 },
			previous: { sessions: sum, voice_characters: sum, avg_latency_ms: 1 },
		});
	});
});

describe("the questions in the insights", () => {
	it("carry the wording that visitors share, and leave the unanswered once they have an answer", async () => {
		await env.DB.prepare(
			"UPDATE question_stats SET wording = 'Question 9, of Alpha?' WHERE org_id = 'org_chadis' AND question = 'question 9 of alpha'",
		).run();
		const shared = { ...question(9), wording: "Question 9, of Alpha?" };
		const before = await read("");
		expect(before.body).toMatchObject({ unanswered: [shared, question(6), question(3)] });
		const { status } = await portal.call("/portal/knowledge", {
			method: "POST",
			as: admin(CHADIS),
			body: { kind: "answer", title: shared.wording, body: "It is." },
		});
		expect(status).toBe(201);
		const after = await read("");
		expect(Object(after.body).unanswered).toEqual([question(6), question(3)]);
		expect(Object(after.body).top_questions).toContainEqual(shared);
		expect(after.roundTrips).toBe(1);
	});
});
