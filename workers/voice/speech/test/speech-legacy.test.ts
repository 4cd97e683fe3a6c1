import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { callsOf, setFaults } from "../../../local/stand-ins/control.ts";
import { resetDatabase } from "../../../lib/test/database.ts";
import { ask, envelope, freshAddress, hear, vendorKey } from "../../test/client.ts";
import type { Clip, Overrides, Sent } from "../../test/client.ts";
import { d1Down, row, rows, run, watchedDb } from "../../test/d1.ts";
import { inOneMinute } from "../../test/limiters.ts";

beforeEach(() => resetDatabase(env.DB));

let texts = 0;

/** A text that no cache knows. */
function speech(key: string, more: Overrides = {}, headers: Record<string, string> = {}): Sent {
	texts += 1;
	return { body: { text: `Without a key ${texts}` }, headers, env: { ELEVENLABS_API_KEY: key, ...more } };
}

function codeOf(refused: Clip): string {
	const { error }: { error: { code: string } } = JSON.parse(new TextDecoder().decode(refused.bytes));
	return error.code;
}

function tenantRows(): Promise<unknown> {
	return row("SELECT (SELECT COUNT(*) FROM usage_daily) AS usage, (SELECT COUNT(*) FROM metrics_daily) AS metrics");
}

describe("POST / without a site key", () => {
	it("speaks, touches no tenant's row and counts the day's requests", async () => {
		const clip = await hear(speech(vendorKey()));
		expect(clip.status).toBe(200);
		expect(clip.headers.get("Content-Type")).toBe("audio/mpeg");
		expect(clip.headers.get("X-Cache")).toBe("MISS");
		expect(await tenantRows()).toEqual({ usage: 0, metrics: 0 });
		expect(await rows("SELECT worker, requests FROM legacy_usage")).toEqual([{ worker: "voice", requests: 1 }]);
	});

	it("speaks at most 300 characters", async () => {
		const key = vendorKey();
		const say = (text: string) => ask({ body: { text }, env: { ELEVENLABS_API_KEY: key } });
		const answer = await say("a".repeat(301));
		expect(answer.status).toBe(422);
		expect(answer.body).toMatchObject({ error: { code: "invalid_request", fields: [{ field: "text" }] } });
		expect(await callsOf(key)).toEqual([]);
		expect((await hear({ body: { text: "a".repeat(300) }, env: { ELEVENLABS_API_KEY: key } })).status).toBe(200);
	});

	it("gives a phrase spoken before from the cache, uncounted", async () => {
		const key = vendorKey();
		const sent = speech(key);
		await hear(sent);
		expect((await hear(sent)).headers.get("X-Cache")).toBe("HIT");
		expect(await callsOf(key)).toHaveLength(1);
		expect(await rows("SELECT requests FROM legacy_usage")).toEqual([{ requests: 1 }]);
	});

	it("works without a database", async () => {
		expect((await hear(speech(vendorKey(), { DB: undefined }))).status).toBe(200);
	});

	it("spends nothing that the database cannot count", async () => {
		const key = vendorKey();
		const answer = await ask(speech(key, { DB: watchedDb(d1Down).db }));
		expect(answer.status).toBe(503);
		expect(answer.body).toEqual(envelope(answer, "unavailable"));
		expect(await callsOf(key)).toEqual([]);
	});

	it.each(["https://www.chadis.com", "https://chadis.com"])("admits the page %s", async (origin) => {
		const clip = await hear(speech(vendorKey(), {}, { Origin: origin }));
		expect(clip.status).toBe(200);
		expect(clip.headers.get("Access-Control-Allow-Origin")).toBe(origin);
	});

	it.each(["https://elsewhere.example", "https://chadis.com.elsewhere.example", "http://chadis.com", "null"])(
		"refuses the page %s before anything is spent",
		async (origin) => {
			const key = vendorKey();
			const answer = await ask(speech(key, {}, { Origin: origin }));
			expect(answer.status).toBe(403);
			expect(answer.body).toEqual(envelope(answer, "origin_not_allowed"));
			expect(answer.headers.get("Access-Control-Allow-Origin")).toBeNull();
			expect(await callsOf(key)).toEqual([]);
			expect(await rows("SELECT date FROM legacy_usage")).toEqual([]);
		},
	);

	it.each(["off", "", "ON", undefined])("is switched off by LEGACY_MODE = %j", async (mode) => {
		const answer = await ask(speech(vendorKey(), { LEGACY_MODE: mode }));
		expect(answer.status).toBe(401);
		expect(answer.body).toEqual(envelope(answer, "site_key_required"));
	});

	it("lets a client through ten times a minute", async () => {
		await inOneMinute();
		const key = vendorKey();
		const headers = { "CF-Connecting-IP": freshAddress() };
		const clips = await Promise.all(Array.from({ length: 12 }, () => hear(speech(key, {}, headers))));
		expect(clips.filter(({ status }) => status === 200)).toHaveLength(10);
		const refused = clips.filter(({ status }) => status === 429);
		expect(refused.map(codeOf)).toEqual(["rate_limited", "rate_limited"]);
		expect(await callsOf(key)).toHaveLength(10);
		expect(await rows("SELECT requests FROM legacy_usage")).toEqual([{ requests: 10 }]);
	});

	it("stops exactly at the day's limit, under 30 requests from 30 addresses at once", async () => {
		const key = vendorKey();
		await run("INSERT INTO legacy_usage (date, worker, requests) VALUES (strftime('%Y-%m-%d', 'now'), 'chat', 7)");
		const clips = await Promise.all(Array.from({ length: 30 }, () => hear(speech(key, { LEGACY_DAILY_LIMIT: "7" }))));
		expect(clips.filter(({ status }) => status === 200)).toHaveLength(7);
		const refused = clips.filter(({ status }) => status === 429);
		expect(refused.map(codeOf)).toEqual(Array.from({ length: 23 }, () => "quota_exceeded"));
		expect(Number(refused[0]?.headers.get("Retry-After"))).toBeGreaterThan(0);
		expect(await callsOf(key)).toHaveLength(7);
		expect(await rows("SELECT worker, requests FROM legacy_usage ORDER BY worker")).toEqual([
			{ worker: "chat", requests: 7 },
			{ worker: "voice", requests: 7 },
		]);
	});

	it("gives the day's request back when ElevenLabs fails", async () => {
		const key = vendorKey();
		await setFaults(key, { status: 401 });
		expect((await ask(speech(key))).status).toBe(502);
		expect(await rows("SELECT requests FROM legacy_usage")).toEqual([{ requests: 0 }]);
	});
});
