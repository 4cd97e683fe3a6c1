import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { resetDatabase } from "../../../lib/test/database.ts";
import { CHADIS_KEY, PANNU_KEY, expectError, newClient } from "../../test/client.ts";
import { run, watched } from "../../test/tables.ts";

beforeEach(() => resetDatabase(env.DB));

const call = { method: "GET", path: `/config?site_key=${CHADIS_KEY}` };
const SEEDED = {
	name: "CHADIS",
	greeting: "Hello! How can I help you with CHADIS today?",
	brand_color: "#2563eb",
	suggested_questions: ["What is CHADIS?", "How do I complete a questionnaire?", "How do I reset my password?"],
	locale: "en",
	language: "en",
	widget: {
		theme: "auto",
		corner: "right",
		offset_x: 20,
		offset_y: 20,
		launcher_icon: "chat",
		launcher_text: null,
		logo_url: null,
		radius: 16,
		talk_to_person: false,
	},
	visitor_memory: "device",
	consent: "none",
	consent_version: "99425a7d9673cd68",
	audience: "general",
	ai_notice:
		"AI assistant of CHADIS. Not a person, and not medical advice. In an emergency, call your local emergency number. Please don't share private health details. Chats are recorded and processed for CHADIS by Koby and Google.",
	privacy_url: null,
	terms_url: null,
	hidden_paths: [],
	country: "US",
	emergency_number: null,
	history: true,
	voice: null,
	conversation: null,
};

