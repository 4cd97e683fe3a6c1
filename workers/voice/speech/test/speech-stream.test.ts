import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { callsOf, setFaults } from "../../../local/stand-ins/control.ts";
import { resetDatabase } from "../../../lib/test/database.ts";
import { audioOf, hear, hex, send, speech, start, vendorKey } from "../../test/client.ts";
import { books, rows } from "../../test/d1.ts";

beforeEach(() => resetDatabase(env.DB));
afterEach(() => {
	vi.useRealTimers();
});

describe("a clip that ElevenLabs breaks off", () => {
	it.each([
		["without a declared length", "A clip that breaks off.", false],
		["with one", "A clip that breaks off, too.", true],
	])("breaks for the listener, %s, and is not stored", async (_, text, declares) => {
		const key = vendorKey();
		await setFaults(key, {
			cut_after: 2,
			...(declares ? { headers: { "content-length": String(audioOf(text).byteLength) } } : {}),
		});
		const { response, settled } = await send(speech(text, key));
		expect(response.status).toBe(200);
		await expect(response.arrayBuffer()).rejects.toThrow();
		await settled();
		expect(await books()).toMatchObject({
			voice_requests: 0,
			voice_characters: text.length,
			errors: 1,
			day_characters: text.length,
		});
		const again = await hear(speech(text, key));
		expect(again.headers.get("X-Cache")).toBe("MISS");
		expect(hex(again.bytes)).toBe(hex(audioOf(text)));
	});

	it("breaks for the listener when ElevenLabs falls silent for 15 s, and is not stored", async () => {
		const key = vendorKey();
		await setFaults(key, { stall_after: 1 });
		vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
		const { response, settled } = await send(speech("A clip that falls silent.", key));
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
		expect((await hear(speech("A clip that falls silent.", key))).headers.get("X-Cache")).toBe("MISS");
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

describe("a listener who left before ElevenLabs refused", () => {
	it("has the plan's characters given back", async () => {
		const key = vendorKey();
		await setFaults(key, { status: 401, delay_ms: 50 });
		const control = new AbortController();
		const { settled } = start(speech("Gone before the refusal.", key, { signal: control.signal }));
		await vi.waitFor(async () => expect(await callsOf(key)).toHaveLength(1));
		control.abort();
		await settled();
		expect(await books()).toMatchObject({
			voice_requests: 0,
			voice_characters: 0,
			errors: 1,
			day_characters: 0,
			month_characters: 0,
		});
	});

	it("has the day's request given back without a site key", async () => {
		const key = vendorKey();
		await setFaults(key, { status: 401, delay_ms: 50 });
		const control = new AbortController();
		const { settled } = start({
			body: { text: "Gone, and no key." },
			env: { ELEVENLABS_API_KEY: key },
			signal: control.signal,
		});
		await vi.waitFor(async () => expect(await rows("SELECT requests FROM legacy_usage")).toEqual([{ requests: 1 }]));
		control.abort();
		await settled();
		expect(await rows("SELECT requests FROM legacy_usage")).toEqual([{ requests: 0 }]);
	});
});

describe("a clip over 2 MB", () => {
	const piece = btoa("\u00ff".repeat(60_000));
	const long = { content_type: "audio/mpeg", chunks_base64: Array.from({ length: 40 }, () => piece) };

	it("is heard whole by a listener who pauses for minutes", async () => {
		const key = vendorKey();
		await setFaults(key, long);
		vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
		const { response, settled } = await send(speech("A very long clip, with a pause.", key));
		for (let minute = 0; minute < 3; minute++) await vi.advanceTimersByTimeAsync(60_000);
		vi.useRealTimers();
		expect((await response.arrayBuffer()).byteLength).toBe(40 * 60_000);
		await settled();
	});

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
