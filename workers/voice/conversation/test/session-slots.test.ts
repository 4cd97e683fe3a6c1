import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { callsOf, setFaults } from "../../../local/stand-ins/control.ts";
import type { Fault } from "../../../local/stand-ins/wire.ts";
import { resetDatabase } from "../../../lib/test/database.ts";
import { CHADIS_KEY, ask, askLate, bodyOf, envelope, session, vendorKey } from "../../test/client.ts";
import { allowConversations, d1Down, lateDb, row, rows, run, sessionStatuses, watchedDb } from "../../test/d1.ts";

beforeEach(async () => {
	await resetDatabase(env.DB);
	await allowConversations();
});
afterEach(() => {
	vi.useRealTimers();
	vi.restoreAllMocks();
});

describe("the cap on open conversations", () => {
	it("opens exactly five of a hundred at once", async () => {
		const key = vendorKey();
		const answers = await Promise.all(Array.from({ length: 100 }, () => ask(session(key))));
		const opened = answers.filter(({ status }) => status === 201);
		const refused = answers.filter(({ status }) => status === 429);
		expect([opened.length, refused.length]).toEqual([5, 95]);
		expect(refused.map((answer) => answer.body)).toEqual(refused.map((answer) => envelope(answer, "session_limit")));
		// The five may last 25 minutes: the time to begin, and the longest that one may take.
		expect(Number(refused[0]?.headers.get("Retry-After"))).toBeGreaterThan(1490);
		expect(Number(refused[0]?.headers.get("Retry-After"))).toBeLessThanOrEqual(1500);
		expect(await callsOf(key)).toHaveLength(5);
		expect(await rows("SELECT status, conversation_id FROM voice_sessions ORDER BY conversation_id")).toEqual(
			opened
				.map((answer) => ({ status: "open", conversation_id: bodyOf(answer).conversation_id }))
				.sort((a, b) => (String(a.conversation_id) < String(b.conversation_id) ? -1 : 1)),
		);
		expect(await row("SELECT voice_sessions FROM metrics_daily")).toEqual({ voice_sessions: 5 });
	});

	it("says at which minute a place is free, to one client as to all", async () => {
		vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2026-08-20T13:39:30.500Z") });
		const key = vendorKey();
		const from = { headers: { "CF-Connecting-IP": "2001:db8:82:1::1" } };
		for (let own = 0; own < 2; own++) expect((await ask(session(key, {}, from))).status).toBe(201);
		const messageOf = async (answer: ReturnType<typeof ask>): Promise<unknown[]> => {
			const { status, headers, body } = await answer;
			return [status, headers.get("Retry-After"), body];
		};
		const saying = (message: string): unknown => ({
			error: expect.objectContaining({ code: "session_limit", message }),
		});
		// Each may last 25 minutes: the time to begin, and the longest that one may take.
		expect(await messageOf(ask(session(key, {}, from)))).toEqual([
			429,
			"1500",
			saying(
				"You have all the places that one visitor may have; end a conversation, or wait: one is free at 14:05 UTC at the latest.",
			),
		]);
		for (let others = 0; others < 3; others++) expect((await ask(session(key))).status).toBe(201);
		expect(await messageOf(ask(session(key)))).toEqual([
			429,
			"1500",
			saying("All places of this assistant are taken; one is free at 14:05 UTC at the latest."),
		]);
	});

	it("is each site's own", async () => {
		const key = vendorKey();
		await Promise.all(Array.from({ length: 5 }, () => ask(session(key))));
		expect((await ask(session(key, {}, { headers: { "X-Site-Key": CHADIS_KEY } }))).status).toBe(201);
		expect((await ask(session(key))).status).toBe(429);
	});

	it.each([
		["has expired", "expires_at = '2020-01-01T00:00:00.000Z'"],
		["was closed", "status = 'closed'"],
	])("does not count a conversation that %s", async (_, change) => {
		const key = vendorKey();
		await Promise.all(Array.from({ length: 5 }, () => ask(session(key))));
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
		[
			"a URL without a conversation",
			{ body: '{"signed_url":"wss://api.elevenlabs.io/v1/convai/conversation?agent_id=a"}' },
			502,
			"voice_unavailable",
		],
		[
			"a URL of another host",
			{ body: '{"signed_url":"wss://elevenlabs.io.evil.example/?conversation_id=conv_1"}' },
			502,
			"voice_unavailable",
		],
		[
			"a URL that is no socket",
			{ body: '{"signed_url":"https://api.elevenlabs.io/?conversation_id=conv_1"}' },
			502,
			"voice_unavailable",
		],
		["a redirect", { redirect: "https://api.elevenlabs.io/v1/elsewhere" }, 502, "voice_unavailable"],
	])("gives its slot back: %s", async (_, fault, status, code) => {
		const key = vendorKey();
		await setFaults(key, { times: 2, ...fault });
		const answer = await ask(session(key, { MAX_OPEN_SESSIONS: "1" }));
		expect(answer.status).toBe(status);
		expect(answer.body).toEqual(envelope(answer, code));
		expect(await rows("SELECT status, conversation_id, reason FROM voice_sessions")).toEqual([
			{ status: "failed", conversation_id: null, reason: "not_minted" },
		]);
		expect(await rows("SELECT site_id FROM metrics_daily WHERE voice_sessions > 0")).toEqual([]);
		expect((await ask(session(vendorKey(), { MAX_OPEN_SESSIONS: "1" }))).status).toBe(201);
	});

	it("within the time limit gives its slot back", async () => {
		const key = vendorKey();
		await setFaults(key, { hang: true });
		const answer = await ask(session(key, { ELEVENLABS_TIMEOUT_MS: "80" }));
		expect(answer.status).toBe(504);
		expect(answer.body).toEqual(envelope(answer, "voice_timeout"));
		expect(await sessionStatuses()).toEqual([{ status: "failed", n: 1 }]);
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
		expect(await sessionStatuses()).toEqual([{ status: "failed", n: 1 }]);
	});

	it("that D1 has recorded though it said that it had not is handed out, and counted once", async () => {
		const watched = watchedDb(async (batch, number) => {
			const results = await batch();
			if (number === 2) throw new Error("D1_ERROR: Network connection lost.");
			return results;
		});
		const answer = await ask(session(vendorKey(), { DB: watched.db }));
		expect([answer.status, watched.batches]).toEqual([201, 3]);
		expect(await sessionStatuses()).toEqual([{ status: "open", n: 1 }]);
		expect(await row("SELECT voice_sessions FROM metrics_daily")).toEqual({ voice_sessions: 1 });
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
			site_id: "site_pannu_dental",
		});
	});

	it("takes its slot too late and gives it back", async () => {
		const key = vendorKey();
		const db = lateDb();
		const answer = await askLate(session(key, { DB: db.db }), db);
		expect(answer.status).toBe(503);
		expect(answer.body).toEqual(envelope(answer, "unavailable"));
		expect(await callsOf(key)).toEqual([]);
		expect(await sessionStatuses()).toEqual([{ status: "failed", n: 1 }]);
	});
});
