import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { CHADIS, PANNU, STAFF, admin, member, seedTwins } from "../../../test/seed.ts";
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

const UNSET = {
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
};
const SET = {
	privacy: "no_store",
	consent: "required",
	audience: "adults",
	ai_notice: "AI assistant of Dr. Lee's practice, not a dentist.",
	privacy_url: "https://lee.example/privacy",
	terms_url: "https://lee.example/terms",
	hidden_paths: ["/kids/*"],
	emergency_number: "(555) 010-0199",
	emergency_text: "After hours, press 2.",
	country: "CA",
	safety_phrases: [{ phrase: "braces poking", class: "dental_emergency" }],
	provider_policy: "baa",
};

const call = (path: string, method: string, body?: unknown) =>
	portal.call(path, { method, as: admin(CHADIS), ...(body === undefined ? {} : { body }) });

describe("what protects visitors", () => {
	it("is loose where nothing is set, and null takes each field back to that", async () => {
		expect((await client.read()).body).toMatchObject({ config: UNSET });
		expect((await client.patch(SET)).body).toMatchObject({ config: SET, version: 1 });
		const nothing = Object.fromEntries(Object.keys(SET).map((field) => [field, null]));
		expect((await client.patch(nothing)).body).toMatchObject({ config: UNSET, version: 2 });
	});

	it("is set by admins and by staff, and by nobody else", async () => {
		expect(await client.patch(SET, { as: member(CHADIS) })).toMatchObject({ status: 403 });
		expect(await client.patch(SET, { as: admin(PANNU) }, "?orgId=org_chadis")).toMatchObject({ status: 403 });
		expect((await client.read()).body).toMatchObject({ config: UNSET, version: 0 });
		await client.patch({ provider_policy: "baa", privacy: "redact" }, { as: STAFF }, "?orgId=org_chadis");
		expect((await client.read("", member(CHADIS))).body).toMatchObject({
			config: { ...UNSET, provider_policy: "baa", privacy: "redact" },
			updated_by: "user_staff",
		});
		await client.patch({ provider_policy: "any" });
		expect((await client.read()).body).toMatchObject({ config: { provider_policy: "any", privacy: "redact" } });
	});

	it("leaves other organizations alone", async () => {
		const others = () => env.DB.prepare("SELECT * FROM org_config WHERE org_id <> 'org_chadis'").all();
		const before = (await others()).results;
		await client.patch(SET);
		expect((await others()).results).toEqual(before);
		expect((await client.read("", admin(PANNU))).body).toMatchObject({ config: UNSET });
	});

	it("is named in the audit log by its fields, without a value", async () => {
		await client.patch({ privacy: "redact", safety_phrases: SET.safety_phrases, ai_notice: SET.ai_notice });
		expect(await auditRows(env.DB)).toMatchObject([
			{ action: "config.update", fields: '["privacy","safety_phrases","ai_notice"]' },
		]);
	});

	it("is written in one form", async () => {
		const sent = {
			ai_notice: "  An AI.\r\nNot a person. ",
			privacy_url: " HTTPS://Lee.Example/privacy ",
			hidden_paths: ["/niños/*", "/a/../b", "/kids/*", "/kids/*"],
			emergency_number: " +1 555 010 0199 ",
			country: "ca",
			safety_phrases: [{ class: "abuse", phrase: " he hits me " }],
		};
		const hidden = ["/ni%C3%B1os/*", "/b", "/kids/*"];
		expect((await client.patch(sent)).body).toMatchObject({
			config: {
				ai_notice: "An AI.\nNot a person.",
				privacy_url: "https://lee.example/privacy",
				hidden_paths: hidden,
				emergency_number: "+1 555 010 0199",
				country: "CA",
				safety_phrases: [{ phrase: "he hits me", class: "abuse" }],
			},
		});
		expect(await client.patch(sent)).toMatchObject({ status: 200, body: { version: 1 }, roundTrips: 1 });
		// Sent back by a form that orders a phrase's fields otherwise.
		const back = { hidden_paths: hidden, safety_phrases: [{ class: "abuse", phrase: "he hits me" }] };
		expect(await client.patch(back)).toMatchObject({ status: 200, body: { version: 1 }, roundTrips: 1 });
	});

	it("is not held to rules that came after what it holds", async () => {
		const phrases = JSON.stringify([{ phrase: "x", class: "abuse" }]);
		await env.DB.prepare(
			"INSERT INTO org_config (org_id, ai_notice, emergency_number, safety_phrases) VALUES ('org_chadis', 'Nurse Ava', 'ring', ?1)",
		)
			.bind(phrases)
			.run();
		const kept = {
			ai_notice: "Nurse Ava",
			emergency_number: "ring",
			safety_phrases: [{ class: "abuse", phrase: "x" }],
		};
		expect(await client.patch({ ...kept, country: "CA" })).toMatchObject({ status: 200, body: { config: kept } });
		expect(await client.patch({ safety_phrases: [...kept.safety_phrases, ...SET.safety_phrases] })).toMatchObject({
			status: 422,
		});
	});

	it("is taken at its bounds", async () => {
		const numbered = (n: number, text: string) => `${n} ${text.repeat(80)}`.slice(0, 80);
		const most = {
			ai_notice: "🧸".repeat(500),
			emergency_text: "🧸".repeat(500),
			emergency_number: "+12 345 678 901 234 5",
			privacy_url: `https://lee.example/${"p".repeat(480)}`,
			hidden_paths: Array.from({ length: 50 }, (_, n) => `/${numbered(n, "p").replace(" ", "-")}`.slice(0, 80)),
			safety_phrases: Array.from({ length: 100 }, (_, n) => ({ phrase: numbered(n, "x"), class: "medical_emergency" })),
		};
		expect((await client.patch(most)).body).toMatchObject({ config: most });
	});

	it("that only a newer version knows counts as the strictest", async () => {
		await client.patch(SET);
		const newer = JSON.stringify({ privacy: "vault", consent: "signed", audience: "nurses", provider_policy: "own" });
		await env.DB.prepare("UPDATE config_versions SET config = ?1 WHERE org_id = 'org_chadis'").bind(newer).run();
		expect((await call("/portal/config/versions/1", "GET")).body).toMatchObject({
			config: { privacy: "no_store", consent: "required", audience: "adults", provider_policy: "baa" },
		});
	});
});

