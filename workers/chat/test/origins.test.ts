import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { resetDatabase } from "../../lib/test/database.ts";
import { CHADIS_KEY, expectError, newClient } from "./client.ts";
import { NOTHING_WRITTEN, run, watched, written } from "./tables.ts";

beforeEach(() => resetDatabase(env.DB));

const TEST_KEY = "sk_chadis_test_abc123";
const DEV_KEY = "sk_chadis_dev_abc123";
const LISTED = '["https://www.chadis.com"]';

describe("an origin", () => {
	const table: [string, string | null, string | undefined, "admitted" | "refused"][] = [
		[CHADIS_KEY, null, undefined, "admitted"],
		[CHADIS_KEY, null, "https://anyone.example", "admitted"],
		[CHADIS_KEY, null, "https://anyone.example:8443", "admitted"],
		[CHADIS_KEY, null, "http://anyone.example", "refused"],
		[CHADIS_KEY, null, "null", "refused"],
		[CHADIS_KEY, null, "file://", "refused"],
		[CHADIS_KEY, null, "https://anyone.example/path", "refused"],
		[CHADIS_KEY, null, "HTTPS://ANYONE.EXAMPLE", "refused"],
		[CHADIS_KEY, null, "http://localhost:3000", "refused"],
		[CHADIS_KEY, null, "https://localhost", "refused"],
		[CHADIS_KEY, LISTED, undefined, "admitted"],
		[CHADIS_KEY, LISTED, "https://www.chadis.com", "admitted"],
		[CHADIS_KEY, LISTED, "https://chadis.com", "refused"],
		[CHADIS_KEY, LISTED, "https://www.chadis.com.evil.example", "refused"],
		[CHADIS_KEY, LISTED, "https://www.chadis.com:444", "refused"],
		[CHADIS_KEY, LISTED, "http://www.chadis.com", "refused"],
		[CHADIS_KEY, LISTED, "http://127.0.0.1:3000", "refused"],
		[CHADIS_KEY, LISTED, "null", "refused"],
		[CHADIS_KEY, "[]", undefined, "admitted"],
		[CHADIS_KEY, "[]", "https://www.chadis.com", "refused"],
		[TEST_KEY, LISTED, "http://localhost:3000", "admitted"],
		[TEST_KEY, LISTED, "http://127.0.0.1:8080", "admitted"],
		[TEST_KEY, LISTED, "https://anyone.example", "refused"],
		[DEV_KEY, "[]", "http://localhost", "admitted"],
		[DEV_KEY, null, "http://localhost.evil.example", "refused"],
		[DEV_KEY, null, "http://192.168.0.1", "refused"],
	];

	it.each(table)("for %s with the list %s: %s is %s", async (key, list, origin, outcome) => {
		await run("UPDATE portal_sites SET site_key = ?1, allowed_origins = ?2 WHERE id = 'site_chadis'", key, list);
		const client = newClient();
		const response = await client.call({ key, origin });
		expect(response.headers.get("Vary")).toBe("Origin");
		expect(response.headers.get("Access-Control-Allow-Credentials")).toBeNull();
		if (outcome === "admitted") {
			expect(response.status).toBe(200);
			expect(response.headers.get("Access-Control-Allow-Origin")).toBe(origin ?? null);
			expect(response.headers.get("Access-Control-Expose-Headers")).toBe(
				origin === undefined ? null : "ETag, X-Request-Id, Retry-After, Server-Timing",
			);
			return;
		}
		await expectError(response, 403, "origin_not_allowed");
		expect(response.headers.get("Access-Control-Allow-Origin")).toBeNull();
		expect(await client.asked()).toEqual([]);
		expect(await written()).toEqual(NOTHING_WRITTEN);
	});

	it.each([
		[
			"https://other.example",
			"The origin https://other.example is not admitted; add it to allowed_origins of this engine, in",
		],
		[
			"http://localhost:3000",
			"The origin http://localhost:3000 is your own machine, which a live key never admits; use the test",
		],
		[
			"null",
			"The origin of this page is hidden, as in a sandboxed frame or a file; put the widget into the page itself.",
		],
		[
			"http://plain.example",
			"The origin http://plain.example is not served by https, so no engine can admit it; serve the",
		],
		[`https://${"long.".repeat(30)}example`, "The origin of this page is not admitted; add it to allowed_origins"],
		["https://<b>.example", "The origin of this page is not served by https"],
		["ftp://localhost", "The origin of this page is not served by https"],
	])("that is refused is named, and where it can be admitted: %s", async (origin, words) => {
		const refusals = await Promise.all(
			[LISTED, "[]"].map(async (list) => {
				await run("UPDATE portal_sites SET allowed_origins = ?1 WHERE id = 'site_chadis'", list);
				const response = await newClient().call({ key: CHADIS_KEY, origin });
				const { error } = await response.json<{ error: { message: string } }>();
				return [response.status, error.message];
			}),
		);
		expect(refusals[0]).toEqual([403, expect.stringContaining(words)]);
		// Nothing of the list shows in what is said.
		expect(refusals[1]).toEqual(refusals[0]);
	});

	it("is reflected on every other refusal, so that the page can read why", async () => {
		const client = newClient();
		const origin = "https://anyone.example";
		const refusals = [
			await client.call({ key: "sk_nobody_live_abc123", origin }),
			await client.call({ key: CHADIS_KEY, origin, body: "{" }),
			await client.call({ path: "/nothing", origin }),
			await client.call({ method: "PUT", origin }),
		];
		expect(refusals.map(({ status }) => status)).toEqual([401, 400, 404, 405]);
		for (const { headers } of refusals) {
			expect(headers.get("Access-Control-Allow-Origin")).toBe(origin);
			expect(headers.get("Vary")).toBe("Origin");
		}
	});
});

describe("a preflight", () => {
	it.each(["/", "/nothing"])("of %s is answered without the database or any limit", async (path) => {
		const { db, trips } = watched();
		const origin = "https://anyone.example";
		const response = await newClient().call({
			method: "OPTIONS",
			path,
			origin,
			env: { DB: db, IP_LIMITER: undefined, GEMINI_API_KEY: undefined },
		});
		expect(response.status).toBe(204);
		expect(Object.fromEntries(response.headers)).toMatchObject({
			"access-control-allow-origin": origin,
			"access-control-allow-methods": "GET, HEAD, POST, DELETE",
			"access-control-allow-headers": "Content-Type, X-Site-Key, X-Visitor-Id, X-Consent, Accept",
			"access-control-max-age": "7200",
			vary: "Origin",
		});
		expect(trips()).toBe(0);
	});
});
