import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { auditRows, configClient, forgetConfig } from "./config-client.ts";
import type { ConfigClient } from "./config-client.ts";
import { createPortal, NOW } from "../../test/portal.ts";
import { CHADIS, STAFF, member, seedTwins } from "../../test/seed.ts";

let client: ConfigClient;

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	client = configClient(await createPortal());
	await seedTwins(env.DB);
});

beforeEach(() => forgetConfig(env.DB));

const DEFAULTS = {
	display_name: "CHADIS",
	timezone: "UTC",
	locale: "en",
	brand_color: "#2563eb",
	logo_url: null,
	greeting: "Hello! How can I help you today?",
	suggested_questions: [],
	instructions: null,
	fallback_message: "I'm sorry, I can't answer that. Please contact us directly.",
	limit_message: "This assistant has reached its limit for now. Please contact us directly.",
	retention_days: 90,
	visitor_memory: "device",
	answer_mode: "strict",
	contact: null,
	min_pass_rate: null,
	privacy: "standard",
	consent: "none",
	audience: "general",
	ai_notice: null,
	privacy_url: null,
	terms_url: null,
	hidden_paths: [],
	emergency_number: null,
	emergency_text: null,
	country: null,
	safety_phrases: [],
	provider_policy: "any",
	translations: {},
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
};
const WRITTEN = { updated_at: "2026-08-20T12:00:00.000Z", updated_by: "user_alphaAdmin" };

describe("GET /portal/config", () => {
	it("shows the defaults of an org that has set nothing, as version 0", async () => {
		const body = { config: DEFAULTS, version: 0, updated_at: null, updated_by: null };
		expect(await client.read("", member(CHADIS))).toEqual({ status: 200, body, etag: 'W/"0"', roundTrips: 1 });
	});

	it("shows what is set, and the defaults for the rest", async () => {
		await env.DB.prepare(`
			INSERT INTO org_config (org_id, greeting, suggested_questions, retention_days, version, updated_at)
			VALUES ('org_chadis', 'Hi', '["One?"]', 365, 7, '2026-01-01T00:00:00.000Z')
		`).run();
		const config = { ...DEFAULTS, greeting: "Hi", suggested_questions: ["One?"], retention_days: 365 };
		const body = { config, version: 7, updated_at: "2026-01-01T00:00:00.000Z", updated_by: null };
		expect(await client.read()).toEqual({ status: 200, body, etag: 'W/"7"', roundTrips: 1 });
	});
});

