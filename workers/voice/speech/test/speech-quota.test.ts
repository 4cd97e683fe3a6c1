import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { callsOf, setFaults } from "../../../local/stand-ins/control.ts";
import { resetDatabase } from "../../../lib/test/database.ts";
import { PANNU_KEY, ask, envelope, hear, vendorKey } from "../../test/client.ts";
import type { Sent } from "../../test/client.ts";
import { books, freshSiteKey, row, rows, run } from "../../test/d1.ts";

beforeEach(() => resetDatabase(env.DB));

function speech(text: string, key: string, siteKey = PANNU_KEY): Sent {
	return { body: { text }, headers: { "X-Site-Key": siteKey }, env: { ELEVENLABS_API_KEY: key } };
}

describe("the characters of a plan", () => {
	it("are given out exactly, however many ask at once", async () => {
		const key = vendorKey();
		const siteKey = await freshSiteKey();
		// The day's 20,000 have 505 left; a text of ten finds room fifty times.
		await run(
			"INSERT INTO usage_daily (org_id, date, voice_characters) VALUES ('org_pannu_dental', strftime('%Y-%m-%d', 'now'), 19495)",
		);
		const clips = await Promise.all(
			Array.from({ length: 200 }, (_, n) => hear(speech(`Number ${100 + n}`, key, siteKey))),
		);
		expect(clips.filter(({ status }) => status === 200)).toHaveLength(50);
		expect(clips.filter(({ status }) => status === 429)).toHaveLength(150);
		expect(await callsOf(key)).toHaveLength(50);
		expect(await books()).toEqual({
			site_id: "site_pannu_dental",
			voice_requests: 50,
			voice_characters: 500,
			cache_hits: 0,
			errors: 0,
			day_characters: 19_995,
			month_characters: 19_995,
		});
	});

	it("agree with the books when some of many fail", async () => {
		const key = vendorKey();
		const siteKey = await freshSiteKey();
		await run("UPDATE plans SET monthly_voice_characters = 6000 WHERE id = 'chatbot'");
		await setFaults(key, { times: 10, status: 422 });
		const clips = await Promise.all(
			Array.from({ length: 100 }, (_, n) => hear(speech("a".repeat(10 + (n % 7)) + n, key, siteKey))),
		);
		const spoken = clips
			.filter(({ status }) => status === 200)
			.reduce((sum, { headers }) => sum + Number(headers.get("X-Characters")), 0);
		expect(clips.filter(({ status }) => status === 502)).toHaveLength(10);
		expect(spoken).toBeGreaterThan(0);
		expect(spoken).toBeLessThanOrEqual(600);
		expect(await books()).toMatchObject({
			voice_characters: spoken,
			errors: 10,
			day_characters: spoken,
			month_characters: spoken,
		});
	});

	it("that a failing ElevenLabs did not use are there again", async () => {
		const key = vendorKey();
		await run("UPDATE plans SET monthly_voice_characters = 300 WHERE id = 'chatbot'");
		await setFaults(key, { times: 20, status: 422 });
		for (let n = 0; n < 5; n += 1) expect((await ask(speech("Thirty characters, to be exact", key))).status).toBe(502);
		await setFaults(vendorKey(), {});
		expect((await hear(speech("Thirty characters, to be exact", vendorKey()))).status).toBe(200);
		expect(await books()).toMatchObject({
			voice_requests: 1,
			voice_characters: 30,
			errors: 5,
			day_characters: 30,
			month_characters: 30,
		});
	});

	it("count code points", async () => {
		await hear(speech("Zoë says 𝄞 and こんにちは", vendorKey()));
		expect(await row("SELECT voice_characters FROM usage_daily")).toEqual({ voice_characters: 20 });
	});

	it("when used up for the day refuse with the org's words until tomorrow", async () => {
		await run("UPDATE plans SET monthly_voice_characters = 50 WHERE id = 'chatbot'");
		await run("UPDATE org_config SET limit_message = 'Call us at 555-0100.' WHERE org_id = 'org_pannu_dental'");
		const key = vendorKey();
		const sent = speech("Longer than five.", key);
		const answer = await ask({ ...sent, headers: { ...sent.headers, Origin: "https://www.pannu.example" } });
		expect(answer.status).toBe(429);
		expect(answer.body).toEqual({
			error: {
				code: "quota_exceeded",
				message: "Call us at 555-0100.",
				request_id: answer.headers.get("X-Request-Id"),
			},
		});
		const seconds = Number(answer.headers.get("Retry-After"));
		expect(seconds).toBeGreaterThan(0);
		expect(seconds).toBeLessThanOrEqual(86_400);
		expect(answer.headers.get("Access-Control-Allow-Origin")).toBe("https://www.pannu.example");
		expect(await callsOf(key)).toEqual([]);
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