describe("the configuration", () => {
	it("is what a page shows, defaults filled in, and may be kept for a minute", async () => {
		const { db, trips } = watched();
		const response = await newClient().call({ ...call, origin: "https://anyone.example", env: { DB: db } });
		expect(await response.json()).toEqual(SEEDED);
		expect(response.status).toBe(200);
		expect(Object.fromEntries(response.headers)).toMatchObject({
			"cache-control": "public, max-age=60",
			"content-type": "application/json; charset=utf-8",
			"access-control-allow-origin": "https://anyone.example",
			vary: "Origin",
		});
		expect(trips()).toBe(1);
	});

	it("is not sent again to a page that has it, by the same one round trip, until something in it changes", async () => {
		const origin = "https://anyone.example";
		const first = await newClient().call({ ...call, origin });
		const tag = first.headers.get("ETag") ?? "";
		expect(tag).toMatch(/^W\/"[0-9a-f]{16}"$/);
		const again = async (named: string, method = "GET"): Promise<[number, string, number, Headers]> => {
			const { db, trips } = watched();
			const headers = { "If-None-Match": named };
			const response = await newClient().call({ ...call, method, origin, headers, env: { DB: db } });
			return [response.status, await response.text(), trips(), response.headers];
		};
		for (const named of [tag, tag.slice(2), `"a", ${tag}`, "*"]) {
			const [status, text, trips, headers] = await again(named);
			expect([status, text, trips]).toEqual([304, "", 1]);
			expect(Object.fromEntries(headers)).toMatchObject({
				"access-control-allow-origin": origin,
				"access-control-expose-headers": "ETag, X-Request-Id, Retry-After, Server-Timing",
				"cache-control": "public, max-age=60",
				etag: tag,
				vary: "Origin",
				"x-request-id": expect.any(String),
			});
		}
		expect((await again(tag, "HEAD"))[0]).toBe(304);
		expect((await again('W/"0123456789abcdef"'))[0]).toBe(200);
		await run("UPDATE orgs SET name = 'Renamed' WHERE id = 'org_chadis'");
		expect((await again(tag))[0]).toBe(200);
	});

	it("is refused as ever to who may not have it, whatever tag they name", async () => {
		const headers = { "If-None-Match": "*" };
		const unknown = await newClient().call({ method: "GET", path: "/config?site_key=sk_nobody_live_abc123", headers });
		await expectError(unknown, 401, "invalid_site_key");
		const elsewhere = await newClient().call({ ...call, origin: "http://plain.example", headers });
		await expectError(elsewhere, 403, "origin_not_allowed");
	});

	it("is all defaults for a bot that staff have just made", async () => {
		await run(
			"INSERT INTO orgs (id, name, slug, plan) VALUES ('org_newclient', 'New Client', 'new-client', 'chatbot')",
		);
		await run(
			"INSERT INTO portal_sites (id, org_id, site_key, name, type) VALUES ('site_newclient', 'org_newclient', 'sk_newclient_live_xxx', 'Main Chatbot', 'chatbot')",
		);
		const response = await newClient().call({ method: "GET", path: "/config?site_key=sk_newclient_live_xxx" });
		expect(await response.json()).toEqual({
			...SEEDED,
			name: "New Client",
			greeting: "Hello! How can I help you today?",
			suggested_questions: [],
			consent_version: expect.stringMatching(/^[0-9a-f]{16}$/),
			ai_notice: SEEDED.ai_notice.replaceAll("CHADIS", "New Client"),
		});
	});

	it("is the org's own, and the site's where that says otherwise", async () => {
		await run(
			"UPDATE org_config SET display_name = 'Chadis bot', locale = 'es', brand_color = '#aa0000', greeting = 'Hola', visitor_memory = 'tab' WHERE org_id = 'org_chadis'",
		);
		await run(
			`UPDATE portal_sites SET greeting = 'Hola, padres', suggested_questions = '[]', brand_color = '#00AA00', visitor_memory = 'none' WHERE id = 'site_chadis'`,
		);
		const response = await newClient().call(call);
		expect(await response.json()).toEqual({
			...SEEDED,
			name: "Chadis bot",
			greeting: "Hola, padres",
			brand_color: "#00AA00",
			suggested_questions: [],
			locale: "es",
			language: "es",
			visitor_memory: "none",
			consent_version: expect.stringMatching(/^[0-9a-f]{16}$/),
			ai_notice:
				"Asistente de IA de Chadis bot. No es una persona ni da consejos médicos. En una emergencia, llame al número de emergencias de su zona. No comparta datos privados de salud. Los chats se guardan y los procesan Koby y Google para Chadis bot.",
		});
	});

	it.each([
		["tab", null, "tab"],
		["tab", "device", "device"],
		["none", null, "none"],
		[null, "tab", "tab"],
	])("says how long a browser remembers: %s of the org, %s of the site", async (org, site, shown) => {
		await run("UPDATE org_config SET visitor_memory = ?1 WHERE org_id = 'org_chadis'", org);
		await run("UPDATE portal_sites SET visitor_memory = ?1 WHERE id = 'site_chadis'", site);
		expect(await (await newClient().call(call)).json()).toEqual({ ...SEEDED, visitor_memory: shown });
	});

	const VOICE_BASE_URL = "https://voice.example/folder";
	const voiceOf = async (vars: Record<string, string>, key = CHADIS_KEY): Promise<unknown> =>
		(
			await (
				await newClient().call({ method: "GET", path: `/config?site_key=${key}`, env: vars })
			).json<{ voice: unknown }>()
		).voice;

	it("names the voice worker where the deployment has one and the org an active engine for it, and nowhere else", async () => {
		expect(await voiceOf({ VOICE_BASE_URL })).toBeNull();
		await run(
			"INSERT INTO portal_sites (id, org_id, site_key, name, type) VALUES ('site_chadis_line', 'org_chadis', 'sk_chadis_live_line123', 'Line', 'voice')",
		);
		expect(await voiceOf({ VOICE_BASE_URL })).toEqual({ url: "https://voice.example/folder/", dictation: true });
		await run("UPDATE org_config SET provider_policy = 'baa' WHERE org_id = 'org_chadis'");
		expect(await voiceOf({ VOICE_BASE_URL })).toMatchObject({ dictation: false });
		expect(await voiceOf({ VOICE_BASE_URL }, PANNU_KEY)).toBeNull();
		await run("UPDATE portal_sites SET status = 'paused' WHERE id = 'site_chadis_line'");
		expect(await voiceOf({ VOICE_BASE_URL })).toBeNull();
	});

	it.each(["", "nonsense", "http://voice.example", "javascript:alert(1)", "ftp://voice.example"])(
		"names none by the variable %j, and answers",
		async (address) => {
			expect(await voiceOf({ VOICE_BASE_URL: address })).toBeNull();
		},
	);

	it("tells nothing else of the site", async () => {
		await run("UPDATE org_config SET instructions = 'CANARY', fallback_message = 'CANARY', limit_message = 'CANARY'");
		await run(
			`UPDATE org_config SET emergency_text = 'CANARY', provider_policy = 'baa', privacy = 'redact', safety_phrases = '[{"phrase":"CANARY","class":"abuse"}]'`,
		);
		await run("UPDATE portal_sites SET agent_id = 'CANARY', instructions = 'CANARY', model = 'canary'");
		expect(await (await newClient().call(call)).text()).not.toMatch(/canary|baa|redact/i);
	});

	it("goes by the key in the query, whatever a header says", async () => {
		expect(await (await newClient().call({ ...call, key: PANNU_KEY })).json()).toEqual(SEEDED);
		await expectError(
			await newClient().call({ method: "GET", path: "/config", key: CHADIS_KEY }),
			401,
			"site_key_required",
		);
	});

	it("is served to HEAD", async () => {
		const response = await newClient().call({ ...call, method: "HEAD" });
		expect([response.status, response.headers.get("Cache-Control")]).toEqual([200, "public, max-age=60"]);
	});
});
