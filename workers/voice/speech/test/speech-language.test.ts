import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { callsOf } from "../../../local/stand-ins/control.ts";
import { resetDatabase } from "../../../lib/test/database.ts";
import { languageCode } from "../../elevenlabs/language.ts";
import { hear, speech, vendorKey } from "../../test/client.ts";
import { run, watchedDb } from "../../test/d1.ts";

/** Past the age at which a remembered site no longer counts. */
const LATER_MS = 31_000;

beforeEach(() => resetDatabase(env.DB));
afterEach(() => {
	vi.useRealTimers();
});

/** Gives the sample customer a locale, which no isolate has seen yet. */
async function setLocale(locale: string): Promise<void> {
	await run(`UPDATE org_config SET locale = '${locale}' WHERE org_id = 'org_pannu_dental'`);
	vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + LATER_MS });
}

async function bodiesOf(key: string): Promise<unknown[]> {
	return (await callsOf(key)).map(({ body }) => body);
}

describe("the language of speech", () => {
	it("is the org's, without its region", async () => {
		const key = vendorKey();
		await setLocale("pt-BR");
		await hear(speech("Abrimos às 8.", key));
		expect(await bodiesOf(key)).toEqual([
			{ text: "Abrimos às 8.", model_id: "eleven_flash_v2_5", language_code: "pt" },
		]);
	});

	it("is left to ElevenLabs without a site key", async () => {
		const key = vendorKey();
		await setLocale("de");
		await hear({ body: { text: "Guten Tag." }, env: { ELEVENLABS_API_KEY: key } });
		expect(await bodiesOf(key)).toEqual([{ text: "Guten Tag.", model_id: "eleven_flash_v2_5" }]);
	});

	it("is not sent to a model that refuses it, which is told to read numbers out instead", async () => {
		const key = vendorKey();
		await setLocale("fr-CA");
		await hear(speech("Ça coûte 5 $.", key, { env: { ELEVENLABS_MODEL_ID: "eleven_multilingual_v2" } }));
		expect(await bodiesOf(key)).toEqual([
			{ text: "Ça coûte 5 $.", model_id: "eleven_multilingual_v2", apply_text_normalization: "on" },
		]);
	});

	it.each([
		["eleven_flash_v2_5", "zh-Hant-TW", "zh"],
		["eleven_turbo_v2_5", "nb-NO", "no"],
		["eleven_flash_v2_5", "tl", "fil"],
		["eleven_flash_v2_5", "EN-gb", "en"],
		["eleven_flash_v2_5", "he-IL", null],
		["eleven_flash_v2_5", "x-own", null],
		["eleven_flash_v2_5", null, null],
		["eleven_flash_v2", "en", null],
		["eleven_v3", "en", null],
	])("of %s for the locale %s is %s", (model, locale, code) => {
		expect(languageCode(model, locale)).toBe(code);
	});
});

describe("a text spoken before in another language", () => {
	it("is spoken anew, and then comes from the cache again", async () => {
		const key = vendorKey();
		await setLocale("es");
		expect((await hear(speech("Clínica Pannu", key))).headers.get("X-Cache")).toBe("MISS");
		expect((await hear(speech("Clínica Pannu", key))).headers.get("X-Cache")).toBe("HIT");
		await setLocale("it");
		const anew = await hear(speech("Clínica Pannu", key));
		expect([anew.headers.get("X-Cache"), anew.headers.get("X-Characters")]).toEqual(["MISS", "13"]);
		expect((await hear(speech("Clínica Pannu", key))).headers.get("X-Cache")).toBe("HIT");
		expect(await bodiesOf(key)).toMatchObject([{ language_code: "es" }, { language_code: "it" }]);
	});

	it("and in the same one comes without a round trip, its language untold", async () => {
		const key = vendorKey();
		await setLocale("es-MX");
		await hear(speech("Sin demora", key));
		const watched = watchedDb();
		const clip = await hear(speech("Sin demora", key, { env: { DB: watched.db } }));
		expect(clip.headers.get("X-Cache")).toBe("HIT");
		expect(clip.headers.has("Content-Language")).toBe(false);
		// The one is the booking, after the clip.
		expect(watched.batches).toBe(1);
	});
});
