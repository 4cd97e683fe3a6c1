import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { CHADIS, PANNU, admin, member, seedTwins } from "../../../test/seed.ts";
import { createPortal, NOW } from "../../../test/portal.ts";
import type { Portal } from "../../../test/portal.ts";
import { auditRows, configClient, forgetConfig } from "../../test/config-client.ts";
import type { ConfigClient } from "../../test/config-client.ts";

let portal: Portal;
let client: ConfigClient;

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	client = configClient(portal);
	await seedTwins(env.DB);
});

beforeEach(() => forgetConfig(env.DB));

const LOOKS = {
	theme: "auto",
	corner: "right",
	offset_x: 20,
	offset_y: 20,
	launcher_icon: "chat",
	launcher_text: null,
	logo_url: null,
	radius: 16,
	talk_to_person: false,
};
const OTHER_LOOKS = {
	theme: "dark",
	corner: "left",
	offset_x: 0,
	offset_y: 200,
	launcher_icon: "tooth",
	launcher_text: "Chat with us 🦷",
	logo_url: "https://cdn.example/logo.svg",
	radius: 32,
	talk_to_person: true,
};
const TEXTS = {
	es: { greeting: "¡Hola!", suggested_questions: ["¿Uno?", "¿Dos?"] },
	ar: { greeting: "مرحبًا" },
};
const UNSET = { translations: {}, widget: LOOKS };
const SET = { translations: TEXTS, widget: OTHER_LOOKS };

const call = (path: string, method: string, body?: unknown) =>
	portal.call(path, { method, as: admin(CHADIS), ...(body === undefined ? {} : { body }) });

const stored = () =>
	env.DB.prepare("SELECT translations, widget FROM org_config WHERE org_id = 'org_chadis'").first<{
		translations: string | null;
		widget: string | null;
	}>();

describe("translations and looks", () => {
	it("are none, and the defaults, where nothing is set; null takes each back to that", async () => {
		expect((await client.read("", member(CHADIS))).body).toMatchObject({ config: UNSET, version: 0 });
		expect((await client.patch(SET)).body).toMatchObject({ config: SET, version: 1 });
		expect((await client.patch({ translations: null, widget: null })).body).toMatchObject({
			config: UNSET,
			version: 2,
		});
		expect(await stored()).toEqual({ translations: null, widget: null });
	});

	it("are merged member by member, as a merge patch is", async () => {
		await client.patch(SET);
		const patch = {
			translations: { es: { greeting: "Buenas" }, ar: null, fr: { greeting: "Bonjour" }, de: { greeting: null } },
			widget: { theme: "light", launcher_text: null, radius: null },
		};
		expect((await client.patch(patch)).body).toMatchObject({
			config: {
				translations: {
					es: { greeting: "Buenas", suggested_questions: ["¿Uno?", "¿Dos?"] },
					fr: { greeting: "Bonjour" },
				},
				widget: { ...OTHER_LOOKS, theme: "light", launcher_text: null, radius: 16 },
			},
			version: 2,
		});
		const gone = { translations: { es: { greeting: null, suggested_questions: null }, fr: {} } };
		const after = (await client.patch(gone)).body;
		expect(after).toMatchObject({ config: { translations: { fr: { greeting: "Bonjour" } } } });
		expect(JSON.parse((await stored())?.translations ?? "")).toEqual({ fr: { greeting: "Bonjour" } });
	});

	it("keep no default, so that it follows when the default changes", async () => {
		await client.patch({ widget: { ...LOOKS, corner: "left" } });
		expect(await stored()).toEqual({ translations: null, widget: '{"corner":"left"}' });
		await client.patch({ widget: { corner: "right" } });
		expect(await stored()).toEqual({ translations: null, widget: null });
	});

	it("are written in one form, and what says the same again writes nothing", async () => {
		const sent = {
			translations: {
				fr: { suggested_questions: [" Quoi ? "], greeting: " Bonjour \r\n !" },
				es: { greeting: "Hola", suggested_questions: [] },
			},
			widget: { logo_url: " HTTPS://CDN.Example/l.png ", launcher_text: " Chat " },
		};
		const shown = {
			translations: {
				es: { greeting: "Hola", suggested_questions: [] },
				fr: { greeting: "Bonjour \n !", suggested_questions: ["Quoi ?"] },
			},
			widget: { ...LOOKS, logo_url: "https://cdn.example/l.png", launcher_text: "Chat" },
		};
		expect((await client.patch(sent)).body).toMatchObject({ config: shown, version: 1 });
		for (const again of [sent, shown, { widget: {}, translations: {} }])
			expect(await client.patch(again)).toMatchObject({ status: 200, body: { version: 1 }, roundTrips: 1 });
	});

	it("are the admins' to set, leave other organizations alone, and are named in the audit log without a value", async () => {
		expect(await client.patch(SET, { as: member(CHADIS) })).toMatchObject({ status: 403 });
		expect(await client.patch(SET, { as: admin(PANNU) }, "?orgId=org_chadis")).toMatchObject({ status: 403 });
		await client.patch(SET);
		expect((await client.read("", admin(PANNU))).body).toMatchObject({ config: UNSET });
		expect(await auditRows(env.DB)).toMatchObject([{ action: "config.update", fields: '["translations","widget"]' }]);
	});

	it("are taken at their bounds", async () => {
		const languages = ["en", "es", "fr", "de", "pt", "it", "nl", "pl", "zh", "ar"];
		const questions = Array.from({ length: 4 }, (_, n) => `${n}${"q".repeat(59)}`);
		const full = { greeting: "g".repeat(100), suggested_questions: questions };
		const most = {
			translations: Object.fromEntries(languages.map((language) => [language, full])),
			widget: { ...OTHER_LOOKS, launcher_text: "🦷".repeat(30), logo_url: `https://x.example/${"p".repeat(482)}` },
		};
		expect((await client.patch(most)).body).toMatchObject({ config: most });
		const one = { greeting: "🧸".repeat(500), suggested_questions: Array.from({ length: 6 }, () => "🧸".repeat(120)) };
		expect((await client.patch({ translations: { ...nulls(languages), fr: one } })).body).toMatchObject({
			config: { translations: { fr: one } },
		});
	});
});

