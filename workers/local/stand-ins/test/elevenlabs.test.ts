import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { NEEDS_FFMPEG, hasFfmpeg } from "../../test/ffmpeg.ts";
import { harness } from "./harness.ts";

const BASE = "https://api.elevenlabs.io/v1";
const VOICE = "hpp4J3VqNfWAUOO0d1Us";
const SPEECH = `${BASE}/text-to-speech/${VOICE}/stream?output_format=mp3_22050_32`;
const KEY = { "xi-api-key": "key-1" };
const FLASH = { model_id: "eleven_flash_v2_5" };
const FRAME_BYTES = 104;

async function bytesOf(response: Response): Promise<Buffer> {
	return Buffer.from(await response.arrayBuffer());
}

describe("speech", () => {
	it("streams an MP3 in several chunks, its cost known before the audio", async () => {
		const { post } = harness();
		const response = await post(SPEECH, { text: "Good morning, how are you?", ...FLASH }, KEY);
		expect(response.status).toBe(200);
		expect(response.headers.get("content-type")).toBe("audio/mpeg");
		expect(response.headers.get("character-cost")).toBe("13");
		expect(response.headers.get("request-id")).toMatch(/^\w{20}$/);
		const chunks: Uint8Array[] = [];
		for await (const chunk of response.body ?? []) chunks.push(chunk);
		expect(chunks.length).toBeGreaterThanOrEqual(3);
	});

	it("makes frame after frame of MPEG-2 Layer III", async () => {
		const { post } = harness();
		const clip = await bytesOf(await post(SPEECH, { text: "Good morning", ...FLASH }, KEY));
		expect(clip.length % FRAME_BYTES).toBe(0);
		for (let at = 0; at < clip.length; at += FRAME_BYTES) expect(clip.readUInt32BE(at).toString(16)).toBe("fff340c0");
	});

	it.skipIf(!hasFfmpeg).each(["mp3_22050_32", "mp3_24000_48", "mp3_44100_128"])(
		`decodes as %s (${NEEDS_FFMPEG})`,
		async (format) => {
			const { post } = harness();
			const url = `${BASE}/text-to-speech/${VOICE}?output_format=${format}`;
			const input = await bytesOf(await post(url, { text: "Good morning, how are you?" }, KEY));
			const options = ["-v", "error", "-f", "mp3", "-i", "-", "-f", "s16le", "-ac", "1", "-ar", "8000", "-"];
			const { status, stderr, stdout } = spawnSync("ffmpeg", options, { input });
			expect([status, String(stderr)]).toEqual([0, ""]);
			expect(stdout.length / 2 / 8000).toBeCloseTo(26 * 0.06, 0);
			expect(stdout.some((byte) => byte !== 0)).toBe(true);
		},
	);

	it("gives the same bytes for the same text only", async () => {
		const { post } = harness();
		const clip = async (text: string) => bytesOf(await post(SPEECH, { text }, KEY));
		const [one, same, other] = [await clip("Hello"), await clip("Hello"), await clip("Hallo")];
		expect(same.equals(one)).toBe(true);
		expect(other.equals(one)).toBe(false);
	});

	it("counts a credit per character outside the flash models", async () => {
		const { post } = harness();
		const response = await post(SPEECH, { text: "Hello" }, KEY);
		expect(response.headers.get("character-cost")).toBe("5");
	});
});

