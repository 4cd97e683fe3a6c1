import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { isObject } from "../../../lib/http/json.ts";
import { LANGUAGES } from "../../../lib/languages/languages.ts";
import { resetDatabase } from "../../../lib/test/database.ts";
import { CHADIS_KEY, newClient } from "../../test/client.ts";
import { run, watched } from "../../test/tables.ts";

beforeEach(() => resetDatabase(env.DB));

const OWN = "Hello! How can I help you with CHADIS today?";
const OWN_QUESTIONS = ["What is CHADIS?", "How do I complete a questionnaire?", "How do I reset my password?"];

async function config(query = ""): Promise<Record<string, unknown>> {
	const response = await newClient().call({ method: "GET", path: `/config?site_key=${CHADIS_KEY}${query}` });
	expect([response.status, response.headers.get("Cache-Control")]).toEqual([200, "public, max-age=60"]);
	const body: unknown = await response.json();
	return isObject(body) ? body : {};
}

const translate = (translations: unknown) =>
	run("UPDATE org_config SET translations = ?1 WHERE org_id = 'org_chadis'", JSON.stringify(translations));

const SPANISH = { greeting: "¡Hola! ¿Cómo le ayudamos?", suggested_questions: ["¿Qué es CHADIS?"] };

describe("the language of the configuration", () => {
	it.each([
		["es", "es"],
		["es-MX", "es"],
		["ES_mx", "es"],
		["pt-BR", "pt"],
		["zh-Hant-TW", "zh"],
		["ar", "ar"],
		[",ja-JP,de-CH,en", "de"],
		["ja, fr;q=0.5", "en"],
		["ja,%20fr-CA", "fr"],
	])("is the one that is asked for: %s", async (asked, language) => {
		expect(await config(`&language=${asked}`)).toMatchObject({ language, locale: "en" });
	});

	it.each([
		["", null, "en"],
		["", "de-AT", "de"],
		["&language=ja", "de-AT", "de"],
		["&language=ja", "ja", "en"],
		["&language=", "fr", "fr"],
		["&language=espanol", "fr", "fr"],
		["&language=__proto__", null, "en"],
		[`&language=${"e".repeat(5000)}`, "it", "it"],
	])("is else that of the org's locale, else English: %s, %s", async (query, locale, language) => {
		await run("UPDATE org_config SET locale = ?1 WHERE org_id = 'org_chadis'", locale);
		expect(await config(query)).toMatchObject({ language, locale: locale ?? "en" });
	});

	it("brings the org's texts in it, where there are any, in the one round trip", async () => {
		await translate({ es: SPANISH, fr: { greeting: "Bonjour !" }, de: { suggested_questions: [] } });
		const { db, trips } = watched();
		const path = `/config?site_key=${CHADIS_KEY}&language=es-MX`;
		const response = await newClient().call({ method: "GET", path, env: { DB: db } });
		expect(await response.json()).toMatchObject({ ...SPANISH, language: "es" });
		expect(trips()).toBe(1);
		const texts = { greeting: OWN, suggested_questions: OWN_QUESTIONS };
		expect(await config()).toMatchObject(texts);
		expect(await config("&language=it")).toMatchObject({ ...texts, language: "it" });
		expect(await config("&language=fr")).toMatchObject({ ...texts, greeting: "Bonjour !" });
		expect(await config("&language=de")).toMatchObject({ ...texts, suggested_questions: [] });
	});

	it("leaves an engine's own texts in the language of its org's locale", async () => {
		await run(
			`UPDATE portal_sites SET greeting = 'The engine', suggested_questions = '["Its?"]' WHERE id = 'site_chadis'`,
		);
		await translate({ en: { greeting: "The org", suggested_questions: [] }, es: SPANISH });
		const own = { greeting: "The engine", suggested_questions: ["Its?"] };
		expect(await config("&language=en")).toMatchObject(own);
		expect(await config("&language=es")).toMatchObject(SPANISH);
		expect(await config("&language=fr")).toMatchObject(own);
		await run("UPDATE org_config SET locale = 'es' WHERE org_id = 'org_chadis'");
		expect(await config("&language=es")).toMatchObject(own);
		expect(await config("&language=en")).toMatchObject({ greeting: "The org", suggested_questions: [] });
	});

	it("is that of the greeting too where the org has set none", async () => {
		await run("DELETE FROM org_config");
		const greetings = await Promise.all(LANGUAGES.map((language) => config(`&language=${language}`)));
		expect(new Set(greetings.map(({ greeting }) => greeting)).size).toBe(LANGUAGES.length);
		expect(greetings[3]).toMatchObject({ greeting: "Guten Tag! Wie kann ich Ihnen helfen?", suggested_questions: [] });
	});

	it("passes over what only a newer version knows, and what somebody mistyped by hand", async () => {
		await translate({
			ja: { greeting: "こんにちは" },
			es: { greeting: 5, suggested_questions: ["¿Sí?", 7], farewell: "Adiós" },
			fr: "Bonjour",
		});
		await run(
			`UPDATE org_config SET widget = '{"theme":"sepia","corner":"left","radius":99,"offset_x":"5","logo_url":"http://x.example","talk_to_person":1,"glow":true}'`,
		);
		expect(await config("&language=es")).toMatchObject({
			greeting: OWN,
			suggested_questions: ["¿Sí?"],
			widget: { theme: "auto", corner: "left", radius: 16, offset_x: 20, logo_url: null, talk_to_person: false },
		});
		expect(await config("&language=fr")).toMatchObject({ greeting: OWN });
	});
});

