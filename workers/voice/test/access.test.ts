import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SCHEMA_VERSION } from "../../lib/d1/schema-version.ts";
import { callsOf } from "../../local/stand-ins/control.ts";
import { resetDatabase } from "../../lib/test/database.ts";
import { PANNU_KEY, ask, envelope, hear, vendorKey } from "./client.ts";
import type { Sent } from "./client.ts";
import { allowConversations, rows, run } from "./d1.ts";

beforeEach(async () => {
	await resetDatabase(env.DB);
	await allowConversations();
});
afterEach(() => {
	vi.useRealTimers();
});

let texts = 0;

/** A text that no cache knows. */
function speech(key: string, headers: Record<string, string> = {}): Sent {
	texts += 1;
	return {
		body: { text: `Admission test ${texts}` },
		headers: { "X-Site-Key": PANNU_KEY, ...headers },
		env: { ELEVENLABS_API_KEY: key },
	};
}

async function isRefused(sent: Sent, key: string, status: number, code: string): Promise<void> {
	const answer = await ask(sent);
	expect(answer.status).toBe(status);
	expect(answer.body).toEqual(envelope(answer, code));
	expect(await callsOf(key)).toEqual([]);
	expect(await rows("SELECT org_id FROM usage_daily")).toEqual([]);
	expect(await rows("SELECT org_id FROM metrics_daily")).toEqual([]);
}

describe("a site key", () => {
	it.each([
		["empty", ""],
		["blank", " "],
		["cut short", "sk_pannu_live"],
		["in capitals", "SK_PANNU_LIVE_DEF456"],
		["two words", `${PANNU_KEY} x`],
		["unknown", "sk_nobody_live_abc123"],
		["8 KB long", `sk_${"a".repeat(8000)}_live_abc123`],
	])("that is %s is refused with the one text, never as legacy", async (_, siteKey) => {
		const key = vendorKey();
		const answer = await ask(speech(key, { "X-Site-Key": siteKey }));
		expect(answer.status).toBe(401);
		expect(answer.body).toEqual({
			error: {
				code: "invalid_site_key",
				message: "This site key is not valid; copy it again from the dashboard.",
				request_id: answer.headers.get("X-Request-Id"),
			},
		});
		expect(await callsOf(key)).toEqual([]);
		expect(await rows("SELECT date FROM legacy_usage")).toEqual([]);
	});

	it.each(["paused", "archived"])("of a site that is %s is refused", async (status) => {
		const key = vendorKey();
		await run(`UPDATE portal_sites SET status = '${status}' WHERE id = 'site_pannu_dental'`);
		await isRefused(speech(key), key, 403, "site_inactive");
	});

	it.each(["churned", "inactive"])("of an org that is %s is refused", async (status) => {
		const key = vendorKey();
		await run(`UPDATE orgs SET status = '${status}' WHERE id = 'org_pannu_dental'`);
		await isRefused(speech(key), key, 403, "org_inactive");
	});

	it.each(["trialing", "past_due"])("of an org that is %s works", async (status) => {
		await run(`UPDATE orgs SET status = '${status}' WHERE id = 'org_pannu_dental'`);
		expect((await hear(speech(vendorKey()))).status).toBe(200);
	});

	it("that was rotated away works for its days of grace and no longer", async () => {
		const rotated = (until: string) =>
			run(
				`UPDATE portal_sites SET previous_key = 'sk_pannu_live_old123', previous_key_expires_at = '${until}' WHERE id = 'site_pannu_dental'`,
			);
		await rotated("2999-01-01T00:00:00.000Z");
		expect((await hear(speech(vendorKey(), { "X-Site-Key": "sk_pannu_live_old123" }))).status).toBe(200);
		await rotated("2020-01-01T00:00:00.000Z");
		expect((await ask(speech(vendorKey(), { "X-Site-Key": "sk_pannu_live_old123" }))).status).toBe(401);
	});

	it("without a database is not configured", async () => {
		const answer = await ask({ ...speech(vendorKey()), env: { DB: undefined } });
		expect(answer.status).toBe(503);
		expect(answer.body).toEqual(envelope(answer, "not_configured"));
	});
});

describe("a path or method that is not served", () => {
	it.each(["/nowhere", "/health/", "//", "/session", "/session/x", "/clips/abc", "/v1/text-to-speech/x", "/index.ts"])(
		"%s is 404 on chadis-voice",
		async (path) => {
			const answer = await ask({
				path,
				method: path === "/session" ? "POST" : "GET",
				headers: { "X-Site-Key": PANNU_KEY },
			});
			expect(answer.status).toBe(404);
			expect(answer.body).toEqual(envelope(answer, "not_found"));
		},
	);

	it.each([
		["GET", "/", "POST, OPTIONS"],
		["PUT", "/", "POST, OPTIONS"],
		["HEAD", "/", "POST, OPTIONS"],
		["POST", "/health", "GET, HEAD, OPTIONS"],
		["DELETE", "/health", "GET, HEAD, OPTIONS"],
	])("%s %s is 405 and names what is", async (method, path, allow) => {
		const answer = await ask({ method, path });
		expect(answer.status).toBe(405);
		expect(answer.headers.get("Allow")).toBe(allow);
	});
});

describe("GET /health", () => {
	it("tells that the database answers, and for whom", async () => {
		const voice = await ask({ method: "GET", path: "/health" });
		expect(voice.status).toBe(200);
		expect(voice.body).toEqual({
			status: "ok",
			worker: "chadis-voice",
			checks: { db: "ok" },
			schema: { expected: SCHEMA_VERSION, found: SCHEMA_VERSION },
		});
		const conversation = await ask({ method: "GET", path: "/health", env: { CONVERSATION: "on" } });
		expect(conversation.body).toEqual({
			status: "ok",
			worker: "chadis-voice-conversation",
			checks: { db: "ok" },
			schema: { expected: SCHEMA_VERSION, found: SCHEMA_VERSION },
		});
	});

	it("has nothing to check where no database is bound", async () => {
		expect((await ask({ method: "GET", path: "/health", env: { DB: undefined } })).body).toEqual({
			status: "ok",
			worker: "chadis-voice",
			checks: {},
		});
	});
});

describe("a variable", () => {
	it.each([
		["ELEVENLABS_API_KEY", undefined],
		["ELEVENLABS_API_KEY", " \n"],
		["ELEVENLABS_BASE_URL", "http://api.elevenlabs.io"],
		["ELEVENLABS_BASE_URL", "https://elevenlabs.io.evil.example"],
		["ELEVENLABS_OUTPUT_FORMAT", "pcm_16000"],
		["ELEVENLABS_TIMEOUT_MS", "soon"],
		["MAX_BODY_BYTES", "-1"],
	])("that is missing or unusable is named in the log only: %s = %j", async (name, value) => {
		const errors = vi.spyOn(console, "error").mockImplementation(() => undefined);
		const key = vendorKey();
		const sent = speech(key);
		const answer = await ask({ ...sent, env: { ...sent.env, [name]: value } });
		expect(answer.status).toBe(503);
		expect(answer.body).toEqual(envelope(answer, "not_configured"));
		expect(JSON.stringify(answer.body)).not.toContain(name);
		expect(String(errors.mock.calls[0]?.[0])).toContain(`${name} is missing or unusable`);
		expect(await callsOf(key)).toEqual([]);
		errors.mockRestore();
	});

	it("that is pasted with a newline works: the API key", async () => {
		const key = vendorKey();
		expect((await hear({ ...speech(key), env: { ELEVENLABS_API_KEY: `${key}\n` } })).status).toBe(200);
		expect(await callsOf(key)).toHaveLength(1);
	});
});
