import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { setFaults } from "../../../local/stand-ins/control.ts";
import { resetDatabase } from "../../../lib/test/database.ts";
import { hear, send, speech, vendorKey } from "../../test/client.ts";
import { row } from "../../test/d1.ts";

beforeEach(() => resetDatabase(env.DB));

const PRICE = { ELEVENLABS_CREDIT_USD_MICROS: "220" };
/** The stand-in takes half a credit a character, as eleven_flash_v2_5 does. */
const TEXT = "Your appointment is at nine.";
const COST = 14 * 220;
const cost = () => row("SELECT voice_characters, cost_usd_micros FROM metrics_daily");

describe("what a clip costs", () => {
	it("is booked by ElevenLabs' own count, at the deployment's price", async () => {
		await hear(speech(TEXT, vendorKey(), { env: PRICE }));
		expect(await cost()).toEqual({ voice_characters: 28, cost_usd_micros: COST });
	});

	it("is booked also when the listener leaves, and when the clip is cut", async () => {
		const key = vendorKey();
		await setFaults(key, { cut_after: 2 });
		const { response, settled } = await send(speech("Your appointment is at noon.", key, { env: PRICE }));
		await response.body?.cancel();
		await settled();
		expect(await cost()).toEqual({ voice_characters: 28, cost_usd_micros: COST });
	});

	it("is nothing for a cached clip, for one that failed, and where no price is set", async () => {
		const key = vendorKey();
		await hear(speech("No price is set.", key));
		await hear(speech("No price is set.", key, { env: PRICE }));
		await setFaults(key, { status: 401, code: "invalid_api_key" });
		expect((await send(speech("It fails.", key, { env: PRICE }))).response.status).toBe(502);
		expect(await cost()).toMatchObject({ cost_usd_micros: 0 });
	});

	it.each([
		["more than the text can have cost", "57"],
		["beyond all credits", "999999999"],
		["with an exponent", "1e300"],
		["negative", "-14"],
		["no number", "NaN"],
		["several numbers", "14, 14"],
		["text", "free"],
	])("is nothing, and logged, where ElevenLabs' count is %s (%s)", async (_, count) => {
		const errors = vi.spyOn(console, "error").mockImplementation(() => undefined);
		const key = vendorKey();
		await setFaults(key, { headers: { "character-cost": count } });
		const text = `The room is ${crypto.randomUUID().slice(0, 15)}.`;
		await hear(speech(text, key, { env: PRICE }));
		expect(await cost()).toEqual({ voice_characters: 28, cost_usd_micros: 0 });
		expect(errors.mock.calls.map(([line]) => JSON.parse(String(line)))).toEqual([
			expect.objectContaining({ event: "speech_cost_refused", characters: 28 }),
		]);
		errors.mockRestore();
	});

	it("is believed up to twice what the dearest model takes", async () => {
		const key = vendorKey();
		await setFaults(key, { headers: { "character-cost": "56" } });
		await hear(speech("Your appointment is at four.", key, { env: PRICE }));
		expect(await cost()).toEqual({ voice_characters: 28, cost_usd_micros: 56 * 220 });
	});

	it("is a number or nothing is spoken", async () => {
		expect(
			(await send(speech(TEXT, vendorKey(), { env: { ELEVENLABS_CREDIT_USD_MICROS: "0.2" } }))).response.status,
		).toBe(503);
	});
});