describe("what protects visitors, in drafts and versions", () => {
	it("is drafted and published", async () => {
		await client.patch({ country: "CA" });
		expect((await call("/portal/config/draft", "PUT", { ...SET, ai_notice: "Nurse Ava here" })).status).toBe(422);
		expect((await call("/portal/config/draft", "PUT", SET)).body).toMatchObject({
			config: SET,
			changes: Object.keys(SET).filter((field) => field !== "country"),
		});
		expect((await client.read()).body).toMatchObject({ config: { ...UNSET, country: "CA" }, version: 1 });
		expect((await call("/portal/config/publish", "POST", {})).body).toMatchObject({ config: SET, version: 2 });
	});

	it("comes back with a version, to the byte", async () => {
		await client.patch(SET);
		await client.patch({ privacy: null, safety_phrases: null, hidden_paths: ["/"], consent: "notice" });
		const answer = await call("/portal/config/versions/1/restore", "POST");
		expect(answer).toMatchObject({ status: 200, body: { config: SET, version: 3 } });
		const kept = await env.DB.prepare(
			"SELECT COUNT(DISTINCT config) AS n FROM config_versions WHERE org_id = 'org_chadis' AND version IN (1, 3)",
		).first("n");
		expect(kept).toBe(1);
	});

	it("stays as it is with a version from before there was any of it", async () => {
		await client.patch({ greeting: "old" });
		const old = JSON.stringify({ greeting: "old", retention_days: null });
		await env.DB.prepare("UPDATE config_versions SET config = ?1 WHERE org_id = 'org_chadis'").bind(old).run();
		await client.patch({ ...SET, greeting: "new" });
		const asBefore = { config: { ...SET, greeting: "old", timezone: "UTC" } };
		expect((await call("/portal/config/versions/1", "GET")).body).toMatchObject(asBefore);
		expect((await call("/portal/config/versions/1/restore", "POST")).body).toMatchObject({ ...asBefore, version: 3 });
		expect((await auditRows(env.DB)).at(-1)).toMatchObject({
			action: "config.restore",
			fields: JSON.stringify(["greeting"]),
		});
	});
});
