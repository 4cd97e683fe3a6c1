import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { callsOf, setFaults } from "../../../local/stand-ins/control.ts";
import type { Fault } from "../../../local/stand-ins/wire.ts";
import { sweepTurns } from "../../../lib/site/sweep/sweep.ts";
import { resetDatabase } from "../../../lib/test/database.ts";
import { BOOKING_PAUSES_MS, skipPauses } from "../../../lib/test/pauses.ts";
import { PANNU_KEY, ask, askLate, envelope, hear, vendorKey } from "../../test/client.ts";
import type { Overrides, Sent } from "../../test/client.ts";
import { books, d1Down, lateDb, row, watchedDb } from "../../test/d1.ts";

/** Before another try, by the kind of fault. */
const SHORTEST_PAUSES_MS = [100, 200, 500];
const TEXT = "Do you hear me?";

beforeEach(async () => {
	await resetDatabase(env.DB);
	// The shortest pause before another try.
	vi.spyOn(Math, "random").mockReturnValue(0);
	skipPauses([...SHORTEST_PAUSES_MS, ...BOOKING_PAUSES_MS]);
});
afterEach(() => {
	vi.useRealTimers();
	vi.restoreAllMocks();
});

function speech(key: string, more: Overrides = {}): Sent {
	return { body: { text: TEXT }, headers: { "X-Site-Key": PANNU_KEY }, env: { ELEVENLABS_API_KEY: key, ...more } };
}

type Row = [fault: Fault, status: number, code: string, retryAfter: string | null, calls: number];

/** Twice: what is asked once more must fail again to show its answer. */
function twice(fault: Fault): Fault {
	return { times: 2, ...fault };
}

const REFUSED: Row[] = [
	[{ status: 401, code: "invalid_api_key" }, 502, "voice_provider_auth", null, 1],
	[{ status: 401, code: "invalid_api_key", shape: "old" }, 502, "voice_provider_auth", null, 1],
	[{ status: 401, code: "invalid_api_key", shape: "plain" }, 502, "voice_provider_auth", null, 1],
	[{ status: 401, code: "missing_permissions" }, 502, "voice_provider_auth", null, 1],
	[{ status: 401, code: "detected_unusual_activity", shape: "old" }, 502, "voice_provider_auth", null, 1],
	[{ status: 401, code: "quota_exceeded", shape: "old" }, 503, "voice_quota_exhausted", "600", 1],
	[{ status: 401, code: "quota_exceeded", shape: "plain" }, 503, "voice_quota_exhausted", "600", 1],
	[{ status: 402, code: "insufficient_credits" }, 503, "voice_quota_exhausted", "600", 1],
	[{ status: 402, code: "paid_plan_required" }, 502, "voice_not_available", null, 1],
	[{ status: 403, code: "only_for_creator", shape: "old" }, 502, "voice_not_available", null, 1],
	[{ status: 400, code: "voice_not_found", shape: "old" }, 502, "voice_not_available", null, 1],
	[{ status: 404, code: "voice_not_found" }, 502, "voice_not_available", null, 1],
	[{ status: 404, shape: "plain" }, 502, "voice_not_available", null, 1],
	[{ status: 400, code: "max_character_limit_exceeded" }, 502, "voice_unavailable", null, 1],
	[{ status: 422, shape: "validation" }, 502, "voice_unavailable", null, 1],
];
const BUSY: Row[] = [
	[{ status: 429, code: "concurrent_limit_exceeded" }, 503, "voice_busy", "1", 2],
	[{ status: 429, code: "too_many_concurrent_requests", shape: "old" }, 503, "voice_busy", "1", 2],
	[{ status: 429, code: "too_many_concurrent_requests", shape: "plain" }, 503, "voice_busy", "1", 2],
	[{ status: 429, code: "system_busy" }, 503, "voice_busy", "3", 2],
	[{ status: 429, code: "rate_limit_exceeded", retry_after_seconds: 20 }, 503, "voice_busy", "20", 1],
	[{ status: 429, code: "rate_limit_exceeded", retry_after_seconds: 5000 }, 503, "voice_busy", "60", 1],
];
const DOWN: Row[] = [
	[{ status: 500 }, 502, "voice_unavailable", null, 2],
	[{ status: 503, replace: "html" }, 502, "voice_unavailable", null, 2],
	[{ status: 408 }, 504, "voice_timeout", null, 2],
	[{ status: 504 }, 504, "voice_timeout", null, 2],
];
const SILENT: Row[] = [
	[{ reset: true }, 502, "voice_unavailable", null, 2],
	[{ cut_after: 0 }, 502, "voice_unavailable", null, 2],
];

async function isGivenBack(
	fault: Fault,
	status: number,
	code: string,
	retryAfter: string | null,
	calls: number,
): Promise<void> {
	const key = vendorKey();
	await setFaults(key, twice(fault));
	const answer = await ask(speech(key));
	expect(answer.status).toBe(status);
	expect(answer.body).toEqual(envelope(answer, code));
	expect(answer.headers.get("Retry-After")).toBe(retryAfter);
	expect(await callsOf(key)).toHaveLength(calls);
	expect(await books()).toEqual({
		site_id: "site_pannu_dental",
		voice_requests: 0,
		voice_characters: 0,
		cache_hits: 0,
		errors: 1,
		day_characters: 0,
		month_characters: 0,
	});
}

