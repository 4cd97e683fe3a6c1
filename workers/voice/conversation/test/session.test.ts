import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { callsOf, setFaults } from "../../../local/stand-ins/control.ts";
import type { Fault } from "../../../local/stand-ins/wire.ts";
import { resetDatabase } from "../../../lib/test/database.ts";
import { AGENT, ask, bodyOf, envelope, session, vendorKey } from "../../test/client.ts";
import type { Sent } from "../../test/client.ts";
import { allowConversations, row, rows, run, sessionStatuses, watchedDb } from "../../test/d1.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

beforeEach(async () => {
	await resetDatabase(env.DB);
	await allowConversations();
});
afterEach(() => {
	vi.useRealTimers();
	vi.restoreAllMocks();
});

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
				client_hash: expect.stringMatching(/^[0-9a-f]{32}$/),
				status: "open",
				opened_at: "2026-11-22T12:00:00.000Z",
				expires_at: "2026-11-22T12:25:00.000Z",
				ended_at: null,
				closed_at: null,
				checked_at: "",
				duration_seconds: null,
				cost_usd_micros: null,
				reason: null,
				reserved_seconds: 660,
				reserved_usd_micros: 3_300_000,
				consent_version: null,
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
		expect(await sessionStatuses()).toEqual([]);
	});

	it.each([
		["an unknown key", "SELECT 1", { "X-Site-Key": "sk_nobody_live_abc123" }, 401, "invalid_site_key"],
		["a paused site", "UPDATE portal_sites SET status = 'paused'", {}, 403, "site_inactive"],
		["a churned org", "UPDATE orgs SET status = 'churned'", {}, 403, "org_inactive"],
		[
			"a foreign page",
			"UPDATE portal_sites SET allowed_origins = '[]'",
			{ Origin: "https://elsewhere.example" },
			403,
			"origin_not_allowed",
		],
	])("%s, taking no slot", async (_, sql, headers, status, code) => {
		const key = vendorKey();
		await run(sql);
		const answer = await ask(session(key, {}, { headers }));
		expect(answer.status).toBe(status);
		expect(answer.body).toEqual(envelope(answer, code));
		expect(await callsOf(key)).toEqual([]);
		expect(await sessionStatuses()).toEqual([]);
	});

	it("a site over its rate, taking no slot", async () => {
		// The limit counts whom this isolate knows to be admitted.
		await ask(session(vendorKey(), {}, { path: `/session/${crypto.randomUUID()}/end` }));
		const answer = await ask(
			session(vendorKey(), { SITE_LIMITER: { limit: () => Promise.resolve({ success: false }) } }),
		);
		expect(answer.status).toBe(429);
		expect(answer.body).toEqual(envelope(answer, "rate_limited"));
		expect(await sessionStatuses()).toEqual([]);
	});

	it.each(["ELEVENLABS_API_KEY", "DB"] as const)("while %s is missing", async (name) => {
		const answer = await ask(session(vendorKey(), { [name]: undefined }));
		expect(answer.status).toBe(503);
		expect(answer.body).toEqual(envelope(answer, "not_configured"));
	});
});

describe("a signed URL", () => {
	const LOOPBACK: Fault = { body: '{"signed_url":"ws://127.0.0.1:9/?conversation_id=conv_1"}' };

	it("may name this machine in development", async () => {
		const key = vendorKey();
		await setFaults(key, LOOPBACK);
		expect((await ask(session(key))).body).toMatchObject({
			signed_url: "ws://127.0.0.1:9/?conversation_id=conv_1",
			conversation_id: "conv_1",
		});
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
