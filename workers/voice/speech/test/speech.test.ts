import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { callsOf, setFaults } from "../../../local/stand-ins/control.ts";
import { resetDatabase } from "../../../lib/test/database.ts";
import { PANNU_KEY, ask, audioOf, envelope, hear, hex, send, speech, vendorKey } from "../../test/client.ts";
import { books } from "../../test/d1.ts";

/** Long enough for the reads to grow. */
const LONG_TEXT = "Please bring your insurance card and a photo of yourself. ".repeat(17).trim();

beforeEach(() => resetDatabase(env.DB));

describe("POST / with a site key", () => {
	it.each([
		["a short text", "Good morning!"],
		["a text at the limit", LONG_TEXT.padEnd(1000, "a")],
	])("gives ElevenLabs' bytes for %s, none lost or added", async (_, text) => {
		const clip = await hear(speech(text, vendorKey()));
		expect(clip.status).toBe(200);
		expect(hex(clip.bytes)).toBe(hex(audioOf(text)));
	});

	it("answers with headers of its own only", async () => {
		const clip = await hear(
			speech("Which headers?", vendorKey(), {
				headers: { "X-Site-Key": PANNU_KEY, Origin: "https://www.pannudental.example" },
			}),
		);
		const { "x-request-id": requestId, "server-timing": timing, ...headers } = Object.fromEntries(clip.headers);
		expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
		expect(timing).toMatch(/^tts;dur=\d+, total;dur=\d+, db;dur=\d+;desc="1 round trip", vendor;dur=\d+$/);
		expect(headers).toEqual({
			"access-control-allow-origin": "https://www.pannudental.example",
			"access-control-expose-headers": "X-Request-Id, Retry-After, X-Cache, X-Characters, X-Safety, Server-Timing",
			"cache-control": "private, no-store",
			"content-type": "audio/mpeg",
			"referrer-policy": "no-referrer",
			vary: "Origin",
			"x-cache": "MISS",
			"x-characters": "14",
			"x-content-type-options": "nosniff",
			"content-security-policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
			"strict-transport-security": "max-age=63072000",
		});
	});

	it("asks ElevenLabs for the cleaned text with the configured voice, model and format", async () => {
		const key = vendorKey();
		await hear(speech("## Hours\n\n**We open** at 8, see [here](https://pannu.example/hours). 🎉", key));
		const [call, ...others] = await callsOf(key);
		expect(others).toEqual([]);
		expect(call).toMatchObject({
			method: "POST",
			path: "/v1/text-to-speech/hpp4J3VqNfWAUOO0d1Us/stream?output_format=mp3_22050_32",
			headers: { "content-type": "application/json", "xi-api-key": key },
			body: { text: "Hours. We open at 8, see here.", model_id: "eleven_flash_v2_5" },
		});
	});

	it("takes a voice from the list", async () => {
		const key = vendorKey();
		const voice = "aBcDeFgHiJkLmNoPqRsT";
		const clip = await hear(
			speech("Another voice.", key, {
				body: { text: "Another voice.", voice_id: voice },
				env: { ELEVENLABS_VOICE_IDS: `x, ${voice}` },
			}),
		);
		expect(clip.status).toBe(200);
		expect((await callsOf(key))[0]?.path).toBe(`/v1/text-to-speech/${voice}/stream?output_format=mp3_22050_32`);
	});

	it("books the request, its characters, and what the plan has left", async () => {
		await hear(speech("Twelve chars", vendorKey()));
		expect(await books()).toEqual({
			site_id: "site_pannu_dental",
			voice_requests: 1,
			voice_characters: 12,
			cache_hits: 0,
			errors: 0,
			day_characters: 12,
			month_characters: 12,
		});
	});

	it("sends the first bytes before ElevenLabs has sent the last", async () => {
		const key = vendorKey();
		await setFaults(key, { chunk_delay_ms: 150 });
		const { response, settled } = await send(speech("Hear me at once.", key));
		const reader = response.body?.getReader();
		expect((await reader?.read())?.value?.byteLength).toBeGreaterThan(0);
		expect((await callsOf(key))[0]?.response).toBe("open");
		while ((await reader?.read())?.done === false);
		await settled();
		expect((await callsOf(key))[0]?.response).toBe("complete");
	});

	it("passes a declared length on", async () => {
		const key = vendorKey();
		const text = "A clip of known length.";
		const length = String(audioOf(text).byteLength);
		await setFaults(key, { headers: { "content-length": length } });
		const clip = await hear(speech(text, key));
		expect(clip.headers.get("Content-Length")).toBe(length);
		expect(hex(clip.bytes)).toBe(hex(audioOf(text)));
	});
});

describe("an answer of ElevenLabs that is no audio", () => {
	it.each([
		["JSON with status 200", { status: 200, body: '{"detail":"soon"}' }],
		["an HTML page with status 200", { replace: "html" as const }],
		["no bytes", { replace: "empty" as const, content_type: "audio/mpeg" }],
		["a redirect", { redirect: "https://api.elevenlabs.io/v1/elsewhere" }],
	])("is a 502, given back, asked once and never cached: %s", async (what, fault) => {
		const key = vendorKey();
		const text = `Nothing to hear but ${what}.`;
		await setFaults(key, fault);
		const answer = await ask(speech(text, key));
		expect(answer.status).toBe(502);
		expect(answer.body).toEqual(envelope(answer, "voice_unavailable"));
		expect(await callsOf(key)).toHaveLength(1);
		expect(await books()).toMatchObject({
			voice_requests: 0,
			voice_characters: 0,
			errors: 1,
			day_characters: 0,
			month_characters: 0,
		});
		const again = await hear(speech(text, key));
		expect(again.headers.get("X-Cache")).toBe("MISS");
		expect(hex(again.bytes)).toBe(hex(audioOf(text)));
	});
});