describe("a fault of ElevenLabs before the first byte", () => {
	it.each(REFUSED)("%j answers %i %s, asked once, given back and counted as an error", (...fault) =>
		isGivenBack(...fault),
	);

	it.each(BUSY)("%j answers %i %s, asked twice at most, given back and counted as an error", (...fault) =>
		isGivenBack(...fault),
	);

	it.each(DOWN)("%j answers %i %s, is given back and counted as an error", (...fault) => isGivenBack(...fault));

	it.each(SILENT)("%j answers %i %s, is given back and counted as an error", (...fault) => isGivenBack(...fault));

	it("with an error body of 100 KB is a 502 like any other", async () => {
		const key = vendorKey();
		await setFaults(key, { times: 2, status: 500, body: "x".repeat(100_000) });
		const answer = await ask(speech(key));
		expect(answer.status).toBe(502);
		expect(answer.body).toEqual(envelope(answer, "voice_unavailable"));
	});

	it.each<Fault>([{ status: 429, code: "concurrent_limit_exceeded" }, { status: 500 }, { reset: true }])(
		"that passes (%j) is not seen by the listener",
		async (fault) => {
			const key = vendorKey();
			await setFaults(key, fault);
			const clip = await hear({ ...speech(key), body: { text: `Once more after ${JSON.stringify(fault)}.` } });
			expect(clip.status).toBe(200);
			expect(await callsOf(key)).toHaveLength(2);
			expect(await books()).toMatchObject({ voice_requests: 1, errors: 0 });
		},
	);

	it.each<Fault>([{ hang: true }, { stall_after: 0 }])(
		"that lasts (%j) ends at the time limit with 504",
		async (fault) => {
			const key = vendorKey();
			await setFaults(key, fault);
			const answer = await ask(speech(key, { ELEVENLABS_TIMEOUT_MS: "80" }));
			expect(answer.status).toBe(504);
			expect(answer.body).toEqual(envelope(answer, "voice_timeout"));
			expect(await callsOf(key)).toHaveLength(1);
			expect(await books()).toMatchObject({ voice_requests: 0, errors: 1, day_characters: 0 });
		},
	);

	it("leaves no text, key or word of ElevenLabs in the log", async () => {
		const lines: string[] = [];
		for (const method of ["log", "warn", "error"] as const) {
			vi.spyOn(console, method).mockImplementation((line: unknown) => void lines.push(String(line)));
		}
		const key = vendorKey();
		await setFaults(key, { status: 401, code: "quota_exceeded", shape: "old" });
		await ask(speech(key));
		expect((await hear(speech(key))).status).toBe(200);
		const log = lines.join("\n");
		expect(log).toContain("elevenlabs 401 quota_exceeded");
		for (const secret of [TEXT, key, PANNU_KEY, "credits remaining"]) expect(log).not.toContain(secret);
	});
});

describe("a fault of D1", () => {
	it("before the answer is 503, and nothing is spent", async () => {
		const key = vendorKey();
		const answer = await ask({
			...speech(key, { DB: watchedDb(d1Down).db }),
			body: { text: "Not reserved, not spoken." },
		});
		expect(answer.status).toBe(503);
		expect(answer.body).toEqual(envelope(answer, "unavailable"));
		expect(answer.headers.get("Retry-After")).toBe("2");
		expect(await callsOf(key)).toEqual([]);
	});

	it("after the answer costs the listener nothing, and one log line has the numbers", async () => {
		const errors = vi.spyOn(console, "error").mockImplementation(() => undefined);
		const key = vendorKey();
		const watched = watchedDb((batch, number) => (number === 1 ? batch() : d1Down()));
		const clip = await hear({ ...speech(key, { DB: watched.db }), body: { text: "Booked or not." } });
		expect(clip.status).toBe(200);
		expect(clip.bytes.byteLength).toBeGreaterThan(1000);
		expect(errors.mock.calls.map(([line]): unknown => JSON.parse(String(line)))).toEqual([
			{
				level: "error",
				event: "speech_not_booked",
				request_id: clip.headers.get("X-Request-Id"),
				org_id: "org_pannu_dental",
				site_id: "site_pannu_dental",
				date: new Date().toISOString().slice(0, 10),
				characters: 14,
				reason: "overloaded",
				voice_requests: 1,
				errors: 0,
				voice_characters: 14,
				cost_usd_micros: 0,
				turn_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
				braked_usd_micros: expect.any(Number),
				unwritten: "unknown",
			},
		]);
	});

	it("that reserves after its time limit gives the characters back", async () => {
		const key = vendorKey();
		const db = lateDb();
		const answer = await askLate({ ...speech(key, { DB: db.db }), body: { text: "Reserved too late." } }, db);
		expect(answer.status).toBe(503);
		expect(await callsOf(key)).toEqual([]);
		expect(await row("SELECT voice_characters FROM usage_daily")).toEqual({ voice_characters: 0 });
	});

	it("that reserves after its time limit and is down then says so, and the sweep gives it back", async () => {
		const errors = vi.spyOn(console, "error").mockImplementation(() => undefined);
		const db = lateDb(d1Down);
		const answer = await askLate({ ...speech(vendorKey(), { DB: db.db }), body: { text: "Reserved too late." } }, db);
		expect(answer.status).toBe(503);
		const line = {
			level: "error",
			event: "turn_not_settled",
			turn_id: expect.any(String),
			request_id: answer.headers.get("X-Request-Id"),
			org_id: "org_pannu_dental",
			site_id: "site_pannu_dental",
			braked_usd_micros: 0,
			unwritten: expect.any(String),
		};
		await expect
			.poll(() => errors.mock.calls.map(([text]): unknown => JSON.parse(String(text))))
			.toContainEqual({ ...line, reason: expect.any(String) });
		errors.mockRestore();
		expect(await sweepTurns(env.DB, "2999-01-01")).toBe(1);
		expect(await row("SELECT voice_characters FROM usage_daily")).toEqual({ voice_characters: 0 });
	});
});
