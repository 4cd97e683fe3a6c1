import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { setFaults } from "../../local/stand-ins/control.ts";
import { resetDatabase } from "../../lib/test/database.ts";
import { PANNU_KEY, ask, envelope, hear, vendorKey } from "./client.ts";
import type { Sent } from "./client.ts";
import { books, row, rows, run } from "./d1.ts";

beforeEach(() => resetDatabase(env.DB));

function speech(text: string, key: string): Sent {
	return { body: { text }, headers: { "X-Site-Key": PANNU_KEY }, env: { ELEVENLABS_API_KEY: key } };
}

describe("the characters of a plan", () => {
	it("are given out exactly under 40 requests at once", async () => {
		const key = vendorKey();
		await run("UPDATE plans SET monthly_voice_characters = 1000 WHERE id = 'chatbot'");
		// Ten characters each: the day's tenth of the month is enough for ten of them.
		const clips = await Promise.all(Array.from({ length: 40 }, (_, n) => hear(speech(`Number ${100 + n}`, key))));
		expect(clips.filter(({ status }) => status === 200)).toHaveLength(10);
		expect(clips.filter(({ status }) => status === 429)).toHaveLength(30);
		expect(await books()).toEqual({
			site_id: "site_pannu_dental",
			voice_requests: 10,
			voice_characters: 100,
			cache_hits: 0,
			errors: 0,
			day_characters: 100,
			month_characters: 100,
		});
	});

	it("that a failing ElevenLabs did not use are there again", async () => {
		const key = vendorKey();
		await run("UPDATE plans SET monthly_voice_characters = 300 WHERE id = 'chatbot'");
		await setFaults(key, { times: 20, status: 422 });
		for (let n = 0; n < 5; n += 1) expect((await ask(speech("Thirty characters, to be exact", key))).status).toBe(502);
		await setFaults(vendorKey(), {});
		expect((await hear(speech("Thirty characters, to be exact", vendorKey()))).status).toBe(200);
		expect(await books()).toMatchObject({ voice_requests: 1, voice_characters: 30, errors: 5, day_characters: 30, month_characters: 30 });
	});

	it("count code points", async () => {
		await hear(speech("Zoë says 𝄞 and こんにちは", vendorKey()));
		expect(await row("SELECT voice_characters FROM usage_daily")).toEqual({ voice_characters: 20 });
	});

	it("when used up for the day refuse with the org's words until tomorrow", async () => {
		await run("UPDATE plans SET monthly_voice_characters = 50 WHERE id = 'chatbot'");
		await run("UPDATE org_config SET limit_message = 'Call us at 555-0100.' WHERE org_id = 'org_pannu_dental'");
		const answer = await ask(speech("Longer than five.", vendorKey()));
		expect(answer.status).toBe(429);
		expect(answer.body).toEqual({ error: { code: "quota_exceeded", message: "Call us at 555-0100.", request_id: answer.headers.get("X-Request-Id") } });
		const seconds = Number(answer.headers.get("Retry-After"));
		expect(seconds).toBeGreaterThan(0);
		expect(seconds).toBeLessThanOrEqual(86_400);
		expect(await rows("SELECT org_id FROM usage_daily")).toEqual([]);
		expect(await rows("SELECT site_id FROM metrics_daily")).toEqual([]);
	});

	it("when used up without the org's own words say so in ours", async () => {
		await run("UPDATE plans SET monthly_voice_characters = 0 WHERE id = 'chatbot'");
		const answer = await ask(speech("Anything.", vendorKey()));
		expect(answer.status).toBe(429);
		expect(answer.body).toEqual(envelope(answer, "quota_exceeded"));
	});
});
