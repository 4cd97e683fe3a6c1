import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { resetDatabase } from "../../lib/test/database.ts";
import { CHADIS_KEY, PANNU_KEY, expectError, inOneMinute, newClient, sessionOf } from "./client.ts";
import { NOTHING_WRITTEN, rows, run, watched, written } from "./tables.ts";

beforeEach(() => resetDatabase(env.DB));

const today = (): string => new Date().toISOString().slice(0, 10);
const never = { limit: () => Promise.resolve({ success: false }) };
const broken = { limit: () => Promise.reject(new Error("limiter")) };

/** Leaves Pannu Dental (50,000 a month, 5,000 a day) so many turns for today. */
async function leave(turns: number): Promise<void> {
	await run(
		"INSERT INTO usage_daily (org_id, date, messages) VALUES ('org_pannu_dental', ?1, ?2)",
		today(),
		5000 - turns,
	);
}

async function used(): Promise<unknown> {
	const [day] = await rows("SELECT messages FROM usage_daily WHERE org_id = 'org_pannu_dental' AND date = ?1", today());
	return day?.messages;
}

describe("the plan's limit", () => {
	it("answers exactly what is left of the day, however many ask at once", async () => {
		await leave(50);
		const answers = await Promise.all(Array.from({ length: 200 }, () => newClient().call({ key: PANNU_KEY })));
		const statuses = answers.map(({ status }) => status);
		expect(statuses.filter((status) => status === 200)).toHaveLength(50);
		expect(statuses.filter((status) => status === 429)).toHaveLength(150);
		expect(await used()).toBe(5000);
		expect(await rows("SELECT messages FROM usage_monthly")).toEqual([{ messages: 5000 }]);
		expect(await rows("SELECT sessions, messages, errors FROM metrics_daily")).toEqual([
			{ sessions: 50, messages: 50, errors: 0 },
		]);
		expect(await written()).toMatchObject({ sessions: 50, messages: 100 });
	});

	it("refuses with the org's own words and says when there is more", async () => {
		await leave(0);
		await run("UPDATE org_config SET limit_message = 'Please call us: 555 0100.' WHERE org_id = 'org_pannu_dental'");
		const client = newClient();
		const response = await client.call({ key: PANNU_KEY, origin: "https://pannu.example" });
		const seconds = Number(response.headers.get("Retry-After"));
		expect(seconds).toBeGreaterThan(0);
		expect(seconds).toBeLessThanOrEqual(86_400);
		expect(response.headers.get("Access-Control-Allow-Origin")).toBe("https://pannu.example");
		expect(response.status).toBe(429);
		expect(await response.json()).toEqual({
			error: {
				code: "quota_exceeded",
				message: "Please call us: 555 0100.",
				request_id: response.headers.get("X-Request-Id"),
			},
		});
		expect(await client.asked()).toEqual([]);
	});

	it("has words of its own where the org has none", async () => {
		await leave(0);
		await expectError(await newClient().call({ key: PANNU_KEY }), 429, "quota_exceeded");
	});

	it("counts the month, too", async () => {
		const month = today().slice(0, 7);
		await run("INSERT INTO usage_monthly (org_id, month, messages) VALUES ('org_pannu_dental', ?1, 50000)", month);
		await expectError(await newClient().call({ key: PANNU_KEY }), 429, "quota_exceeded");
	});

	it("does not bind a plan without one", async () => {
		await run("INSERT INTO usage_daily (org_id, date, messages) VALUES ('org_chadis', ?1, 1000000)", today());
		expect((await newClient().call({ key: CHADIS_KEY })).status).toBe(200);
	});

	it.each([
		["a whole answer", {}],
		["a streamed answer", { Accept: "text/event-stream" }],
	])("gets %s back that failed, and the visitor's message is kept", async (_, headers) => {
		await leave(2);
		const client = newClient();
		await client.gemini({ status: 403 });
		const body = { message: "When do you open?", visitor_id: "v-1" };
		await expectError(await client.call({ key: PANNU_KEY, body, headers }), 503, "model_unavailable");
		expect(await used()).toBe(4998);
		expect(await rows("SELECT role, content FROM chat_messages")).toEqual([
			{ role: "user", content: "When do you open?" },
		]);
		expect(await rows("SELECT visitor_id, message_count FROM chat_sessions")).toEqual([
			{ visitor_id: "v-1", message_count: 1 },
		]);
		expect(await rows("SELECT sessions, messages, visitors, errors, latency_sum_ms FROM metrics_daily")).toEqual([
			{ sessions: 1, messages: 0, visitors: 1, errors: 1, latency_sum_ms: 0 },
		]);
		expect(await rows("SELECT * FROM question_stats")).toEqual([]);
	});

	it("gets a failure back in one round trip", async () => {
		const client = newClient();
		const { db, trips } = watched();
		await client.gemini({ status: 403 });
		await client.call({ key: PANNU_KEY, env: { DB: db } });
		expect(trips()).toBe(2);
	});
});

