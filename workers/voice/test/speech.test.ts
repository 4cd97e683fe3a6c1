import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { callsOf, setFaults } from "../../local/stand-ins/control.ts";
import { mp3Clip } from "../../local/stand-ins/mp3.ts";
import { resetDatabase } from "../../lib/test/database.ts";
import { PANNU_KEY, ask, envelope, hear, send, start, vendorKey } from "./client.ts";
import type { Sent } from "./client.ts";
import { books } from "./d1.ts";

const SECONDS_PER_CHAR = 0.06;
/** Long enough for the reads to grow. */
const LONG_TEXT = "Please bring your insurance card and a photo of yourself. ".repeat(17).trim();

beforeEach(() => resetDatabase(env.DB));
afterEach(() => {
	vi.useRealTimers();
});

function speech(text: string, key: string, more: Sent = {}): Sent {
	return { body: { text }, headers: { "X-Site-Key": PANNU_KEY }, ...more, env: { ELEVENLABS_API_KEY: key, ...more.env } };
}

function audioOf(text: string): Uint8Array {
	return mp3Clip(text, 22_050, 32, SECONDS_PER_CHAR);
}

/** As text: a difference is then one line. */
function hex(bytes: Uint8Array): string {
	return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

describe("POST / with a site key", () => {
	it.each([["a short text", "Good morning!"], ["a text at the limit", LONG_TEXT.padEnd(1000, "a")]])("gives ElevenLabs' bytes for %s, none lost or added", async (_, text) => {
		const clip = await hear(speech(text, vendorKey()));
		expect(clip.status).toBe(200);
		expect(hex(clip.bytes)).toBe(hex(audioOf(text)));
	});

	it("answers with headers of its own only", async () => {
		const clip = await hear(speech("Which headers?", vendorKey(), { headers: { "X-Site-Key": PANNU_KEY, Origin: "https://www.pannudental.example" } }));
		const { "x-request-id": requestId, "server-timing": timing, ...headers } = Object.fromEntries(clip.headers);
		expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
		expect(timing).toMatch(/^tts;dur=\d+$/);
		expect(headers).toEqual({
			"access-control-allow-origin": "https://www.pannudental.example",
			"access-control-expose-headers": "X-Request-Id, Retry-After, X-Cache, X-Characters, Server-Timing",
			"cache-control": "private, no-store",
			"content-type": "audio/mpeg",
			"referrer-policy": "no-referrer",
			vary: "Origin",
			"x-cache": "MISS",
			"x-characters": "14",
			"x-content-type-options": "nosniff",
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
			body: { text: "Hours We open at 8, see here.", model_id: "eleven_flash_v2_5" },
		});
	});

	it("takes a voice from the list", async () => {
		const key = vendorKey();
		const voice = "aBcDeFgHiJkLmNoPqRsT";
		const clip = await hear(speech("Another voice.", key, { body: { text: "Another voice.", voice_id: voice }, env: { ELEVENLABS_VOICE_IDS: `x, ${voice}` } }));
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

describe("a clip that ElevenLabs breaks off", () => {
	it.each([
		["without a declared length", "A clip that breaks off.", false],
		["with one", "A clip that breaks off, too.", true],
	])("breaks for the listener, %s, and is not stored", async (_, text, declares) => {
		const key = vendorKey();
		await setFaults(key, { cut_after: 2, ...(declares ? { headers: { "content-length": String(audioOf(text).byteLength) } } : {}) });
		const { response, settled } = await send(speech(text, key));
		expect(response.status).toBe(200);
		await expect(response.arrayBuffer()).rejects.toThrow();
		await settled();
		expect(await books()).toMatchObject({ voice_requests: 0, voice_characters: text.length, errors: 1, day_characters: text.length });
		const again = await hear(speech(text, key));
		expect(again.headers.get("X-Cache")).toBe("MISS");
		expect(hex(again.bytes)).toBe(hex(audioOf(text)));
	});

	it("breaks for the listener when ElevenLabs falls silent for 15 s", async () => {
		const key = vendorKey();
		await setFaults(key, { stall_after: 1 });
		const { response, settled } = await send(speech("A clip that falls silent.", key));
		vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
		const reader = response.body?.getReader();
		let ending = "open";
		const heard = (async () => {
			while ((await reader?.read())?.done === false);
			ending = "whole";
		})().catch(() => {
			ending = "broken";
		});
		await vi.waitFor(async () => {
			await vi.advanceTimersByTimeAsync(15_000);
			expect(ending).toBe("broken");
		});
		vi.useRealTimers();
		await heard;
		await settled();
		expect(await books()).toMatchObject({ voice_requests: 0, errors: 1 });
	});
});

describe("a listener who leaves", () => {
	it("does not stop the fill nor the books", async () => {
		const key = vendorKey();
		await setFaults(key, { chunk_delay_ms: 20 });
		const control = new AbortController();
		const { response, settled } = await send(speech("Nobody hears this to its end.", key, { signal: control.signal }));
		await response.body?.getReader().read();
		control.abort();
		await settled();
		expect(await books()).toMatchObject({ voice_requests: 1, voice_characters: 29, errors: 0 });
		const again = await hear(speech("Nobody hears this to its end.", key));
		expect(again.headers.get("X-Cache")).toBe("HIT");
		expect(hex(again.bytes)).toBe(hex(audioOf("Nobody hears this to its end.")));
	});

	it("by cancelling the stream does not stop them either", async () => {
		const key = vendorKey();
		await setFaults(key, { chunk_delay_ms: 20 });
		const { response, settled } = await send(speech("Cancelled after a word.", key));
		const reader = response.body?.getReader();
		await reader?.read();
		await reader?.cancel();
		await settled();
		expect(await books()).toMatchObject({ voice_requests: 1, voice_characters: 23, errors: 0 });
		expect((await hear(speech("Cancelled after a word.", key))).headers.get("X-Cache")).toBe("HIT");
	});

	it("before the first byte stops neither", async () => {
		const key = vendorKey();
		const control = new AbortController();
		control.abort();
		const { settled } = start(speech("Gone before a word.", key, { signal: control.signal }));
		await settled();
		expect(await books()).toMatchObject({ voice_requests: 1, voice_characters: 19 });
		expect((await hear(speech("Gone before a word.", key))).headers.get("X-Cache")).toBe("HIT");
	});
});

describe("a clip over 2 MB", () => {
	const piece = btoa("\u00ff".repeat(60_000));
	const long = { content_type: "audio/mpeg", chunks_base64: Array.from({ length: 40 }, () => piece) };

	it("passes whole and is not stored", async () => {
		const key = vendorKey();
		await setFaults(key, long);
		const clip = await hear(speech("A very long clip.", key));
		expect(clip.bytes.byteLength).toBe(40 * 60_000);
		expect((await hear(speech("A very long clip.", key))).headers.get("X-Cache")).toBe("MISS");
	});

	it("is not read to its end when nobody listens", async () => {
		const key = vendorKey();
		await setFaults(key, { ...long, stall_after: 38 });
		const control = new AbortController();
		const { response, settled } = await send(speech("A very long clip, left.", key, { signal: control.signal }));
		const reader = response.body?.getReader();
		for (let heard = 0; heard < 2_120_000; ) heard += (await reader?.read())?.value?.byteLength ?? 0;
		control.abort();
		await settled();
		await vi.waitFor(async () => expect((await callsOf(key))[0]?.response).toBe("cancelled"));
		expect(await books()).toMatchObject({ voice_requests: 1, errors: 0 });
	});
});

describe("an answer of ElevenLabs that is no audio", () => {
	it.each([
		["JSON with status 200", { status: 200, body: '{"detail":"soon"}' }],
		["an HTML page with status 200", { replace: "html" as const }],
		["no bytes", { replace: "empty" as const, content_type: "audio/mpeg" }],
		["a redirect", { redirect: "https://api.elevenlabs.io/v1/elsewhere" }],
	])("is a 502, given back and asked once: %s", async (_, fault) => {
		const key = vendorKey();
		await setFaults(key, fault);
		const answer = await ask(speech("Nothing to hear.", key));
		expect(answer.status).toBe(502);
		expect(answer.body).toEqual(envelope(answer, "voice_unavailable"));
		expect(await callsOf(key)).toHaveLength(1);
		expect(await books()).toMatchObject({ voice_requests: 0, voice_characters: 0, errors: 1, day_characters: 0, month_characters: 0 });
	});
});
