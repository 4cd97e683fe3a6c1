import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { LANGUAGES } from "../../../lib/languages/languages.ts";
import { resetDatabase } from "../../../lib/test/database.ts";
import { CHADIS_KEY, PANNU_KEY, newClient } from "../../test/client.ts";
import { run } from "../../test/tables.ts";

beforeEach(() => resetDatabase(env.DB));

/** What a blocked answer says to who names this language. */
async function blocked(language: unknown, key: string | null = CHADIS_KEY): Promise<unknown> {
	const client = newClient();
	await client.gemini({ reply: { block_reason: "SAFETY" } });
	const body = { message: "Tell me.", ...(language === undefined ? {} : { language }) };
	const response = await client.call({ ...(key === null ? {} : { key }), body });
	expect(response.status).toBe(200);
	return response.json();
}

const LIMITED = "INSERT INTO usage_monthly (org_id, month, messages) VALUES ('org_pannu_dental', ?1, 50000)";

describe("a built-in text of the server", () => {
	it("is in the language that the page names, each with one of its own", async () => {
		const answers = new Set<unknown>();
		for (const language of LANGUAGES) answers.add(JSON.parse(JSON.stringify(await blocked(language))).response);
		expect(answers.size).toBe(LANGUAGES.length);
		expect(await blocked("de-CH")).toMatchObject({
			finish: "blocked",
			response: "Das kann ich leider nicht beantworten. Bitte wenden Sie sich direkt an uns.",
		});
	});

	it.each([[undefined], ["ja"], [""], [5], [null], [{ language: "fr" }], ["x".repeat(3000)]])(
		"is else in that of the org's locale, and refuses nobody: %j",
		async (language) => {
			await run("UPDATE org_config SET locale = 'it-CH' WHERE org_id = 'org_chadis'");
			expect(await blocked(language)).toMatchObject({ response: expect.stringMatching(/^Mi dispiace/) });
			await run("UPDATE org_config SET locale = 'ja' WHERE org_id = 'org_chadis'");
			expect(await blocked(language)).toMatchObject({ response: expect.stringMatching(/^I'm sorry/) });
		},
	);

	it("gives way to the org's own words in whatever language", async () => {
		await run("UPDATE org_config SET fallback_message = 'Ask us.' WHERE org_id = 'org_chadis'");
		expect(await blocked("es")).toMatchObject({ response: "Ask us." });
	});

	it("is so without a site key too", async () => {
		expect(await blocked("fr", null)).toMatchObject({ response: expect.stringMatching(/^Désolé/) });
		expect(await blocked(undefined, null)).toMatchObject({ response: expect.stringMatching(/^I'm sorry/) });
	});

	it("says so that a plan is used up", async () => {
		await run(LIMITED, new Date().toISOString().slice(0, 7));
		const response = await newClient().call({ key: PANNU_KEY, body: { message: "Hola", language: "es-MX" } });
		expect([response.status, await response.json()]).toMatchObject([
			429,
			{ error: { code: "quota_exceeded", message: expect.stringMatching(/^Este asistente ha alcanzado/) } },
		]);
	});

	it("tells the model nothing of it", async () => {
		const client = newClient();
		await client.gemini({ reply: { text: "Yes." } });
		await client.call({ key: CHADIS_KEY, body: { message: "Is it so?", language: "ar" } });
		expect(JSON.stringify(await client.asked())).not.toMatch(/"ar"|Arabic/);
	});
});
