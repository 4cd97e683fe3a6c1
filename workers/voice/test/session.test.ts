import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { callsOf, setFaults } from "../../local/stand-ins/control.ts";
import type { Fault } from "../../local/stand-ins/wire.ts";
import { resetDatabase } from "../../lib/test/database.ts";
import { CHADIS_KEY, PANNU_KEY, ask, askLate, envelope, vendorKey } from "./client.ts";
import type { Answer, Overrides, Sent } from "./client.ts";
import { d1Down, lateDb, row, rows, run, watchedDb } from "./d1.ts";

const AGENT = "agent_deployment";
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

beforeEach(() => resetDatabase(env.DB));
afterEach(() => {
	vi.useRealTimers();
	vi.restoreAllMocks();
});

function session(key: string, more: Overrides = {}, sent: Sent = {}): Sent {
	return {
		path: "/session",
		body: {},
		...sent,
		headers: { "X-Site-Key": PANNU_KEY, ...sent.headers },
		env: { CONVERSATION: "on", ELEVENLABS_AGENT_ID: AGENT, ELEVENLABS_API_KEY: key, ...more },
	};
}

function statuses(): Promise<Record<string, unknown>[]> {
	return rows("SELECT status, COUNT(*) AS n FROM voice_sessions GROUP BY status ORDER BY status");
}

function bodyOf(answer: Answer): Record<string, string> {
	return JSON.parse(JSON.stringify(answer.body));
}

describe("POST /session", () => {
	it("hands out a signed URL for the deployment's agent and records whose it is", async () => {
		const key = vendorKey();
		vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2026, 10, 22, 12) });
		const answer = await ask(session(key));
		expect(answer.status).toBe(201);
		expect(answer.headers.get("Cache-Control")).toBe("no-store");
		const { session_id: id, signed_url: signedUrl = "", conversation_id: conversationId } = bodyOf(answer);
		expect(answer.body).toEqual({
			session_id: expect.stringMatching(UUID),
			signed_url: expect.stringMatching(/^wss:\/\/api\.elevenlabs\.io\/v1\/convai\/conversation\?/),
			conversation_id: expect.stringMatching(/^conv_\w+$/),
			agent_id: AGENT,
			expires_at: "2026-11-22T12:15:00.000Z",
			max_duration_seconds: 600,
		});
		expect(new URL(signedUrl).searchParams.get("conversation_id")).toBe(conversationId);
		expect((await callsOf(key)).map(({ method, path }) => [method, path])).toEqual([
			["GET", `/v1/convai/conversation/get-signed-url?agent_id=${AGENT}&include_conversation_id=true`],
		]);
		expect(await rows("SELECT * FROM voice_sessions")).toEqual([
			{
				id,
				org_id: "org_pannu_dental",
				site_id: "site_pannu_dental",
				agent_id: AGENT,
				conversation_id: conversationId,
				client_hash: null,
				status: "open",
				opened_at: "2026-11-22T12:00:00.000Z",
				expires_at: "2026-11-22T12:25:00.000Z",
				ended_at: null,
				closed_at: null,
				duration_seconds: null,
				cost_usd_micros: null,
				reason: null,
			},
		]);
		expect(await rows("SELECT site_id, voice_sessions, voice_requests FROM metrics_daily")).toEqual([
			{ site_id: "site_pannu_dental", voice_sessions: 1, voice_requests: 0 },
		]);
	});

	it("takes the site's own agent before the deployment's, and none from the caller", async () => {
		const key = vendorKey();
		await run("UPDATE portal_sites SET agent_id = 'agent_pannu' WHERE id = 'site_pannu_dental'");
		const answer = await ask(session(key, {}, { body: { agent_id: "agent_stolen" } }));
		expect(answer.body).toMatchObject({ agent_id: "agent_pannu" });
		expect((await callsOf(key))[0]?.path).toContain("agent_id=agent_pannu&");
		expect(await row("SELECT agent_id FROM voice_sessions")).toEqual({ agent_id: "agent_pannu" });
	});

	it.each<[string, Sent]>([
		["no body at all", { body: null }],
		["an empty object", { body: {} }],
	])("takes %s", async (_, sent) => {
		expect((await ask(session(vendorKey(), {}, sent))).status).toBe(201);
	});

	it("costs one round trip to D1 before the URL is minted and one after", async () => {
		const watched = watchedDb();
		await ask(session(vendorKey(), { DB: watched.db }));
		expect(watched.batches).toBe(2);
	});
});

