import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { callsOf } from "../../local/stand-ins/control.ts";
import { resetDatabase } from "../../lib/test/database.ts";
import { PANNU_KEY, ask, envelope, hear, vendorKey } from "./client.ts";
import type { Sent } from "./client.ts";
import { allowConversations, rows, run, untouchedDb } from "./d1.ts";
import { BROKEN } from "./limiters.ts";

const PAGE = "https://www.pannu.example";
const TEST_KEY = "sk_pannu_test_ghi789";

beforeEach(async () => {
	await resetDatabase(env.DB);
	await allowConversations();
});

let texts = 0;

/** A text that no cache knows. */
function speech(key: string, headers: Record<string, string>): Sent {
	texts += 1;
	return {
		body: { text: `Origin test ${texts}` },
		headers: { "X-Site-Key": PANNU_KEY, ...headers },
		env: { ELEVENLABS_API_KEY: key },
	};
}

describe("an origin", () => {
	const allow = (list: string) =>
		run(`UPDATE portal_sites SET allowed_origins = ${list} WHERE id = 'site_pannu_dental'`);

	it.each([
		["any https page where the site names none", "NULL", PAGE],
		["a page on the list", `'["${PAGE}"]'`, PAGE],
	])("is admitted: %s", async (_, list, origin) => {
		await allow(list);
		const clip = await hear(speech(vendorKey(), { Origin: origin }));
		expect(clip.status).toBe(200);
		expect(clip.headers.get("Access-Control-Allow-Origin")).toBe(origin);
		expect(clip.headers.get("Vary")).toBe("Origin");
	});

	it.each([
		["a page that is not on the list", `'["${PAGE}"]'`, "https://pannu.example"],
		["every page of an empty list", "'[]'", PAGE],
		["plain http", "NULL", "http://www.pannu.example"],
		["a sandboxed frame", "NULL", "null"],
		["localhost with a live key", "NULL", "http://localhost:3000"],
	])("is refused before anything is spent, without CORS: %s", async (_, list, origin) => {
		const key = vendorKey();
		await allow(list);
		const answer = await ask(speech(key, { Origin: origin }));
		expect(answer.status).toBe(403);
		expect(answer.body).toEqual(envelope(answer, "origin_not_allowed"));
		expect(answer.headers.get("Access-Control-Allow-Origin")).toBeNull();
		expect(answer.headers.get("Vary")).toBe("Origin");
		expect(await callsOf(key)).toEqual([]);
		expect(await rows("SELECT org_id FROM usage_daily")).toEqual([]);
	});

	it("that is local is admitted with a test key", async () => {
		await run(
			`INSERT INTO portal_sites (id, org_id, site_key, name) VALUES ('site_test', 'org_pannu_dental', '${TEST_KEY}', 'Test')`,
		);
		expect((await hear(speech(vendorKey(), { "X-Site-Key": TEST_KEY, Origin: "http://localhost:3000" }))).status).toBe(
			200,
		);
	});

	it("is reflected on every other refusal, so that the page can read it", async () => {
		const answer = await ask({ ...speech(vendorKey(), { Origin: PAGE }), body: { text: "" } });
		expect(answer.status).toBe(422);
		expect(answer.headers.get("Access-Control-Allow-Origin")).toBe(PAGE);
	});
});

describe("a preflight", () => {
	it.each(["/", "/session", "/nowhere"])("of %s answers 204 and touches neither D1 nor a limiter", async (path) => {
		const { db, touches } = untouchedDb();
		const answer = await ask({
			method: "OPTIONS",
			path,
			headers: { Origin: PAGE, "Access-Control-Request-Method": "POST" },
			env: { DB: db, IP_LIMITER: BROKEN },
		});
		expect(answer.status).toBe(204);
		expect(answer.headers.get("Access-Control-Allow-Origin")).toBe(PAGE);
		expect(answer.headers.get("Access-Control-Allow-Methods")).toBe("GET, HEAD, POST");
		expect(answer.headers.get("Access-Control-Allow-Headers")).toBe(
			"Content-Type, X-Site-Key, X-Visitor-Id, X-Consent, Accept",
		);
		expect(answer.headers.get("Access-Control-Max-Age")).toBe("7200");
		expect(touches).toEqual([]);
	});
});