describe("refused speech", () => {
	const cases: [string, string, unknown, number, string][] = [
		["an unknown voice", `${BASE}/text-to-speech/nobody`, { text: "Hi" }, 404, "voice_not_found"],
		["a voice of paid plans", `${BASE}/text-to-speech/21m00Tcm4TlvDq8ikWAM`, { text: "Hi" }, 402, "paid_plan_required"],
		["an unknown model", SPEECH, { text: "Hi", model_id: "eleven_none" }, 400, "model_not_found"],
		["a blank text", SPEECH, { text: " " }, 400, "input_text_empty"],
		["a text over the model's limit", SPEECH, { text: "a".repeat(10_001) }, 400, "max_character_limit_exceeded"],
	];
	it.each(cases)("refuses %s", async (_name, url, body, status, code) => {
		const { post } = harness();
		const response = await post(url, body, KEY);
		expect(response.status).toBe(status);
		expect(await response.json()).toMatchObject({ detail: { code, status: code } });
	});

	it("names a missing field and an unknown format in a validation list", async () => {
		const { post } = harness();
		const missing = await post(SPEECH, {}, KEY);
		expect(missing.status).toBe(422);
		expect(await missing.json()).toEqual({
			detail: [{ type: "missing", loc: ["body", "text"], msg: "Field required" }],
		});
		const format = await post(`${BASE}/text-to-speech/${VOICE}?output_format=mp3_1_1`, { text: "Hi" }, KEY);
		expect(format.status).toBe(422);
	});

	it("answers 401 without a key and with an invalid one", async () => {
		const { post } = harness();
		expect(await (await post(SPEECH, { text: "Hi" })).json()).toMatchObject({
			detail: { code: "needs_authorization" },
		});
		const invalid = await post(SPEECH, { text: "Hi" }, { "xi-api-key": "invalid" });
		expect(invalid.status).toBe(401);
		expect(await invalid.json()).toEqual({
			detail: {
				type: "authentication_error",
				code: "invalid_api_key",
				message: "Invalid API key",
				status: "invalid_api_key",
				request_id: invalid.headers.get("request-id"),
				param: null,
			},
		});
	});

	it("tells a fault in each of the vendor's shapes", async () => {
		const { post, faults } = harness();
		const busy = { status: 429, code: "system_busy", retry_after_seconds: 2 };
		const message = "We are experiencing heavy traffic, please try again shortly.";
		await faults("key-1", { ...busy, shape: "old" }, { ...busy, shape: "plain" }, { ...busy, shape: "validation" });
		const old = await post(SPEECH, { text: "Hi" }, KEY);
		expect([old.status, old.headers.get("retry-after")]).toEqual([429, "2"]);
		expect(await old.json()).toEqual({ detail: { status: "system_busy", message } });
		expect(await (await post(SPEECH, { text: "Hi" }, KEY)).json()).toEqual({ detail: message });
		expect(await (await post(SPEECH, { text: "Hi" }, KEY)).json()).toMatchObject({ detail: [{ loc: ["body"] }] });
	});
});

describe("conversations", () => {
	const signedUrl = `${BASE}/convai/conversation/get-signed-url?agent_id=agent_1`;

	it("mints a signed URL, with the conversation's id only when asked", async () => {
		const { fetch } = harness();
		const plain = await fetch(signedUrl, { headers: KEY });
		const { signed_url: bare }: { signed_url: string } = JSON.parse(await plain.text());
		expect(bare).toMatch(
			/^wss:\/\/api\.elevenlabs\.io\/v1\/convai\/conversation\?agent_id=agent_1&conversation_signature=cvtkn_\w{28}$/,
		);
		const named = await fetch(`${signedUrl}&include_conversation_id=true`, { headers: KEY });
		expect(await named.json()).toEqual({ signed_url: expect.stringMatching(/&conversation_id=conv_\w{26}$/) });
	});

	it("refuses an unknown agent and a missing one", async () => {
		const { fetch } = harness();
		const unknown = await fetch(`${BASE}/convai/conversation/get-signed-url?agent_id=nobody`, { headers: KEY });
		expect(unknown.status).toBe(404);
		expect((await fetch(`${BASE}/convai/conversation/get-signed-url`, { headers: KEY })).status).toBe(422);
	});

	it("answers 404 for a conversation that nobody held, and reads back one that was set", async () => {
		const { fetch, control } = harness();
		const url = `${BASE}/convai/conversations/conv_1`;
		const unused = await fetch(url, { headers: KEY });
		expect(unused.status).toBe(404);
		await control("elevenlabs/conversations", { id: "conv_1", status: "failed", metadata: { call_duration_secs: 7 } });
		expect(await (await fetch(url, { headers: KEY })).json()).toMatchObject({
			conversation_id: "conv_1",
			status: "failed",
			metadata: { call_duration_secs: 7, cost: 280, authorization_method: "signed_url" },
		});
	});
});
