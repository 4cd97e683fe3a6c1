import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { SCHEMA_VERSION } from "../../../lib/d1/schema-version.ts";
import { resetDatabase } from "../../../lib/test/database.ts";
import { callsOf, setFaults } from "../../../local/stand-ins/control.ts";
import { runDaily, runOften } from "../../housekeeping/test/retention-seed.ts";
import secrets from "../../secrets.example?raw";
import { createPortal, NOW } from "../../test/portal.ts";
import type { Call, Portal } from "../../test/portal.ts";
import { STAFF } from "../../test/seed.ts";

let portal: Portal;

beforeAll(() => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
});
beforeEach(async () => {
	await resetDatabase(env.DB);
	portal = await createPortal();
});

const NAMES = Array.from(secrets.matchAll(/^\w+/gm), ([name]) => name);

/** Values that no answer may hold. */
const VALUES = {
	CLERK_SECRET_KEY: "sk_test_doctorsecretone",
	STRIPE_SECRET_KEY: "sk_test_doctorsecrettwo",
	STRIPE_WEBHOOK_SECRET: "whsec_doctorsecretthree",
	GEMINI_API_KEY: "AQ.doctorsecretfour",
};

async function examine(bindings: Call["env"] = {}) {
	const { status, body, text, roundTrips } = await portal.call("/portal/doctor", { as: STAFF, env: bindings });
	return { status, body, text, roundTrips };
}

describe("GET /portal/doctor", () => {
	it("tells how the deployment is set up in one round trip, by names and without a value", async () => {
		const { text, ...answer } = await examine(VALUES);
		expect(answer).toEqual({
			status: 200,
			roundTrips: 1,
			body: {
				worker: "koby-portal",
				environment: "development",
				version: null,
				secrets: NAMES.map((name) => ({ name, present: true })),
				unusable: [],
				schema: { expected: SCHEMA_VERSION, found: SCHEMA_VERSION },
				crons: [],
				clerk: { issuer: portal.good.issuer, keys: "reachable" },
				stripe_mode: "test",
				limiters: ["IP_LIMITER", "USER_LIMITER", "FAILED_TOKEN_LIMITER"].map((name) => ({ name, bound: true })),
			},
		});
		expect(text).not.toMatch(/doctorsecret/);
	});

	it("tells which secrets are missing, blank ones among them, and which limiters", async () => {
		const { body } = await examine({ CLERK_SECRET_KEY: " \n", STRIPE_SECRET_KEY: undefined, IP_LIMITER: undefined });
		expect(body).toMatchObject({
			secrets: NAMES.map((name) => ({ name, present: name === "CLERK_DOMAIN" })),
			stripe_mode: null,
			limiters: expect.arrayContaining([{ name: "IP_LIMITER", bound: false }]),
		});
	});

	it("tells which version is deployed", async () => {
		const deployed = { VERSION: { id: "v-1", tag: "", timestamp: "" }, ENVIRONMENT: "staging" };
		expect((await examine(deployed)).body).toMatchObject({ version: "v-1", environment: "staging" });
	});

	it("lets nobody in, staff neither, while a pinned key of Clerk's cannot be read", async () => {
		expect((await examine({ CLERK_JWT_KEY: "no key" })).status).toBe(503);
	});

	it.each([
		["MAX_BODY_BYTES", "64k"],
		["MAX_WEBHOOK_BYTES", "half a megabyte"],
		["KNOWLEDGE_RANKING", "luck"],
		["STRIPE_SECRET_KEY", "pk_test_publishable"],
	])("names %s when it cannot be read", async (name, value) => {
		const { body, text } = await examine({ [name]: value });
		expect(body).toMatchObject({ unusable: [name] });
		expect(text).not.toContain(value);
	});

	it("names Gemini's variables only where there is a key to use them with", async () => {
		const wrong = { GEMINI_EMBEDDING_DIMENSIONS: "7" };
		expect((await examine(wrong)).body).toMatchObject({ unusable: [] });
		expect((await examine({ ...wrong, GEMINI_API_KEY: "key" })).body).toMatchObject({
			unusable: ["GEMINI_EMBEDDING_DIMENSIONS"],
		});
	});

	it("tells of which mode Stripe's key is", async () => {
		expect((await examine({ STRIPE_SECRET_KEY: "rk_live_1" })).body).toMatchObject({ stripe_mode: "live" });
		expect((await examine({ STRIPE_SECRET_KEY: "sk_test_1" })).body).toMatchObject({ stripe_mode: "test" });
	});

	it("asks Clerk itself, while kept keys let its caller in", async () => {
		const host = new URL(portal.good.issuer).host;
		expect((await examine()).body).toMatchObject({ clerk: { keys: "reachable" } });
		const before = (await callsOf(host)).length;
		await setFaults(host, { status: 503 });
		expect((await examine()).body).toMatchObject({ clerk: { issuer: portal.good.issuer, keys: "unreachable" } });
		expect(await callsOf(host)).toHaveLength(before + 1);
	});

	it("tells when scheduled runs last came to their end, each once", async () => {
		await runOften();
		await runDaily();
		vi.setSystemTime(NOW + 60_000);
		await runOften();
		vi.setSystemTime(NOW);
		expect((await examine()).body).toMatchObject({
			crons: [
				{ worker: "koby-portal", cron: "*/5 * * * *", ended_at: "2026-08-20T12:01:00.000Z" },
				{ worker: "koby-portal", cron: "17 3 * * *", ended_at: "2026-08-20T12:00:00.000Z" },
			],
		});
	});

	it("tells what schema it finds, an older one too", async () => {
		const last = (sql: string) => env.DB.prepare(sql).bind(SCHEMA_VERSION).run();
		await last("DELETE FROM schema_version WHERE version = ?1");
		const { body } = await examine();
		// The rows of this table outlive a reset.
		await last("INSERT INTO schema_version (version) VALUES (?1)");
		expect(body).toMatchObject({ schema: { expected: SCHEMA_VERSION, found: expect.any(Number) } });
		expect(body).not.toMatchObject({ schema: { found: SCHEMA_VERSION } });
	});
});
