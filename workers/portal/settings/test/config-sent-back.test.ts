import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { isObject } from "../../../lib/http/json.ts";
import { engineClient, resetEngines } from "../../engines/test/engine-client.ts";
import type { EngineClient } from "../../engines/test/engine-client.ts";
import { createPortal, NOW } from "../../test/portal.ts";
import { seedTwins } from "../../test/seed.ts";
import { configClient, forgetConfig } from "./config-client.ts";
import type { ConfigClient } from "./config-client.ts";

let config: ConfigClient;
let engines: EngineClient;

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	const portal = await createPortal();
	config = configClient(portal);
	engines = engineClient(portal);
	await seedTwins(env.DB);
});

beforeEach(async () => {
	await forgetConfig(env.DB);
	await resetEngines(env.DB);
});

async function shown(): Promise<Record<string, unknown>> {
	const { body } = await config.read();
	if (!isObject(body) || !isObject(body["config"])) throw new Error("no configuration");
	return body["config"];
}

function stored(): Promise<Record<string, unknown> | null> {
	return env.DB.prepare("SELECT * FROM org_config WHERE org_id = 'org_chadis'").first();
}

describe("a configuration that is sent back as it was read", () => {
	it("stores nothing for an org that has set nothing", async () => {
		expect(await config.patch(await shown())).toMatchObject({ status: 200, body: { version: 0 }, roundTrips: 1 });
		expect(await stored()).toBeNull();
	});

	it("stores the one field that was changed, and no default beside it", async () => {
		const sent = { ...(await shown()), fallback_message: "Ring us." };
		expect(await config.patch(sent)).toMatchObject({ status: 200, body: { config: sent, version: 1 } });
		const { fallback_message, ...others } = (await stored()) ?? {};
		const { org_id, version, updated_at, updated_by, ...fields } = others;
		expect(fallback_message).toBe("Ring us.");
		expect([...new Set(Object.values(fields))]).toEqual([null]);
		expect([org_id, version, updated_at, updated_by]).not.toContain(null);
	});

	it("follows what its defaults come from, such as the org's name", async () => {
		await config.patch(await shown());
		await config.patch({ ...(await shown()), timezone: "Europe/Rome" });
		await env.DB.prepare("UPDATE orgs SET name = 'Renamed' WHERE id = 'org_chadis'").run();
		expect(await shown()).toMatchObject({ display_name: "Renamed", timezone: "Europe/Rome" });
		await env.DB.prepare("UPDATE orgs SET name = 'CHADIS' WHERE id = 'org_chadis'").run();
	});

	it("takes another spelling of a default for the default", async () => {
		await config.patch({ brand_color: "#2563EB", display_name: " CHADIS ", locale: "EN", suggested_questions: [] });
		expect(await stored()).toBeNull();
	});

	it("keeps a text of its own that says what the default says, until it is null", async () => {
		await config.patch({ greeting: "Hi" });
		await config.patch({ greeting: "Hello! How can I help you today?" });
		expect(await stored()).toMatchObject({ greeting: "Hello! How can I help you today?" });
		await config.patch({ greeting: null });
		expect(await stored()).toMatchObject({ greeting: null });
	});

	it("is not held to rules that came after what it holds", async () => {
		await env.DB.prepare(
			"INSERT INTO org_config (org_id, locale, display_name, retention_days) VALUES ('org_chadis', 'xq-QQ', 'a' || char(9) || 'b', 30)",
		).run();
		const before = await shown();
		expect(before).toMatchObject({ locale: "xq-QQ", display_name: "a\tb", retention_days: 30 });
		expect(await config.patch({ ...before, greeting: "Hi" })).toMatchObject({
			status: 200,
			body: { config: { ...before, greeting: "Hi" } },
		});
	});
});

describe("an engine that is sent back as it was read", () => {
	const WRITABLE = [
		...["name", "status", "allowed_origins", "instructions", "greeting"],
		...["suggested_questions", "brand_color", "agent_id", "model", "visitor_memory", "version"],
	];

	async function read(): Promise<Record<string, unknown>> {
		const { body } = await engines.patch({});
		if (!isObject(body) || !isObject(body["engine"])) throw new Error("no engine");
		const { engine } = body;
		return Object.fromEntries(WRITABLE.map((field) => [field, engine[field]]));
	}

	it("keeps what it has from the organization, the agent and the model of its deployment", async () => {
		const sql = "SELECT * FROM portal_sites WHERE id = 'site_chadis'";
		const before = await env.DB.prepare(sql).first();
		expect(await engines.patch(await read())).toMatchObject({ status: 200, roundTrips: 1 });
		expect(await env.DB.prepare(sql).first()).toEqual(before);
	});

	it("keeps a model that staff have set, when an admin sends it back with a change beside it", async () => {
		await env.DB.prepare("UPDATE portal_sites SET model = 'gemini-x' WHERE id = 'site_chadis'").run();
		expect(await engines.patch({ ...(await read()), greeting: "Hi" })).toMatchObject({
			status: 200,
			body: { engine: { model: "gemini-x", greeting: "Hi", suggested_questions: null } },
		});
		expect(await engines.patch({ model: null })).toMatchObject({ status: 422 });
	});

	it("tells no questions from the organization's questions", async () => {
		await engines.patch({ suggested_questions: [] });
		await engines.patch(await read());
		const site = await env.DB.prepare(
			"SELECT suggested_questions AS q FROM portal_sites WHERE id = 'site_chadis'",
		).first();
		expect(site).toEqual({ q: "[]" });
	});
});

describe("locale", () => {
	it.each([
		["EN-us", "en-US"],
		["iw", "he"],
		["zh-hant-tw", "zh-Hant-TW"],
		["es-419", "es-419"],
		["gsw", "gsw"],
		["ckb-IQ", "ckb-IQ"],
		["sl-rozaj-biske", "sl-biske-rozaj"],
		["ar-u-nu-latn", "ar-u-nu-latn"],
		["nds", "nds"],
		["ty-PF", "ty-PF"],
		["cmn-Hans", "zh-Hans"],
	])("takes %s and keeps it as %s", async (sent, kept) => {
		expect((await config.patch({ locale: sent })).body).toMatchObject({ config: { locale: kept } });
	});
});
