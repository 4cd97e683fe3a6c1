import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createPortal, NOW, versionTag } from "../../test/portal.ts";
import type { Portal } from "../../test/portal.ts";
import { CHADIS, STAFF, admin, member, seedTwins } from "../../test/seed.ts";
import { auditRows, configClient, forgetConfig } from "./config-client.ts";
import type { ConfigClient } from "./config-client.ts";

let portal: Portal;
let client: ConfigClient;

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	client = configClient(portal);
	await seedTwins(env.DB);
});

beforeEach(async () => {
	await forgetConfig(env.DB);
	await env.DB.prepare("DELETE FROM config_versions WHERE org_id = 'org_chadis'").run();
});

const restore = (version: number, call = {}, query = "") =>
	portal.call(`/portal/config/versions/${version}/restore${query}`, { method: "POST", as: admin(CHADIS), ...call });

const list = async (query = "") => (await portal.call(`/portal/config/versions${query}`, { as: member(CHADIS) })).body;

/** The row of org_config without its version and its writer. */
async function fields(): Promise<Record<string, unknown>> {
	const row = await env.DB.prepare("SELECT * FROM org_config WHERE org_id = 'org_chadis'").first();
	const { version, updated_at, updated_by, ...others } = row ?? {};
	expect([version, updated_at, updated_by]).not.toContain(undefined);
	return others;
}

const HARD = {
	display_name: "Chadis 🧸",
	instructions: 'a\u0001\u001f\n"quoted" \\ \'x\'\n\u202E𝒳 e\u0301 é {"json": [1]}',
	suggested_questions: ["“A?”", 'B "b" \\?'],
	logo_url: "https://cdn.example.com/x.png?a=1&b='2'",
	retention_days: 30,
	min_pass_rate: 80,
	visitor_memory: "tab",
	answer_mode: "free",
	contact: "Call us:\n0123 '456'",
};

describe("the versions of a configuration", () => {
	it("are kept whole, with who made them and how", async () => {
		await client.patch({ greeting: "one" });
		await client.patch({ greeting: "two", locale: "fr" }, { as: STAFF }, "?orgId=org_chadis");
		const common = { at: "2026-08-20T12:00:00.000Z", cause: "update", reason: null, made_from: null };
		expect(await list()).toEqual({
			versions: [
				{ version: 2, by: "user_staff", ...common },
				{ version: 1, by: "user_alphaAdmin", ...common },
			],
			next_cursor: null,
		});
		const { body } = await portal.call("/portal/config/versions/1", { as: member(CHADIS) });
		expect(body).toMatchObject({ version: 1, config: { greeting: "one", locale: "en", display_name: "CHADIS" } });
		expect(await portal.call("/portal/config/versions/3", { as: member(CHADIS) })).toMatchObject({ status: 404 });
	});

	it("of before a field existed leave it as it is in force", async () => {
		await client.patch({ greeting: "old" });
		await env.DB.prepare(
			"UPDATE config_versions SET config = json_remove(config, '$.privacy', '$.country') WHERE org_id = 'org_chadis'",
		).run();
		await client.patch({ greeting: "new", privacy: "redact", country: "CA", locale: "fr" });
		const { body } = await portal.call("/portal/config/versions/1", { as: member(CHADIS) });
		expect(body).toMatchObject({ config: { greeting: "old", privacy: "redact", country: "CA", locale: "en" } });
		expect((await restore(1)).body).toMatchObject({
			version: 3,
			config: { greeting: "old", privacy: "redact", country: "CA", locale: "en" },
		});
	});

	it("come by pages", async () => {
		for (const greeting of ["one", "two", "three"]) await client.patch({ greeting });
		const first = await portal.call("/portal/config/versions?limit=2", { as: member(CHADIS) });
		expect(first.body).toMatchObject({ versions: [{ version: 3 }, { version: 2 }] });
		const cursor = Object(first.body).next_cursor;
		expect(await list(`?limit=2&cursor=${cursor}`)).toMatchObject({ versions: [{ version: 1 }], next_cursor: null });
		expect(await portal.call("/portal/config/versions?cursor=x", { as: member(CHADIS) })).toMatchObject({
			status: 422,
		});
	});

	it("hold what was changed by SQL, whose it is nobody's", async () => {
		await client.patch({ greeting: "one" });
		await env.DB.prepare("UPDATE org_config SET greeting = 'by hand' WHERE org_id = 'org_chadis'").run();
		expect(await list()).toMatchObject({ versions: [{ version: 2, by: null, cause: "by_hand" }, { cause: "update" }] });
		expect((await portal.call("/portal/config/versions/2", { as: member(CHADIS) })).body).toMatchObject({
			config: { greeting: "by hand" },
		});
		await restore(1);
		expect((await client.read()).body).toMatchObject({ config: { greeting: "one" }, version: 3 });
	});

	it("belong to the configuration that has the number, where one begins anew", async () => {
		await client.patch({ greeting: "old" });
		await env.DB.prepare("DELETE FROM org_config WHERE org_id = 'org_chadis'").run();
		await env.DB.prepare("INSERT INTO org_config (org_id, greeting) VALUES ('org_chadis', 'new')").run();
		expect(await list()).toMatchObject({ versions: [{ version: 1, by: null, cause: "by_hand" }] });
		await env.DB.prepare("DELETE FROM org_config WHERE org_id = 'org_chadis'").run();
		await client.patch({ greeting: "newest" });
		expect(await list()).toMatchObject({ versions: [{ version: 1, by: "user_alphaAdmin", cause: "update" }] });
		expect((await portal.call("/portal/config/versions/1", { as: member(CHADIS) })).body).toMatchObject({
			config: { greeting: "newest" },
		});
	});

	it("are the last 200", async () => {
		await client.patch({ greeting: "first" });
		const changes = Array.from({ length: 205 }, (_, n) =>
			env.DB.prepare("UPDATE org_config SET greeting = ?1 WHERE org_id = 'org_chadis'").bind(`n${n}`),
		);
		await env.DB.batch(changes);
		const { results } = await env.DB.prepare(
			"SELECT MIN(version) AS first, MAX(version) AS last, COUNT(*) AS n FROM config_versions WHERE org_id = 'org_chadis'",
		).all();
		expect(results).toEqual([{ first: 7, last: 206, n: 200 }]);
	});
});

