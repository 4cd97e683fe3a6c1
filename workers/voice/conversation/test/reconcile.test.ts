import { createExecutionContext, createScheduledController, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { callsOf, setConversation, setFaults } from "../../../local/stand-ins/control.ts";
import { resetDatabase } from "../../../lib/test/database.ts";
import worker from "../../index.ts";
import { vendorKey } from "../../test/client.ts";
import type { Overrides } from "../../test/client.ts";
import { d1Down, row, rows, run, sessionStatuses, watchedDb } from "../../test/d1.ts";

beforeEach(() => resetDatabase(env.DB));
afterEach(() => vi.restoreAllMocks());

const NOW = Date.parse("2026-08-20T12:00:00.000Z");
const MINUTE_MS = 60_000;
const ago = (minutes: number): string => new Date(NOW - minutes * MINUTE_MS).toISOString();

let made = 0;

/** A conversation opened so many minutes ago; gives ElevenLabs' id of it. */
async function opened(
	minutes: number,
	conversation: string | null = `conv_${crypto.randomUUID().replaceAll("-", "")}`,
): Promise<string> {
	await env.DB.prepare(
		"INSERT INTO voice_sessions (id, org_id, site_id, agent_id, conversation_id, client_hash, opened_at, expires_at) VALUES (?1, 'org_chadis', 'site_chadis', 'agent_x', ?2, 'h', ?3, ?4)",
	)
		.bind(`session-${made++}`, conversation, ago(minutes), ago(minutes - 25))
		.run();
	return conversation ?? "";
}

async function runReconciler(key: string, more: Overrides = {}): Promise<void> {
	const ctx = createExecutionContext();
	const bindings: Env = Object.assign({}, env, { CONVERSATION: "on", ELEVENLABS_API_KEY: key }, more);
	await worker.scheduled(createScheduledController({ scheduledTime: NOW, cron: "*/5 * * * *" }), bindings);
	await waitOnExecutionContext(ctx);
}

const booked = () => rows("SELECT date, voice_seconds, cost_usd_micros FROM metrics_daily");

describe("the scheduled run", () => {
	it("books a finished conversation once, on the day it was opened, however often and by how many it is run", async () => {
		const key = vendorKey();
		await setConversation(await opened(13 * 60), {
			metadata: { call_duration_secs: 42, cost_fiat: 0.056, termination_reason: "Client disconnected: 1000" },
		});
		await Promise.all([runReconciler(key), runReconciler(key)]);
		await runReconciler(key);
		expect(await booked()).toEqual([{ date: "2026-08-19", voice_seconds: 42, cost_usd_micros: 56_000 }]);
		expect(
			await rows(
				"SELECT status, duration_seconds, cost_usd_micros, reason, closed_at, client_hash FROM voice_sessions",
			),
		).toEqual([
			{
				status: "closed",
				duration_seconds: 42,
				cost_usd_micros: 56_000,
				reason: "Client disconnected: 1000",
				closed_at: "2026-08-20T12:00:00.000Z",
				client_hash: null,
			},
		]);
	});

	it("books a failed one as well, and adds to what the day has", async () => {
		for (const status of ["failed", "done"])
			await setConversation(await opened(30), { status, metadata: { call_duration_secs: 10, cost_fiat: 0.01 } });
		await runReconciler(vendorKey());
		expect(await booked()).toEqual([{ date: "2026-08-20", voice_seconds: 20, cost_usd_micros: 20_000 }]);
	});

	it.each([
		["unused and past its time to begin", 16, "expired"],
		["unused and young", 14, "open"],
	])("leaves a link that is %s as %s minutes tell: %s", async (_, minutes, status) => {
		await opened(Number(minutes));
		await runReconciler(vendorKey());
		expect(await sessionStatuses()).toEqual([{ status, n: 1 }]);
		expect(await booked()).toEqual([]);
	});

	it("leaves what is under way, and does not ask of what has only begun", async () => {
		const key = vendorKey();
		for (const status of ["initiated", "in-progress", "processing"])
			await setConversation(await opened(60), { status });
		await opened(1);
		await runReconciler(key);
		expect(await callsOf(key)).toHaveLength(3);
		expect(await sessionStatuses()).toEqual([{ status: "open", n: 4 }]);
	});

	it("closes what was never minted without asking, and gives up after a week", async () => {
		const key = vendorKey();
		await opened(5, null);
		await setConversation(await opened(7 * 24 * 60 + 1), { status: "in-progress" });
		await runReconciler(key);
		expect(await rows("SELECT status, reason FROM voice_sessions ORDER BY opened_at")).toEqual([
			{ status: "failed", reason: "no_account" },
			{ status: "failed", reason: "not_minted" },
		]);
		expect(await callsOf(key)).toHaveLength(1);
	});

	it("books nonsense as nothing, and keeps a reason within bounds", async () => {
		await setConversation(await opened(30), {
			metadata: { call_duration_secs: -5, cost_fiat: "free", termination_reason: "x\u0000".repeat(1000) },
		});
		await runReconciler(vendorKey());
		expect(
			await row("SELECT status, duration_seconds, cost_usd_micros, length(reason) AS chars FROM voice_sessions"),
		).toEqual({ status: "closed", duration_seconds: 600, cost_usd_micros: null, chars: 200 });
	});

	it.each<[string, number, Record<string, unknown>, number, number, string]>([
		["a cost beyond all money", 30, { call_duration_secs: 90, cost_fiat: 1e300 }, 90, 0, "cost_fiat"],
		["a cost above its minutes' dearest", 30, { call_duration_secs: 61, cost_fiat: 0.61 }, 61, 0, "cost_fiat"],
		["a negative cost", 30, { call_duration_secs: 12, cost_fiat: -0.01 }, 12, 0, "cost_fiat"],
		["a cost that is text", 30, { call_duration_secs: 12, cost_fiat: "0.01" }, 12, 0, "cost_fiat"],
		["a cost that is a list", 30, { call_duration_secs: 12, cost_fiat: [0.01] }, 12, 0, "cost_fiat"],
		["a length beyond all time", 30, { call_duration_secs: 1e300, cost_fiat: 0.5 }, 0, 500_000, "call_duration_secs"],
		["a length above the longest", 30, { call_duration_secs: 661, cost_fiat: 0.5 }, 0, 500_000, "call_duration_secs"],
		["a length above its age", 4, { call_duration_secs: 241, cost_fiat: 0.5 }, 0, 500_000, "call_duration_secs"],
		["a length that is yes", 30, { call_duration_secs: true, cost_fiat: 0.5 }, 0, 500_000, "call_duration_secs"],
		["neither", 30, { call_duration_secs: -1, cost_fiat: 11.1 }, 0, 0, "call_duration_secs cost_fiat"],
	])(
		"leaves out and logs what a session cannot have come to: %s",
		async (_, minutes, metadata, seconds, usdMicros, fields) => {
			const errors = vi.spyOn(console, "error").mockImplementation(() => undefined);
			await setConversation(await opened(minutes), { metadata });
			await runReconciler(vendorKey());
			const sum = seconds + usdMicros === 0 ? [] : [{ voice_seconds: seconds, cost_usd_micros: usdMicros }];
			expect(await booked()).toMatchObject(sum);
			// Plan and brake count the longest and dearest that it can have been; the metrics have nothing of it.
			expect(await row("SELECT status, duration_seconds, cost_usd_micros FROM voice_sessions")).toEqual({
				status: "closed",
				duration_seconds: fields.includes("secs") ? 600 : seconds,
				cost_usd_micros: fields.includes("cost") ? null : usdMicros,
			});
			expect(errors.mock.calls.map(([line]) => JSON.parse(String(line)))).toEqual([
				expect.objectContaining({ event: "conversation_numbers_refused", fields }),
			]);
		},
	);

	it("believes the longest and dearest that can be, by the deployment's own longest", async () => {
		const errors = vi.spyOn(console, "error").mockImplementation(() => undefined);
		await setConversation(await opened(30), { metadata: { call_duration_secs: 660, cost_fiat: 3.3 } });
		await runReconciler(vendorKey());
		expect(await booked()).toMatchObject([{ voice_seconds: 660, cost_usd_micros: 3_300_000 }]);
		await setConversation(await opened(90), { metadata: { call_duration_secs: 3660, cost_fiat: 18.3 } });
		await runReconciler(vendorKey(), { MAX_SESSION_SECONDS: "3600" });
		expect(await booked()).toMatchObject([{ voice_seconds: 4320, cost_usd_micros: 21_600_000 }]);
		expect(errors.mock.calls).toEqual([]);
	});

	it("reads many in groups of five, the longest unasked first, and sixty at most", async () => {
		const key = vendorKey();
		for (let n = 0; n < 63; n++) await setConversation(await opened(20 + n), { status: "in-progress" });
		await runReconciler(key);
		expect(await callsOf(key)).toHaveLength(60);
		await run("UPDATE voice_sessions SET checked_at = '2026-08-20T11:00:00.000Z' WHERE checked_at <> ''");
		await runReconciler(key);
		expect(await row("SELECT COUNT(*) AS unasked FROM voice_sessions WHERE checked_at = ''")).toEqual({ unasked: 0 });
	}, 30_000);
});

describe("when ElevenLabs does not tell", () => {
	it.each([
		["is down", { status: 503 }],
		["refuses the key", { status: 401, code: "invalid_api_key" }],
		["answers HTML", { replace: "html" as const }],
		["answers a page's 404", { status: 404, body: "<html>not found</html>" }],
	])(
		"because it %s, the conversations are left for the next run",
		async (_, fault) => {
			const key = vendorKey();
			for (let n = 0; n < 12; n++) await opened(60);
			await setFaults(key, { times: 100, ...fault });
			await runReconciler(key);
			expect(await sessionStatuses()).toEqual([{ status: "open", n: 12 }]);
			// Five were asked for, twice at the most: the rest would meet the same.
			expect((await callsOf(key)).length).toBeLessThanOrEqual(10);
			await setFaults(key);
			await runReconciler(vendorKey());
			expect(await sessionStatuses()).toEqual([{ status: "expired", n: 12 }]);
		},
		30_000,
	);

	it("of one, the others are booked all the same", async () => {
		const key = vendorKey();
		const bad = await opened(61);
		for (let n = 0; n < 7; n++) await opened(60);
		await setFaults(key, { times: 2, path: bad, status: 500 });
		await runReconciler(key);
		expect(await sessionStatuses()).toEqual([
			{ status: "expired", n: 7 },
			{ status: "open", n: 1 },
		]);
	});

	it("and when D1 fails, one log line says so and nothing is booked twice", async () => {
		const errors = vi.spyOn(console, "error").mockImplementation(() => undefined);
		await setConversation(await opened(30), { metadata: { call_duration_secs: 10 } });
		await runReconciler(vendorKey(), { DB: watchedDb((batch, number) => (number === 2 ? d1Down() : batch())).db });
		expect(errors.mock.calls.map(([line]) => JSON.parse(String(line)).event)).toEqual(["conversations_not_reconciled"]);
		expect(await booked()).toEqual([]);
		await runReconciler(vendorKey());
		expect(await booked()).toMatchObject([{ voice_seconds: 10 }]);
	});

	it("nobody asks on the deployment without conversations, nor without a key", async () => {
		vi.spyOn(console, "error").mockImplementation(() => undefined);
		await opened(60);
		await runReconciler(vendorKey(), { CONVERSATION: "" });
		await runReconciler("");
		expect(await sessionStatuses()).toEqual([{ status: "open", n: 1 }]);
	});
});

it("reads its conversations by an index", async () => {
	const prepared: string[] = [];
	const db = new Proxy(env.DB, {
		get(target, name) {
			if (name !== "prepare") return Reflect.get(target, name).bind(target);
			return (sql: string) => {
				prepared.push(sql);
				return target.prepare(sql);
			};
		},
	});
	await runReconciler(vendorKey(), { DB: db });
	// The second notes that the run has ended, by its primary key.
	expect(prepared).toEqual([
		expect.stringContaining("voice_sessions"),
		expect.stringContaining("INSERT INTO cron_runs"),
	]);
	const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${prepared[0]}`)
		.bind("2026", 60)
		.all<{ detail: string }>();
	expect(results.map(({ detail }) => detail)).toEqual(["SCAN voice_sessions USING INDEX voice_sessions_unchecked"]);
});