describe("POST /session refuses", () => {
	it("everyone on the deployment that has no conversations", async () => {
		for (const mode of ["off", "", undefined]) {
			const answer = await ask(session(vendorKey(), { CONVERSATION: mode }));
			expect(answer.status).toBe(404);
			expect(answer.body).toEqual(envelope(answer, "not_found"));
		}
	});

	it("a caller without a site key", async () => {
		const answer = await ask({ path: "/session", body: {}, env: { CONVERSATION: "on", ELEVENLABS_AGENT_ID: AGENT } });
		expect(answer.status).toBe(401);
		expect(answer.body).toEqual(envelope(answer, "site_key_required"));
	});

	it("a site that has no agent, nor the deployment", async () => {
		const key = vendorKey();
		const answer = await ask(session(key, { ELEVENLABS_AGENT_ID: "" }));
		expect(answer.status).toBe(501);
		expect(answer.body).toEqual(envelope(answer, "conversation_not_configured"));
		expect(await callsOf(key)).toEqual([]);
		expect(await statuses()).toEqual([]);
	});

	it.each([
		["an unknown key", "SELECT 1", { "X-Site-Key": "sk_nobody_live_abc123" }, 401, "invalid_site_key"],
		["a paused site", "UPDATE portal_sites SET status = 'paused'", {}, 403, "site_inactive"],
		["a churned org", "UPDATE orgs SET status = 'churned'", {}, 403, "org_inactive"],
		["a foreign page", "UPDATE portal_sites SET allowed_origins = '[]'", { Origin: "https://elsewhere.example" }, 403, "origin_not_allowed"],
	])("%s, taking no slot", async (_, sql, headers, status, code) => {
		const key = vendorKey();
		await run(sql);
		const answer = await ask(session(key, {}, { headers }));
		expect(answer.status).toBe(status);
		expect(answer.body).toEqual(envelope(answer, code));
		expect(await callsOf(key)).toEqual([]);
		expect(await statuses()).toEqual([]);
	});

	it("a site over its rate, taking no slot", async () => {
		const answer = await ask(session(vendorKey(), { SITE_LIMITER: { limit: () => Promise.resolve({ success: false }) } }));
		expect(answer.status).toBe(429);
		expect(answer.body).toEqual(envelope(answer, "rate_limited"));
		expect(await statuses()).toEqual([]);
	});

	it.each(["ELEVENLABS_API_KEY", "DB"] as const)("while %s is missing", async (name) => {
		const answer = await ask(session(vendorKey(), { [name]: undefined }));
		expect(answer.status).toBe(503);
		expect(answer.body).toEqual(envelope(answer, "not_configured"));
	});
});

describe("the cap on open conversations", () => {
	it("opens exactly three of thirty at once", async () => {
		const key = vendorKey();
		const answers = await Promise.all(Array.from({ length: 30 }, () => ask(session(key))));
		const opened = answers.filter(({ status }) => status === 201);
		const refused = answers.filter(({ status }) => status === 429);
		expect([opened.length, refused.length]).toEqual([3, 27]);
		expect(refused.map((answer) => answer.body)).toEqual(refused.map((answer) => envelope(answer, "session_limit")));
		expect(refused[0]?.headers.get("Retry-After")).toBe("30");
		expect(await callsOf(key)).toHaveLength(3);
		expect(await rows("SELECT status, conversation_id FROM voice_sessions ORDER BY conversation_id")).toEqual(
			opened
				.map((answer) => ({ status: "open", conversation_id: bodyOf(answer).conversation_id }))
				.sort((a, b) => (String(a.conversation_id) < String(b.conversation_id) ? -1 : 1)),
		);
		expect(await row("SELECT voice_sessions FROM metrics_daily")).toEqual({ voice_sessions: 3 });
	});

	it("is each site's own", async () => {
		const key = vendorKey();
		await Promise.all(Array.from({ length: 3 }, () => ask(session(key))));
		expect((await ask(session(key, {}, { headers: { "X-Site-Key": CHADIS_KEY } }))).status).toBe(201);
		expect((await ask(session(key))).status).toBe(429);
	});

	it.each([
		["has ended", "ended_at = opened_at"],
		["has expired", "expires_at = '2020-01-01T00:00:00.000Z'"],
		["was closed", "status = 'closed'"],
	])("does not count a conversation that %s", async (_, change) => {
		const key = vendorKey();
		await Promise.all(Array.from({ length: 3 }, () => ask(session(key))));
		await run(`UPDATE voice_sessions SET ${change} WHERE id = (SELECT MIN(id) FROM voice_sessions)`);
		const answers = await Promise.all([ask(session(key)), ask(session(key))]);
		expect(answers.map(({ status }) => status).sort()).toEqual([201, 429]);
	});
});

