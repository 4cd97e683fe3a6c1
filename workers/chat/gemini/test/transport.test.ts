import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { resetDatabase } from "../../../lib/test/database.ts";
import { parseSiteKey } from "../../../lib/site/site-key.ts";
import { originFacts } from "../../../lib/site/origin.ts";
import { queryTerms } from "../../../lib/knowledge/query-terms.ts";
import { cacheQuestion } from "../../turn/answer-cache.ts";
import worker from "../../index.ts";
import { CHADIS_KEY, expectError, newClient } from "../../test/client.ts";
import { NOTHING_WRITTEN, watched, written } from "../../test/tables.ts";

beforeEach(() => resetDatabase(env.DB));
afterEach(() => vi.useRealTimers());

/** A request of which the pool's own `Request` would make another one. */
function send(request: Request): Promise<Response> {
	const context = { waitUntil: () => undefined, passThroughOnException: () => undefined, props: {} };
	return Promise.resolve(
		worker.fetch(request as Parameters<typeof worker.fetch>[0], env, context as unknown as ExecutionContext),
	);
}

describe("a request in an odd form", () => {
	it.each(["GET", "HEAD", "PUT", "PATCH", "DELETE"])("%s / is not served, and says what is", async (method) => {
		const { db, trips } = watched();
		const response = await newClient().call({ method, env: { DB: db } });
		expect([response.status, response.headers.get("Allow")]).toEqual([405, "POST, OPTIONS"]);
		expect(trips()).toBe(0);
	});

	it("a storm of preflights costs the database nothing", async () => {
		const { db, trips } = watched();
		const client = newClient();
		const preflight = { method: "OPTIONS", origin: "https://www.example.com", env: { DB: db } };
		const statuses = await Promise.all(Array.from({ length: 100 }, async () => (await client.call(preflight)).status));
		expect(new Set(statuses)).toEqual(new Set([204]));
		expect(trips()).toBe(0);
	});

	it("an address of 16 KB, or with 100 parameters, is an address like any other", async () => {
		const client = newClient();
		await expectError(await client.call({ path: `/${"a".repeat(16_000)}` }), 404, "not_found");
		const parameters = Array.from({ length: 100 }, (_, n) => `p${n}=${n}`).join("&");
		expect((await client.call({ path: `/?${parameters}`, key: CHADIS_KEY })).status).toBe(200);
		await expectError(await client.call({ method: "GET", path: `/config?${parameters}` }), 401, "site_key_required");
	});

	it("a body that never ends is let go after ten seconds, before anything is spent", async () => {
		vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
		let isCancelled = false;
		const body = new ReadableStream<Uint8Array>({
			start: (controller) => controller.enqueue(new TextEncoder().encode('{"message":')),
			cancel: () => {
				isCancelled = true;
			},
		});
		const headers = {
			"Content-Type": "application/json",
			"X-Site-Key": CHADIS_KEY,
			"CF-Connecting-IP": "2001:db8:413::1",
		};
		const answer = send(new Request("https://slow.test/", { method: "POST", headers, body }));
		await vi.waitFor(() => expect(vi.getTimerCount()).toBeGreaterThan(0));
		await vi.advanceTimersByTimeAsync(10_000);
		await expectError(await answer, 408, "request_timeout");
		expect(isCancelled).toBe(true);
		expect(await written()).toEqual(NOTHING_WRITTEN);
	});
});

/** 50 KB that a pattern with a quantifier in a quantifier would try in more ways than a test has time for. */
const HARD = ["a", "_", "?!", "a-", "¿ ", "\u0301"].map((unit) => `${unit.repeat(50_000 / unit.length)}!`);

describe("text that is made to be hard to match", () => {
	it.each(HARD)("is refused as a site key (%.6s…)", (text) => {
		expect(() => parseSiteKey(`sk_${text}`)).toThrow(/site key/i);
	});

	it.each(HARD)("is searched for and looked up (%.6s…)", (text) => {
		expect(queryTerms(text).length).toBeLessThanOrEqual(32);
		expect(cacheQuestion(text).length).toBeLessThanOrEqual(text.length);
	});

	it("is not admitted as an origin", () => {
		expect(originFacts(new Request("https://a.test", { headers: { Origin: `https://${HARD[0]}` } }))).toMatchObject({
			isHttps: false,
			isLocal: false,
		});
	});
});
