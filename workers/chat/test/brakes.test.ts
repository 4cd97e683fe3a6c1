import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { resetDatabase } from "../../lib/test/database.ts";
import { CHADIS_KEY, PANNU_KEY, expectError, inOneMinute, newClient } from "./client.ts";
import type { Call } from "./client.ts";
import { NOTHING_WRITTEN, rows, run, written } from "./tables.ts";

/** One for all: a client is known by a digest that is made with it. */
const GEMINI_API_KEY = crypto.randomUUID();
const allow = { limit: () => Promise.resolve({ success: true }) };
/** The bursts' limits have tests of their own. */
const UNLIMITED = { GEMINI_API_KEY, IP_LIMITER: allow, SITE_LIMITER: allow };

beforeEach(() => resetDatabase(env.DB));
afterEach(() => {
	vi.restoreAllMocks();
});

function ask(address: string, call: Call): Promise<Response> {
	return newClient(address).call({ ...call, env: { ...UNLIMITED, ...call.env } });
}

async function codes(responses: readonly Response[]): Promise<Record<string, number>> {
	const counted: Record<string, number> = {};
	for (const response of responses) {
		const body: { error?: { code: string } } = await response.json();
		const code = body.error?.code ?? "ok";
		counted[code] = (counted[code] ?? 0) + 1;
	}
	return counted;
}

const distinct = (n: number): string => `198.51.${Math.floor(n / 250)}.${n % 250}`;

describe("one client's share of a customer's day", () => {
	it("is never passed by 200 messages at once from one /64, with ever new visitors and sessions", async () => {
		await run("UPDATE plans SET monthly_messages = 1000 WHERE id = 'chatbot'");
		const answers = await Promise.all(
			Array.from({ length: 200 }, (_, n) =>
				ask(`2001:db8:1:2::${n.toString(16)}`, {
					key: PANNU_KEY,
					body: { message: `Question ${n}`, visitor_id: `visitor ${n}`, session_id: crypto.randomUUID() },
				}),
			),
		);
		expect(await codes(answers)).toEqual({ ok: 20, client_quota_exceeded: 180 });
		expect(await rows("SELECT messages FROM usage_daily")).toEqual([{ messages: 20 }]);
		expect(await rows("SELECT messages FROM usage_clients")).toEqual([{ messages: 20 }]);
		expect(JSON.stringify(await rows("SELECT client FROM usage_clients"))).not.toContain("2001");
		expect((await ask("2001:db8:1:3::1", { key: PANNU_KEY })).status).toBe(200);
	});

	it("says when there is more, in words for the visitor, readable for the page", async () => {
		await run("UPDATE plans SET monthly_messages = 10 WHERE id = 'chatbot'");
		await ask("192.0.2.50", { key: PANNU_KEY });
		await run("UPDATE plans SET monthly_messages = 20 WHERE id = 'chatbot'");
		const refused = await ask("192.0.2.50", { key: PANNU_KEY, origin: "https://pannu.example" });
		expect(refused.headers.get("Access-Control-Allow-Origin")).toBe("https://pannu.example");
		expect(Number(refused.headers.get("Retry-After"))).toBeLessThanOrEqual(86_400);
		await expectError(refused, 429, "client_quota_exceeded");
	});
});