const nulls = (names: string[]) => Object.fromEntries(names.map((name) => [name, null]));

describe("translations and looks, in drafts and versions", () => {
	it("are drafted and published", async () => {
		expect((await call("/portal/config/draft", "PUT", { widget: { corner: "top" } })).status).toBe(422);
		expect((await call("/portal/config/draft", "PUT", SET)).body).toMatchObject({
			config: SET,
			changes: ["translations", "widget"],
		});
		expect((await client.read()).body).toMatchObject({ config: UNSET, version: 0 });
		expect((await call("/portal/config/publish", "POST", {})).body).toMatchObject({ config: SET, version: 1 });
	});

	it("come back with a version, to the byte, and stay as they are with one from before there were any", async () => {
		await client.patch(SET);
		await client.patch({ translations: { es: null }, widget: { theme: null } });
		expect(await call("/portal/config/versions/1/restore", "POST")).toMatchObject({
			status: 200,
			body: { config: SET, version: 3 },
		});
		const kept = await env.DB.prepare(
			"SELECT COUNT(DISTINCT config) AS n FROM config_versions WHERE org_id = 'org_chadis' AND version IN (1, 3)",
		).first("n");
		expect(kept).toBe(1);
		await env.DB.prepare(
			`UPDATE config_versions SET config = '{"greeting":"old"}' WHERE org_id = 'org_chadis' AND version = 1`,
		).run();
		const asBefore = { config: { ...SET, greeting: "old" } };
		expect((await call("/portal/config/versions/1", "GET")).body).toMatchObject(asBefore);
		expect((await call("/portal/config/versions/1/restore", "POST")).body).toMatchObject({ ...asBefore, version: 4 });
	});

	it("pass over what only a newer version knows", async () => {
		await env.DB.prepare("INSERT INTO org_config (org_id, translations, widget) VALUES ('org_chadis', ?1, ?2)")
			.bind('{"ja":{"greeting":"x"},"es":{"greeting":"Hola","tone":"warm"}}', '{"theme":"sepia","glow":1}')
			.run();
		expect((await client.read()).body).toMatchObject({
			config: { translations: { es: { greeting: "Hola" } }, widget: LOOKS },
		});
	});
});