describe("a burst limit", { timeout: 20_000 }, () => {
	it("of a client's address refuses the 61st request of a minute, of whatever kind", async () => {
		await inOneMinute();
		const client = newClient();
		for (let i = 0; i < 30; i++) await client.call({ body: "{" });
		for (let i = 0; i < 30; i++) await client.call({ path: "/health", method: "GET" });
		const response = await client.call({ key: CHADIS_KEY, origin: "https://anyone.example" });
		expect(response.headers.get("Retry-After")).toBe("60");
		expect(response.headers.get("Access-Control-Allow-Origin")).toBe("https://anyone.example");
		await expectError(response, 429, "rate_limited");
	});

	it("stops who guesses at keys; a guess writes nothing, and all refusals read alike", async () => {
		await inOneMinute();
		const client = newClient();
		const guesses: unknown[] = [];
		for (let i = 0; i < 60; i++) {
			const response = await client.call({ key: i % 2 === 0 ? `sk_chadis_live_guess${i}` : `guess ${i}` });
			guesses.push([response.status, (await response.text()).replace(/"request_id":"[^"]+"/, "")]);
		}
		expect(new Set(guesses.map((guess) => JSON.stringify(guess))).size).toBe(1);
		await expectError(await client.call({ key: CHADIS_KEY }), 429, "rate_limited");
		expect(await written()).toEqual(NOTHING_WRITTEN);
		expect(await client.asked()).toEqual([]);
	});

	it("counts an IPv6 client by its /64, and believes no header that a client can send", async () => {
		await inOneMinute();
		const headers = (i: number) => ({ "X-Forwarded-For": `10.0.0.${i}`, "X-Real-IP": `10.0.0.${i}` });
		for (let i = 0; i < 60; i++) await newClient(`2001:db8:aaaa:bbbb::${i}`).call({ body: "{", headers: headers(i) });
		await expectError(
			await newClient("2001:db8:aaaa:bbbb:ffff::1").call({ body: "{", headers: headers(61) }),
			429,
			"rate_limited",
		);
		await expectError(await newClient("2001:db8:aaaa:bbbc::1").call({ body: "{" }), 400, "invalid_json");
	});

	it("of a session refuses the 11th turn of a minute, before anything is reserved or asked", async () => {
		await inOneMinute();
		const client = newClient();
		const session_id = await sessionOf(await client.call({ key: CHADIS_KEY }));
		for (let i = 0; i < 10; i++) await newClient().call({ key: CHADIS_KEY, body: { message: "Hello", session_id } });
		const before = await written();
		const late = newClient();
		await expectError(
			await late.call({ key: CHADIS_KEY, body: { message: "Hello", session_id } }),
			429,
			"rate_limited",
		);
		expect(await written()).toEqual(before);
		expect(await late.asked()).toEqual([]);
	});

	it("of a site comes after the refusal of a paused site or a wrong origin, and before the quota's", async () => {
		await leave(0);
		const client = newClient();
		const call = { key: PANNU_KEY, env: { SITE_LIMITER: never } };
		await expectError(await client.call(call), 429, "rate_limited");
		await expectError(await client.call({ ...call, origin: "http://anyone.example" }), 403, "origin_not_allowed");
		await expectError(await client.call({ ...call, key: "sk_nobody_live_abc123" }), 401, "invalid_site_key");
		await run("UPDATE portal_sites SET status = 'paused'");
		await expectError(await client.call(call), 403, "site_inactive");
	});

	it.each(["IP_LIMITER", "SITE_LIMITER", "SESSION_LIMITER"])(
		"whose binding %s fails lets pass: the plan's limit stands behind it",
		async (name) => {
			const body = { message: "Hello", session_id: crypto.randomUUID() };
			expect((await newClient().call({ key: CHADIS_KEY, body, env: { [name]: broken } })).status).toBe(200);
		},
	);

	it.each(["IP_LIMITER", "SITE_LIMITER"])(
		"whose binding %s is missing is a fault of the configuration",
		async (name) => {
			await expectError(await newClient().call({ key: CHADIS_KEY, env: { [name]: undefined } }), 503, "not_configured");
		},
	);
});
