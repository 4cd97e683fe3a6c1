import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { callsOf, setFaults } from "../../local/stand-ins/control.ts";
import { resetDatabase } from "../../lib/test/database.ts";
import { ask, envelope, hear, start, vendorKey } from "./client.ts";
import type { Sent } from "./client.ts";
import { freshSiteKey, rows, run } from "./d1.ts";

const LAST_MS = Date.parse("2026-03-31T23:59:59.999Z");
const TOMORROW_MS = Date.parse("2026-04-01T00:00:00.000Z");

let siteKey = "";
let texts = 0;

beforeEach(async () => {
	await resetDatabase(env.DB);
	siteKey = await freshSiteKey();
	vi.useFakeTimers({ toFake: ["Date"], now: LAST_MS });
});
afterEach(() => {
	vi.useRealTimers();
});

/** Ten characters that no cache knows. */
function newText(): string {
	texts += 1;
	return `Ten: ${10_000 + texts}`;
}

function keyed(key: string): Sent {
	return { body: { text: newText() }, headers: { "X-Site-Key": siteKey }, env: { ELEVENLABS_API_KEY: key } };
}

function legacy(key: string): Sent {
	return { body: { text: newText() }, env: { ELEVENLABS_API_KEY: key, LEGACY_DAILY_LIMIT: "3" } };
}

/** How many of so many at once are spoken. */
async function crowd(make: (key: string) => Sent, size: number): Promise<number> {
	const clips = await Promise.all(Array.from({ length: size }, () => hear(make(vendorKey()))));
	return clips.filter(({ status }) => status === 200).length;
}

async function isRefused(sent: Sent, retryAfter: string): Promise<void> {
	const answer = await ask(sent);
	expect(answer.status).toBe(429);
	expect(answer.body).toEqual(envelope(answer, "quota_exceeded"));
	expect(answer.headers.get("Retry-After")).toBe(retryAfter);
}

const days = (): Promise<unknown> => rows("SELECT date, voice_characters FROM usage_daily ORDER BY date");
const months = (): Promise<unknown> => rows("SELECT month, voice_characters FROM usage_monthly ORDER BY month");
const metrics = (): Promise<unknown> =>
	rows("SELECT date, voice_requests, voice_characters, errors FROM metrics_daily ORDER BY date");

describe("at midnight UTC", () => {
	it("a used-up day gives way to the next, the month with it, to the character", async () => {
		await run("UPDATE plans SET monthly_voice_characters = 4000 WHERE id = 'chatbot'");
		await run(
			"INSERT INTO usage_daily (org_id, date, voice_characters) VALUES ('org_pannu_dental', '2026-03-31', 345)",
		);
		expect(await crowd(keyed, 50)).toBe(5);
		await isRefused(keyed(vendorKey()), "1");
		vi.setSystemTime(TOMORROW_MS);
		expect(await crowd(keyed, 50)).toBe(40);
		await isRefused(keyed(vendorKey()), "86400");
		expect(await days()).toEqual([
			{ date: "2026-03-31", voice_characters: 395 },
			{ date: "2026-04-01", voice_characters: 400 },
		]);
		expect(await months()).toEqual([
			{ month: "2026-03", voice_characters: 395 },
			{ month: "2026-04", voice_characters: 400 },
		]);
		expect(await metrics()).toEqual([
			{ date: "2026-03-31", voice_requests: 5, voice_characters: 50, errors: 0 },
			{ date: "2026-04-01", voice_requests: 40, voice_characters: 400, errors: 0 },
		]);
	});

	it("a clip that fails after it gives back on the day it was taken from", async () => {
		const key = vendorKey();
		await hear(keyed(key));
		await setFaults(key, { status: 401, delay_ms: 100 });
		const { answer, settled } = start(keyed(key));
		await vi.waitFor(async () => expect(await callsOf(key)).toHaveLength(2));
		vi.setSystemTime(TOMORROW_MS);
		expect((await answer).status).toBe(502);
		await settled();
		expect(await days()).toEqual([{ date: "2026-03-31", voice_characters: 10 }]);
		expect(await months()).toEqual([{ month: "2026-03", voice_characters: 10 }]);
		expect(await metrics()).toEqual([{ date: "2026-03-31", voice_requests: 1, voice_characters: 10, errors: 1 }]);
	});

	it("the day of those without a site key begins anew", async () => {
		expect(await crowd(legacy, 20)).toBe(3);
		await isRefused(legacy(vendorKey()), "1");
		vi.setSystemTime(TOMORROW_MS);
		expect(await crowd(legacy, 20)).toBe(3);
		await isRefused(legacy(vendorKey()), "86400");
		expect(await rows("SELECT date, worker, requests FROM legacy_usage ORDER BY date")).toEqual([
			{ date: "2026-03-31", worker: "voice", requests: 3 },
			{ date: "2026-04-01", worker: "voice", requests: 3 },
		]);
	});
});
