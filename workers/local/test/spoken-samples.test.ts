import { describe, expect, it } from "vitest";
import { createResampler, decoded, encoded, formatOf } from "../../chat/widget/page/call/sound/samples.ts";

const PCM = { isUlaw: false, rate: 16_000 };
const ULAW = { isUlaw: true, rate: 8_000 };

describe("formats of sound", () => {
	it.each([
		["pcm_16000", { isUlaw: false, rate: 16_000 }],
		["pcm_44100", { isUlaw: false, rate: 44_100 }],
		["ulaw_8000", { isUlaw: true, rate: 8_000 }],
		["mp3_44100_128", null],
		["opus_48000", null],
		["", null],
	])("are known by their names: %s", (name, format) => {
		expect(formatOf(name)).toEqual(format);
	});

	it("pcm is little-endian, and what is too loud is clipped", () => {
		expect(atob(encoded(Float32Array.of(0, 1, -1, 2), PCM))).toBe("\x00\x00\xff\x7f\x01\x80\xff\x7f");
	});

	it("ulaw is that of G.711", () => {
		// Silence, the loudest and a value between, of both signs.
		const samples = Float32Array.of(0, 1, -1, 1_000 / 32_767, -1_000 / 32_767);
		expect([...atob(encoded(samples, ULAW))].map((sign) => sign.charCodeAt(0))).toEqual([0xff, 0x80, 0x00, 0xce, 0x4e]);
	});

	it.each([
		[PCM, 2 / 32_768],
		[ULAW, 0.02],
	])("come back as they went: %j", (format, error) => {
		const samples = Float32Array.from({ length: 201 }, (_, index) => (index - 100) / 100.01);
		const back = decoded(encoded(samples, format), format);
		expect(back).toHaveLength(201);
		for (const [index, sample] of samples.entries()) expect(Math.abs((back[index] ?? 9) - sample)).toBeLessThan(error);
	});
});

describe("another rate", () => {
	it.each([
		[48_000, 16_000],
		[44_100, 16_000],
		[44_100, 8_000],
		[16_000, 24_000],
	])("from %i to %i: as much sound, whatever blocks it comes in", (from, to) => {
		const second = Float32Array.from({ length: from }, (_, at) => Math.sin((2 * Math.PI * 200 * at) / from));
		const whole = createResampler(from, to)(second);
		const inBlocks = createResampler(from, to);
		const pieces: number[] = [];
		for (let at = 0; at < from; at += 2048) pieces.push(...inBlocks(second.slice(at, at + 2048)));
		expect(Math.abs(whole.length - to)).toBeLessThanOrEqual(1);
		expect(Math.abs(pieces.length - whole.length)).toBeLessThanOrEqual(1);
		for (const at of [10, 1_000, Math.floor(to / 2)])
			expect(Math.abs((pieces[at] ?? 9) - Math.sin((2 * Math.PI * 200 * at) / to))).toBeLessThan(0.1);
	});
});