describe("the brake on what a customer may cost a day", () => {
	it("is never passed by 200 messages at once, also without a limit of messages, and exact afterwards", async () => {
		// A turn reserves 29,120 micro-USD: two tries with 40,000 tokens in and 1,024 out at the dearest model's prices.
		await run("UPDATE orgs SET daily_budget_usd_micros = 29120 * 7 WHERE id = 'org_chadis'");
		const errors = vi.spyOn(console, "error").mockImplementation(() => undefined);
		const before = (n: number) => ask(distinct(n), { key: CHADIS_KEY, body: { message: `Question ${n}` } });
		const answers = await Promise.all(Array.from({ length: 200 }, (_, n) => before(n)));
		const counted = await codes(answers);
		expect(counted.ok).toBeGreaterThanOrEqual(7);
		expect(Number(counted.ok) + Number(counted.budget_exhausted)).toBe(200);
		const [{ cost, booked } = {}] = await rows(
			"SELECT d.cost_usd_micros AS cost, m.cost_usd_micros AS booked FROM usage_daily d JOIN metrics_daily m ON m.org_id = d.org_id",
		);
		expect(cost).toBe(booked);
		expect(Number(cost)).toBeLessThanOrEqual(29_120 * 7);
		const lines = errors.mock.calls.map(([line]) => String(line)).filter((line) => line.includes("brake_reached"));
		expect(lines).toHaveLength(1);
		expect(await rows("SELECT cost_usd_micros FROM usage_deployment")).toEqual([{ cost_usd_micros: cost }]);
	});

	it("tells the log when most of it is taken, once", async () => {
		const warnings = vi.spyOn(console, "warn").mockImplementation(() => undefined);
		await run("UPDATE orgs SET daily_budget_usd_micros = 33000 WHERE id = 'org_pannu_dental'");
		for (let n = 0; n < 3; n++) await ask(distinct(n), { key: PANNU_KEY });
		const lines = warnings.mock.calls.map(([line]) => String(line)).filter((line) => line.includes("brake_near"));
		expect(lines.map((line) => JSON.parse(line))).toMatchObject([
			{ org_id: "org_pannu_dental", budget_usd_micros: 33_000 },
		]);
	});

	it.each([
		["breaks off in the middle of its text", { half_after: 3 }, {}],
		["takes too long", { hang: true }, { GEMINI_TIMEOUT_MS: "300" }],
	])("keeps what an answer may have cost that %s, and gives the message back", async (_, fault, bindings) => {
		const client = newClient();
		await client.gemini({ times: 2, ...fault });
		await client
			.call({ key: CHADIS_KEY, headers: { Accept: "text/event-stream" }, env: bindings })
			.then((response) => response.text());
		const [{ messages, cost } = {}] = await rows("SELECT messages, cost_usd_micros AS cost FROM usage_daily");
		expect(messages).toBe(0);
		expect(Number(cost)).toBeGreaterThan(0);
		expect(Number(cost)).toBeLessThan(29_120);
		expect(await rows("SELECT cost_usd_micros FROM metrics_daily")).toEqual([{ cost_usd_micros: 0 }]);
	});

	it("gives back what a turn reserved that Gemini has refused", async () => {
		const client = newClient();
		await client.gemini({ status: 403 });
		await expectError(await client.call({ key: CHADIS_KEY }), 503, "model_unavailable");
		expect(await rows("SELECT messages, cost_usd_micros FROM usage_daily")).toEqual([
			{ messages: 0, cost_usd_micros: 0 },
		]);
	});

	it("of the deployment stops without a key as well, and books what that costs", async () => {
		const call = { env: { DAILY_BUDGET_USD_MICROS: String(29_120 * 2) } };
		const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => ask(distinct(n), call)));
		const counted = await codes(answers);
		expect(Number(counted.ok)).toBeGreaterThanOrEqual(2);
		expect(Number(counted.ok) + Number(counted.budget_exhausted)).toBe(20);
		const [{ cost } = {}] = await rows("SELECT cost_usd_micros AS cost FROM usage_deployment");
		expect(await rows("SELECT requests, cost_usd_micros AS cost FROM legacy_usage")).toEqual([
			{ requests: counted.ok, cost },
		]);
		expect(Number(cost)).toBeLessThan(29_120 * 2);
	});
});

describe("requests that are refused", () => {
	it.each([
		["a page that is not on the list", { key: PANNU_KEY, origin: "http://pannu.example" }, 403],
		["a key that was never given", { key: "sk_pannu_live_never" }, 401],
	])("for %s take nothing from the customer's visitors, 640 of them in a minute", async (_, call, status) => {
		await inOneMinute();
		const bindings = { GEMINI_API_KEY, IP_LIMITER: allow };
		for (let round = 0; round < 16; round++) {
			const posts = Array.from({ length: 40 }, () => newClient().call({ ...call, env: bindings }));
			expect(new Set((await Promise.all(posts)).map((response) => response.status))).toEqual(new Set([status]));
		}
		expect(await written()).toEqual(NOTHING_WRITTEN);
		expect((await newClient().call({ key: PANNU_KEY, env: bindings })).status).toBe(200);
	});

	it("make no isolate forget whom it counts in the site's limit", async () => {
		await inOneMinute();
		const key = `sk_pannu_live_mixed${Date.now()}`;
		await run("UPDATE portal_sites SET site_key = ?1 WHERE id = 'site_pannu_dental'", key);
		const limited = { limit: () => Promise.resolve({ success: false }) };
		const good = { key, env: { GEMINI_API_KEY, IP_LIMITER: allow, SITE_LIMITER: limited } };
		const before = { ...good, env: { ...good.env, SITE_LIMITER: allow } };
		expect((await newClient().call(before)).status).toBe(200);
		await expectError(await newClient().call({ ...before, origin: "http://pannu.example" }), 403, "origin_not_allowed");
		await expectError(await newClient().call(good), 429, "rate_limited");
	});
});