describe("POST /portal/config/versions/{version}/restore", () => {
	it("puts back every field to the byte, as a new version", async () => {
		await client.patch(HARD);
		const before = await fields();
		const everything = { timezone: "Europe/Rome", locale: "it", brand_color: "#abcdef", greeting: "Ciao" };
		await client.patch({ ...everything, fallback_message: "No.", limit_message: "Basta." });
		await client.patch(Object.fromEntries(Object.keys(HARD).map((name) => [name, null])));
		expect(await fields()).not.toEqual(before);
		const answer = await restore(1);
		expect(answer).toMatchObject({ status: 200, body: { version: 4, updated_by: "user_alphaAdmin" }, roundTrips: 2 });
		expect(versionTag(answer.headers)).toBe('W/"4"');
		expect(await fields()).toEqual(before);
		expect(await list("?limit=1")).toMatchObject({ versions: [{ version: 4, cause: "restore", made_from: 1 }] });
		expect((await auditRows(env.DB)).at(-1)).toMatchObject({ action: "config.restore", user_id: "user_alphaAdmin" });
		const kept = await env.DB.prepare(
			"SELECT COUNT(DISTINCT config) AS n FROM config_versions WHERE org_id = 'org_chadis' AND version IN (1, 4)",
		).first("n");
		expect(kept).toBe(1);
	});

	it("writes nothing for what is in force, and knows no other version", async () => {
		await client.patch({ greeting: "one" });
		expect(await restore(1)).toMatchObject({ status: 200, body: { version: 1 }, roundTrips: 1 });
		expect(await restore(2)).toMatchObject({ status: 404, body: { error: { code: "not_found" } } });
		expect(await auditRows(env.DB)).toHaveLength(1);
	});

	it("takes If-Match as a patch does", async () => {
		await client.patch({ greeting: "one" });
		await client.patch({ greeting: "two" });
		expect(await restore(1, { headers: { "If-Match": 'W/"1"' } })).toMatchObject({ status: 412 });
		expect(await restore(1, { headers: { "If-Match": 'W/"2"' } })).toMatchObject({ status: 200, body: { version: 3 } });
	});

	it("leaves it to staff to keep conversations for good again", async () => {
		await client.patch({ retention_days: 0 }, { as: STAFF }, "?orgId=org_chadis");
		await client.patch({ retention_days: 30 });
		expect(await restore(1)).toMatchObject({ status: 422, body: { error: { fields: [{ field: "retention_days" }] } } });
		expect(await restore(1, { as: STAFF }, "?orgId=org_chadis")).toMatchObject({
			status: 200,
			body: { config: { retention_days: 0 }, version: 3 },
		});
	});

	it("restores no other org's", async () => {
		await env.DB.prepare(
			"INSERT INTO config_versions (org_id, version, config, created_at, cause) VALUES ('org_pannu_dental', 9, '{}', '', 'by_hand')",
		).run();
		expect(await restore(9)).toMatchObject({ status: 404 });
	});
});

describe("a version in the history", () => {
	it("holds every column of org_config that is a field, and every change of one makes a version", async () => {
		const { results } = await env.DB.prepare("SELECT name FROM pragma_table_info('org_config')").all<{
			name: string;
		}>();
		const kept = ["org_id", "version", "updated_at", "updated_by"];
		const names = results.map(({ name }) => name).filter((name) => !kept.includes(name));
		await env.DB.prepare("INSERT INTO org_config (org_id) VALUES ('org_chadis')").run();
		const values: Record<string, unknown> = {
			...{ brand_color: "#123456", logo_url: "https://x.example", suggested_questions: "[]" },
			...{ retention_days: 7, min_pass_rate: 5, visitor_memory: "tab", answer_mode: "free" },
			...{ privacy: "redact", consent: "notice", audience: "adults", provider_policy: "baa", country: "CA" },
			...{ privacy_url: "https://x.example", terms_url: "https://x.example", hidden_paths: "[]", safety_phrases: "[]" },
			...{ translations: "{}", widget: "{}" },
		};
		for (const name of names) {
			await env.DB.prepare(`UPDATE org_config SET ${name} = ?1 WHERE org_id = 'org_chadis'`)
				.bind(values[name] ?? "text")
				.run();
		}
		const last = await env.DB.prepare(
			"SELECT version, config FROM config_versions WHERE org_id = 'org_chadis' ORDER BY version DESC LIMIT 1",
		).first<{ version: number; config: string }>();
		expect(last?.version).toBe(1 + names.length);
		expect(JSON.parse(last?.config ?? "")).toEqual(
			Object.fromEntries(names.map((name) => [name, values[name] ?? "text"])),
		);
	});
});
