import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { callsOf } from "../../../local/stand-ins/control.ts";
import { resetDatabase } from "../../../lib/test/database.ts";
import { hear, speech, vendorKey } from "../../test/client.ts";
import type { Sent } from "../../test/client.ts";
import { books } from "../../test/d1.ts";

beforeEach(() => resetDatabase(env.DB));

type Size = [what: string, text: string, spoken: string];

const SHORT: Size[] = [
	["one letter", "Q", "Q"],
	["one character of two units", "𠀀", "𠀀"],
	["whatever else the body holds", "Many fields", "Many fields"],
	[
		"SSML, of which only the words count",
		'<speak>Hello <break time="10s"/><prosody rate="slow">you</prosody></speak>',
		"Hello you",
	],
	["10,000 newlines between two words", `One${"\n".repeat(10_000)}two`, "One. two"],
	["emoji between two words", "Three 🎉👩‍👩‍👧‍👦🇩🇪 four", "Three four"],
	["letters that are composed first", "Zoe\u0308 ".repeat(2), "Zo\u00eb Zo\u00eb"],
];

/** Texts of exactly as many characters as may be. */
function full(limit: number): Size[] {
	return [
		[`${limit} letters`, "q".repeat(limit), "q".repeat(limit)],
		[`${limit} characters of two units`, "𠀀".repeat(limit), "𠀀".repeat(limit)],
		[
			`${limit} characters that were sent as more`,
			`<p>${"a ".repeat(limit / 2).trim()}b</p>${" \n".repeat(5000)}🎉`,
			`${"a ".repeat(limit / 2).trim()}b`,
		],
	];
}

/** Asserts that the sender, ElevenLabs and (with a site key) the books count the same characters. */
async function isSpoken(sent: Sent, text: string, spoken: string, key: string): Promise<void> {
	const body = { ...Object.fromEntries(Array.from({ length: 500 }, (_, n) => [n, null])), text };
	const clip = await hear({ ...sent, body });
	expect(clip.status).toBe(200);
	expect(clip.headers.get("X-Characters")).toBe(String(Array.from(spoken).length));
	expect((await callsOf(key)).map((call) => call.body)).toEqual([{ text: spoken, model_id: "eleven_flash_v2_5" }]);
}

describe("a text is spoken and counted as it is spoken", () => {
	it.each([...SHORT, ...full(1000)])("%s, with a site key", async (_, text, spoken) => {
		const key = vendorKey();
		await isSpoken(speech(text, key), text, spoken, key);
		const characters = Array.from(spoken).length;
		expect(await books()).toMatchObject({
			voice_characters: characters,
			day_characters: characters,
			month_characters: characters,
		});
	});

	it.each([...SHORT, ...full(300)])("%s, without one", async (_, text, spoken) => {
		const key = vendorKey();
		await isSpoken({ env: { ELEVENLABS_API_KEY: key } }, text, spoken, key);
	});
});
