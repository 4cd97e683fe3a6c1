import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { isObject } from "../../../lib/http/json.ts";
import { resetDatabase } from "../../../lib/test/database.ts";
import { CHADIS_KEY, PANNU_KEY, newClient } from "../../test/client.ts";
import { run, watched } from "../../test/tables.ts";

beforeEach(() => resetDatabase(env.DB));

async function config(bindings: object = {}, key = CHADIS_KEY): Promise<Record<string, unknown>> {
	const response = await newClient().call({ method: "GET", path: `/config?site_key=${key}`, env: bindings });
	const body: unknown = await response.json();
	if (!isObject(body)) throw new Error("no configuration");
	return body;
}

const set = (columns: string, ...values: unknown[]) =>
	run(`UPDATE org_config SET ${columns} WHERE org_id = 'org_chadis'`, ...values);
const version = async () => (await config())["consent_version"];

describe("what visitors are shown before they write", () => {
	it("is what their practice has set, read in one round trip", async () => {
		await set(`consent = 'required', audience = 'adults', ai_notice = 'AI of the practice.', privacy = 'no_store', country = 'CA',
			privacy_url = 'https://x.example/p', terms_url = 'https://x.example/t', hidden_paths = '["/kids/*"]', emergency_number = '555'`);
		const { db, trips } = watched();
		expect(await config({ DB: db })).toMatchObject({
			consent: "required",
			audience: "adults",
			ai_notice: "AI of the practice.",
			privacy_url: "https://x.example/p",
			terms_url: "https://x.example/t",
			hidden_paths: ["/kids/*"],
			country: "CA",
			emergency_number: "555",
			history: false,
		});
		expect(trips()).toBe(1);
		expect(await config({}, PANNU_KEY)).toMatchObject({ consent: "none", audience: "general", history: true });
	});

	it.each([
		["An AI answers here.", "An AI answers here."],
		["Our chatbot. Not a person.", "Our chatbot. Not a person."],
		["KI der Praxis.", "KI der Praxis."],
		[
			"Ask us anything; j'ai dit.",
			"AI assistant of CHADIS. Not a person, and not medical advice. Ask us anything; j'ai dit.",
		],
	])("says that an AI answers, also where %j does not", async (own, shown) => {
		await set("ai_notice = ?1", own);
		expect(await config()).toMatchObject({ ai_notice: shown });
	});

	it("says that nothing is recorded where nothing is", async () => {
		await set("privacy = 'no_store'");
		expect(String((await config())["ai_notice"])).toContain("Chats are not recorded; they are processed for CHADIS");
		await set("locale = 'es-MX'");
		expect(String((await config())["ai_notice"])).toContain("Los chats no se guardan; los procesan Koby y Google");
	});

	it("has a version that changes with all of it, and with nothing else", async () => {
		const before = await version();
		const versions = [before];
		for (const [columns, back] of [
			["ai_notice = 'An AI.'", "ai_notice = NULL"],
			["privacy_url = 'https://x.example/p'", "privacy_url = NULL"],
			["terms_url = 'https://x.example/p'", "terms_url = NULL"],
			["audience = 'adults'", "audience = NULL"],
			["display_name = 'Other'", "display_name = NULL"],
		] as const) {
			await set(columns);
			versions.push(await version());
			await set(back);
			expect(await version()).toBe(before);
		}
		expect(new Set(versions).size).toBe(versions.length);
		await set(
			"consent = 'required', greeting = 'Hi', hidden_paths = '[\"/\"]', emergency_number = '5', country = 'CA'",
		);
		expect(await version()).toBe(before);
	});

	it.each([
		[undefined, "US"],
		[" ca ", "CA"],
		["", "US"],
		["Canada", "US"],
	])("names the deployment's country where the practice names none: %j is %s", async (variable, country) => {
		expect(await config({ COUNTRY: variable })).toMatchObject({ country });
	});

	it("leaves out what a row written by hand holds by mistake", async () => {
		await set('hidden_paths = \'[1, "/a", null]\', safety_phrases = \'[1, {}, {"phrase":5}, ["x"]]\'');
		expect(await config()).toMatchObject({ hidden_paths: ["/a"] });
	});
});