describe("a conversation that cannot be minted or recorded", () => {
	it.each<[string, Fault, number, string]>([
		["a key without the permission", { status: 401, code: "missing_permissions" }, 502, "voice_provider_auth"],
		["an agent that ElevenLabs does not know", { status: 404, code: "agent_not_found" }, 502, "voice_not_available"],
		["a failing ElevenLabs", { status: 500 }, 502, "voice_unavailable"],
		["a busy ElevenLabs", { status: 429, code: "concurrent_limit_exceeded" }, 503, "voice_busy"],
		["an HTML page", { replace: "html" }, 502, "voice_unavailable"],
		["an empty answer", { replace: "empty" }, 502, "voice_unavailable"],
		["an answer of 50 KB", { body: "x".repeat(50_000) }, 502, "voice_unavailable"],
		["a number for a URL", { body: '{"signed_url":5}' }, 502, "voice_unavailable"],
		["a URL without a conversation", { body: '{"signed_url":"wss://api.elevenlabs.io/v1/convai/conversation?agent_id=a"}' }, 502, "voice_unavailable"],
		["a URL of another host", { body: '{"signed_url":"wss://elevenlabs.io.evil.example/?conversation_id=conv_1"}' }, 502, "voice_unavailable"],
		["a URL that is no socket", { body: '{"signed_url":"https://api.elevenlabs.io/?conversation_id=conv_1"}' }, 502, "voice_unavailable"],
		["a redirect", { redirect: "https://api.elevenlabs.io/v1/elsewhere" }, 502, "voice_unavailable"],
	])("gives its slot back: %s", async (_, fault, status, code) => {
		const key = vendorKey();
		await setFaults(key, { times: 2, ...fault });
		const answer = await ask(session(key, { MAX_OPEN_SESSIONS: "1" }));
		expect(answer.status).toBe(status);
		expect(answer.body).toEqual(envelope(answer, code));
		expect(await rows("SELECT status, conversation_id, reason FROM voice_sessions")).toEqual([{ status: "failed", conversation_id: null, reason: "not_minted" }]);
		expect(await rows("SELECT site_id FROM metrics_daily WHERE voice_sessions > 0")).toEqual([]);
		expect((await ask(session(vendorKey(), { MAX_OPEN_SESSIONS: "1" }))).status).toBe(201);
	});

	it("within the time limit gives its slot back", async () => {
		const key = vendorKey();
		await setFaults(key, { hang: true });
		const answer = await ask(session(key, { ELEVENLABS_TIMEOUT_MS: "80" }));
		expect(answer.status).toBe(504);
		expect(answer.body).toEqual(envelope(answer, "voice_timeout"));
		expect(await statuses()).toEqual([{ status: "failed", n: 1 }]);
	});

	it("is not minted when D1 is down", async () => {
		const key = vendorKey();
		const answer = await ask(session(key, { DB: watchedDb(d1Down).db }));
		expect(answer.status).toBe(503);
		expect(answer.body).toEqual(envelope(answer, "unavailable"));
		expect(await callsOf(key)).toEqual([]);
	});

	it("is not handed out when D1 cannot record it, and its slot is free", async () => {
		const key = vendorKey();
		const watched = watchedDb((batch, number) => (number === 2 ? d1Down() : batch()));
		const answer = await ask(session(key, { DB: watched.db }));
		expect(answer.status).toBe(503);
		expect(answer.body).toEqual(envelope(answer, "unavailable"));
		expect(await statuses()).toEqual([{ status: "failed", n: 1 }]);
	});

	it("whose slot cannot be freed either leaves one log line", async () => {
		const errors = vi.spyOn(console, "error").mockImplementation(() => undefined);
		const watched = watchedDb((batch, number) => (number > 1 ? d1Down() : batch()));
		const answer = await ask(session(vendorKey(), { DB: watched.db }));
		expect(answer.status).toBe(503);
		const taken = await row("SELECT id FROM voice_sessions WHERE status = 'open'");
		const lines = errors.mock.calls.map(([line]): unknown => JSON.parse(String(line)));
		expect(lines).toContainEqual({
			level: "error",
			event: "session_slot_not_freed",
			request_id: answer.headers.get("X-Request-Id"),
			session_id: taken?.id,
			org_id: "org_pannu_dental",
		});
	});

	it("takes its slot too late and gives it back", async () => {
		const key = vendorKey();
		const db = lateDb();
		const answer = await askLate(session(key, { DB: db.db }), db);
		expect(answer.status).toBe(503);
		expect(answer.body).toEqual(envelope(answer, "unavailable"));
		expect(await callsOf(key)).toEqual([]);
		expect(await statuses()).toEqual([{ status: "failed", n: 1 }]);
	});
});

describe("a signed URL", () => {
	const LOOPBACK: Fault = { body: '{"signed_url":"ws://127.0.0.1:9/?conversation_id=conv_1"}' };

	it("may name this machine in development", async () => {
		const key = vendorKey();
		await setFaults(key, LOOPBACK);
		expect((await ask(session(key))).body).toMatchObject({ signed_url: "ws://127.0.0.1:9/?conversation_id=conv_1", conversation_id: "conv_1" });
	});

	it.each(["staging", "production", ""])("may not elsewhere: %j", async (environment) => {
		const key = vendorKey();
		await setFaults(key, LOOPBACK);
		expect((await ask(session(key, { ENVIRONMENT: environment }))).status).toBe(502);
	});

	it("is never logged", async () => {
		const lines: string[] = [];
		for (const method of ["log", "warn", "error"] as const) {
			vi.spyOn(console, method).mockImplementation((line: unknown) => void lines.push(String(line)));
		}
		const answer = await ask(session(vendorKey()));
		expect(answer.status).toBe(201);
		expect(lines.join("\n")).not.toContain("conversation_signature");
	});
});