describe("the notice of a language", () => {
	const noticeIn = async (language: string) => {
		const { ai_notice: notice, consent_version: version } = await config(`&language=${language}`);
		return { notice: String(notice), version: String(version) };
	};

	it("names in each whose AI it is and who processes the chat, and has a version of its own", async () => {
		await run("UPDATE org_config SET display_name = 'Praxis Dr. Lee' WHERE org_id = 'org_chadis'");
		const standard = await Promise.all(LANGUAGES.map(noticeIn));
		for (const { notice } of standard) {
			expect(notice.split("Praxis Dr. Lee")).toHaveLength(3);
			expect(notice).toMatch(/Koby.*Google/);
			expect(notice).toMatch(/\b(?:AI|IA|KI)\b|ذكاء اصطناعي/);
		}
		await run("UPDATE org_config SET privacy = 'no_store' WHERE org_id = 'org_chadis'");
		const forgotten = await Promise.all(LANGUAGES.map(noticeIn));
		const all = [...standard, ...forgotten];
		expect(new Set(all.map(({ notice }) => notice)).size).toBe(2 * LANGUAGES.length);
		expect(new Set(all.map(({ version }) => version)).size).toBe(2 * LANGUAGES.length);
	});

	it("stands before own words that do not say that an AI answers, and not before those that do in any language", async () => {
		const set = (notice: string) => run("UPDATE org_config SET ai_notice = ?1 WHERE org_id = 'org_chadis'", notice);
		await set("Wir antworten gern.");
		expect((await noticeIn("de")).notice).toBe(
			"KI-Assistent von CHADIS. Kein Mensch und keine medizinische Beratung. Wir antworten gern.",
		);
		expect((await noticeIn("zh")).notice).toBe("CHADIS的 AI 助手。本助手不是真人，不提供医疗建议。Wir antworten gern.");
		for (const own of [
			"Une intelligence artificielle.",
			"Kunstmatige intelligentie.",
			"Sztuczna inteligencja.",
			"ذكاء اصطناعي",
		]) {
			await set(own);
			expect((await noticeIn("fr")).notice).toBe(own);
		}
	});

	it("has in own words too a version for each language, since the widget's words around it differ", async () => {
		await run("UPDATE org_config SET ai_notice = 'An AI.' WHERE org_id = 'org_chadis'");
		expect((await noticeIn("es")).version).not.toBe((await noticeIn("en")).version);
		expect((await noticeIn("es-MX")).version).toBe((await noticeIn("es")).version);
	});
});