describe("PATCH /portal/config", () => {
	it("writes every field and shows the whole", async () => {
		const config = {
			display_name: "Chadis 🧸",
			timezone: "America/New_York",
			locale: "de-CH",
			brand_color: "#1a2b3c",
			logo_url: "https://cdn.example.com/logo.png?v=1",
			greeting: "Grüezi\nund willkommen",
			suggested_questions: ["Eins?", "Zwei?"],
			instructions: "Sei freundlich.",
			fallback_message: "Leider nein.",
			limit_message: "Später wieder.",
			retention_days: 7,
			visitor_memory: "tab",
			answer_mode: "free",
			contact: "Ruft an: 0123 456\nmontags bis freitags",
			min_pass_rate: 0,
			privacy: "redact",
			consent: "required",
			audience: "adults",
			ai_notice: "KI der Praxis.\nKein Mensch.",
			privacy_url: "https://praxis.example/datenschutz?lang=de#chat",
			terms_url: "https://praxis.example/agb",
			hidden_paths: ["/kinder/*", "/"],
			emergency_number: "+41 44 123 45 67",
			emergency_text: "Nachts: Zahnarzt-Notdienst.",
			country: "CH",
			safety_phrases: [
				{ phrase: "Zahn ausgeschlagen", class: "dental_emergency" },
				{ phrase: 'das "Zeug" geschluckt', class: "poisoning" },
			],
			provider_policy: "baa",
			translations: { fr: { greeting: "Bonjour !", suggested_questions: ["Quoi ?"] }, zh: { greeting: "您好！" } },
			widget: {
				theme: "dark",
				corner: "left",
				offset_x: 0,
				offset_y: 100,
				launcher_icon: "heart",
				launcher_text: "Fragen?",
				logo_url: "https://cdn.example.com/logo.png",
				radius: 0,
				talk_to_person: true,
			},
		};
		const answer = { status: 200, body: { config, version: 1, ...WRITTEN }, etag: 'W/"1"' };
		expect(await client.patch(config)).toEqual({ ...answer, roundTrips: 2 });
		expect(await client.read()).toEqual({ ...answer, roundTrips: 1 });
	});

	it("leaves what it does not name, and restores the default of what it says is null", async () => {
		await client.patch({ greeting: "Hi", locale: "fr", retention_days: 100 });
		const { body } = await client.patch({ greeting: null, retention_days: null, instructions: null });
		expect(body).toEqual({ config: { ...DEFAULTS, locale: "fr" }, version: 2, ...WRITTEN });
	});

	it("writes in one form what has several", async () => {
		const { body } = await client.patch({
			greeting: "  Hi  ",
			brand_color: "#ABCDEF",
			locale: "EN-us",
			logo_url: "HTTPS://CDN.example.com",
			suggested_questions: [" A? "],
		});
		const config = {
			...DEFAULTS,
			greeting: "Hi",
			brand_color: "#abcdef",
			locale: "en-US",
			logo_url: "https://cdn.example.com/",
			suggested_questions: ["A?"],
		};
		expect(body).toEqual({ config, version: 1, ...WRITTEN });
	});

	it("takes the merge patch's own media type", async () => {
		const { status } = await client.patch('{"greeting":"Hi"}', {
			headers: { "Content-Type": "application/merge-patch+json; charset=utf-8" },
		});
		expect(status).toBe(200);
	});

	it("writes nothing for an empty patch, or one that changes nothing", async () => {
		expect(await client.patch({})).toMatchObject({
			status: 200,
			body: { config: DEFAULTS, version: 0 },
			etag: 'W/"0"',
			roundTrips: 1,
		});
		await client.patch({ greeting: "Hi", suggested_questions: ["A?"] });
		expect(await client.patch({ greeting: "Hi", suggested_questions: ["A?"], locale: null })).toMatchObject({
			status: 200,
			body: { version: 1 },
			roundTrips: 1,
		});
		expect(await auditRows(env.DB)).toHaveLength(1);
	});

	it("records who changed which fields, never their values", async () => {
		await client.patch({ greeting: "secret greeting", locale: "fr" });
		await client.patch({ retention_days: 30 }, { as: STAFF }, "?orgId=org_chadis");
		const common = {
			org_id: "org_chadis",
			at: "2026-08-20T12:00:00.000Z",
			action: "config.update",
			target: "org_chadis",
		};
		expect(await auditRows(env.DB)).toEqual([
			{ ...common, user_id: "user_alphaAdmin", acting_as: "admin", fields: '["greeting","locale"]' },
			{ ...common, user_id: "user_staff", acting_as: "staff", fields: '["retention_days"]' },
		]);
		expect((await client.read()).body).toMatchObject({
			config: { retention_days: 30 },
			version: 2,
			updated_by: "user_staff",
		});
	});

	it("lets only staff keep conversations for good, and anyone who may write take that back", async () => {
		const refused = { status: 422, body: { error: { code: "invalid_request" } } };
		const ofAdmin = "can be set to 0, which keeps for good, by Koby's staff only";
		expect(await client.patch({ retention_days: 0 })).toMatchObject({
			...refused,
			body: { error: { fields: [{ field: "retention_days", message: ofAdmin }] } },
		});
		expect(await client.patch({ retention_days: 6 }, { as: STAFF }, "?orgId=org_chadis")).toMatchObject(refused);
		expect((await client.read()).body).toMatchObject({ config: { retention_days: 90 }, version: 0 });
		await client.patch({ retention_days: 0 }, { as: STAFF }, "?orgId=org_chadis");
		expect((await client.read()).body).toMatchObject({ config: { retention_days: 0 }, version: 1 });
		// A form that sends back what it was shown asks for nothing.
		expect(await client.patch({ retention_days: 0 })).toMatchObject({ status: 200, body: { version: 1 } });
		await client.patch({ retention_days: null });
		expect((await client.read()).body).toMatchObject({ config: { retention_days: 90 }, version: 2 });
	});

	it("gives back text as it came, whatever the script", async () => {
		const texts = [
			"é",
			"e\u0301",
			"\u202Eevil\u202C",
			"a\u200Bb",
			"𝒳🧑‍🚀",
			"'; DROP TABLE orgs; --",
			"<script>alert(1)</script>",
			"a\u0001\u001fb",
			"NULL",
			// biome-ignore lint/suspicious/noTemplateCurlyInString: what looks like a template is text like any other.
			"${x}",
			"%s",
			"\\",
			'"',
		];
		for (const instructions of texts)
			expect((await client.patch({ instructions })).body).toMatchObject({ config: { instructions } });
	});

	it("counts code points", async () => {
		expect((await client.patch({ greeting: "🧸".repeat(500), display_name: "x".repeat(100) })).status).toBe(200);
		expect((await client.patch({ instructions: "🧸".repeat(8000) })).status).toBe(200);
	});

	it("touches the named org only", async () => {
		const others = async () =>
			JSON.stringify(
				await env.DB.prepare("SELECT * FROM org_config WHERE org_id <> 'org_chadis'")
					.all()
					.then(({ results }) => results),
			);
		const before = await others();
		await client.patch({ greeting: "mine" });
		expect(await others()).toBe(before);
		expect((await client.read()).body).toMatchObject({ config: { greeting: "mine" }, version: 1 });
	});
});
