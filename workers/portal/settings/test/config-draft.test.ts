import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { sha256Hex } from "../../../lib/text/digest.ts";
import { createPortal, NOW, versionTag } from "../../test/portal.ts";
import type { Call, Portal } from "../../test/portal.ts";
import { CHADIS, STAFF, admin, member, seedTwins } from "../../test/seed.ts";
import { draftedConfig } from "../config-draft.ts";
import { wholeConfig } from "../config-fields.ts";
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
	await env.DB.batch(
		["config_versions", "config_drafts", "golden_runs", "golden_questions"].map((table) =>
			env.DB.prepare(`DELETE FROM ${table} WHERE org_id = 'org_chadis'`),
		),
	);
});

const read = () => portal.call("/portal/config/draft", { as: member(CHADIS) });
const put = (body: unknown, call: Call = {}) =>
	portal.call("/portal/config/draft", { method: "PUT", as: admin(CHADIS), body, ...call });
const discard = (call: Call = {}) =>
	portal.call("/portal/config/draft", { method: "DELETE", as: admin(CHADIS), ...call });
const publish = (body: unknown = {}, call: Call = {}) =>
	portal.call("/portal/config/publish", { method: "POST", as: admin(CHADIS), body, ...call });

describe("the draft of a configuration", () => {
	it("is what is in force until there is one", async () => {
		const { status, body, headers } = await read();
		expect({ status, body }).toMatchObject({
			status: 200,
			body: { changes: null, version: 0, config_version: 0, config: { greeting: "Hello! How can I help you today?" } },
		});
		expect(versionTag(headers)).toBe('W/"0"');
	});

	it("shows what it would make, and leaves what is in force alone", async () => {
		await client.patch({ greeting: "live", locale: "fr" });
		expect(await put({ greeting: "draft", locale: null, timezone: "UTC" })).toMatchObject({
			status: 200,
			body: { changes: ["locale", "greeting"], version: 1, config: { greeting: "draft", locale: "en" } },
			roundTrips: 2,
		});
		expect((await client.read()).body).toMatchObject({ config: { greeting: "live", locale: "fr" }, version: 1 });
		expect((await auditRows(env.DB)).at(-1)).toMatchObject({ action: "config.draft", fields: '["greeting","locale"]' });
		// It is written whole, and what it does not name follows what is in force.
		await put({ greeting: "other" });
		await client.patch({ timezone: "Europe/Rome" });
		expect((await read()).body).toMatchObject({
			changes: ["greeting"],
			version: 2,
			config: { greeting: "other", locale: "fr", timezone: "Europe/Rome" },
		});
		expect(await put({ greeting: "other" })).toMatchObject({ status: 200, body: { version: 2 }, roundTrips: 1 });
	});

	it("is held to the rules of a patch", async () => {
		expect(await put({ greeting: 5, plan: "enterprise", retention_days: 0 })).toMatchObject({
			status: 422,
			body: { error: { fields: [{ field: "greeting" }, { field: "plan" }, { field: "retention_days" }] } },
		});
		expect((await read()).body).toMatchObject({ changes: null, version: 0 });
	});

	it("takes If-Match of its own version", async () => {
		await put({ greeting: "one" });
		expect(await put({ greeting: "two" }, { headers: { "If-Match": 'W/"0"' } })).toMatchObject({ status: 412 });
		expect(await put({ greeting: "two" }, { headers: { "If-Match": 'W/"1"' } })).toMatchObject({ status: 200 });
		expect(await discard({ headers: { "If-Match": 'W/"1"' } })).toMatchObject({ status: 412 });
		expect(await discard({ headers: { "If-Match": 'W/"2"' } })).toMatchObject({ status: 204 });
		expect((await read()).body).toMatchObject({ changes: null, version: 3 });
		expect(await discard()).toMatchObject({ status: 204, roundTrips: 1 });
		expect(await put({ greeting: "three" }, { headers: { "If-Match": 'W/"3"' } })).toMatchObject({
			status: 200,
			body: { version: 4 },
		});
	});
});

describe("POST /portal/config/publish", () => {
	it("puts the draft into force as a new version, and ends it", async () => {
		await client.patch({ greeting: "live", locale: "fr" });
		await put({ greeting: "draft", locale: null });
		expect(await publish()).toMatchObject({
			status: 200,
			body: { version: 2, config: { greeting: "draft", locale: "en" }, updated_by: "user_alphaAdmin" },
			roundTrips: 2,
		});
		expect((await read()).body).toMatchObject({ changes: null, version: 2 });
		expect((await portal.call("/portal/config/versions?limit=1", { as: member(CHADIS) })).body).toMatchObject({
			versions: [{ version: 2, cause: "publish", made_from: 1, reason: null, by: "user_alphaAdmin" }],
		});
		expect((await auditRows(env.DB)).at(-1)).toMatchObject({
			action: "config.publish",
			fields: '["locale","greeting"]',
		});
		expect(await publish()).toMatchObject({ status: 404, body: { error: { code: "not_found" } } });
	});

	it("refuses a draft that changes nothing, another version, and a body that is none of its", async () => {
		await put({});
		expect(await publish()).toMatchObject({ status: 409, body: { error: { code: "conflict" } } });
		await put({ greeting: "draft" });
		expect(await publish({}, { headers: { "If-Match": 'W/"7"' } })).toMatchObject({ status: 412 });
		expect(await publish({ reason: "x" })).toMatchObject({ status: 422 });
		for (const reason of ["", 5, "x".repeat(501)])
			expect(await publish({ override_reason: reason })).toMatchObject({ status: 422 });
		expect((await client.read()).body).toMatchObject({ version: 0 });
	});

	it("publishes nothing that changed between its reading and its writing", async () => {
		for (const theirs of [
			"UPDATE config_drafts SET changes = NULL, version = version + 1 WHERE org_id = 'org_chadis'",
			"INSERT INTO org_config (org_id, greeting) VALUES ('org_chadis', 'theirs')",
		]) {
			await put({ greeting: "mine" });
			let batches = 0;
			const DB = {
				prepare: (sql: string) => env.DB.prepare(sql),
				batch: async (statements: D1PreparedStatement[]) => {
					if (++batches === 2) await env.DB.prepare(theirs).run();
					return env.DB.batch(statements);
				},
			};
			expect(await publish({}, { env: { DB } })).toMatchObject({ status: 412 });
		}
		expect((await client.read()).body).toMatchObject({ config: { greeting: "theirs" }, version: 1 });
		expect((await read()).body).toMatchObject({ changes: ["greeting"] });
		expect((await auditRows(env.DB)).filter((row) => Object(row).action === "config.publish")).toEqual([]);
		const announced = await env.DB.prepare("SELECT COUNT(*) AS n FROM config_versions WHERE config IS NULL").first("n");
		expect(announced).toBe(0);
	});

	it("leaves it to staff to publish what only they may set", async () => {
		await put({ retention_days: 0 }, { as: { ...STAFF, org: { id: CHADIS.clerkId, role: "member" } } });
		expect(await publish()).toMatchObject({ status: 422 });
	});
});

describe("a pass rate that a draft must reach", () => {
	/** A run of golden questions of the draft as it stands. */
	async function run(passed: number, total: number, at: string, status = "completed"): Promise<void> {
		const row = await env.DB.prepare(
			"SELECT c.*, d.changes AS draft FROM config_drafts d LEFT JOIN org_config c ON c.org_id = d.org_id WHERE d.org_id = 'org_chadis'",
		).first();
		const digest = await sha256Hex(wholeConfig(draftedConfig(row ?? {})));
		await env.DB.batch([
			env.DB.prepare(
				"INSERT INTO golden_runs (id, org_id, status, origin, is_draft, config_digest, created_at) VALUES (?1, 'org_chadis', ?2, 'on_demand', 1, ?3, ?1)",
			).bind(at, status, digest),
			env.DB.prepare("UPDATE golden_runs SET passed = ?2, total = ?3 WHERE id = ?1").bind(at, passed, total),
		]);
	}

	const TOO_LOW = { status: 409, body: { error: { code: "pass_rate_too_low" } } };

	beforeEach(async () => {
		await client.patch({ min_pass_rate: 80 });
		await put({ greeting: "draft" });
	});

	it("holds back a draft without a run, with one below, or with one that was not completed", async () => {
		expect(await publish()).toMatchObject(TOO_LOW);
		await run(10, 10, "2026-08-01", "incomplete");
		expect(await publish()).toMatchObject(TOO_LOW);
		await run(0, 0, "2026-08-02");
		expect(await publish()).toMatchObject(TOO_LOW);
		await run(79, 99, "2026-08-03");
		expect(await publish()).toMatchObject(TOO_LOW);
		expect((await client.read()).body).toMatchObject({ version: 1 });
		await run(80, 100, "2026-08-04");
		expect(await publish()).toMatchObject({ status: 200, body: { version: 2 } });
	});

	it("goes by the latest run", async () => {
		await run(100, 100, "2026-08-01");
		await run(1, 100, "2026-08-02");
		expect(await publish()).toMatchObject(TOO_LOW);
	});

	it("wants the run to have asked exactly what would be in force", async () => {
		await run(100, 100, "2026-08-01");
		await put({ greeting: "draft." });
		expect(await publish()).toMatchObject(TOO_LOW);
		await put({ greeting: "draft" });
		await client.patch({ instructions: "Be brief." });
		expect(await publish()).toMatchObject(TOO_LOW);
		await client.patch({ instructions: null });
		expect(await publish()).toMatchObject({ status: 200 });
	});

	it("wants the run to have asked the golden questions as they stand", async () => {
		await run(1, 1, "2026-08-01");
		const questions = [{ question: "Is it free?", must_contain: ["free"] }];
		const list = { method: "PUT", as: admin(CHADIS), body: { questions } };
		expect((await portal.call("/portal/golden-questions", list)).status).toBe(200);
		expect(await publish()).toMatchObject(TOO_LOW);
		await run(1, 1, new Date(NOW).toISOString());
		expect(await publish()).toMatchObject({ status: 200 });
	});

	it("cannot be lowered by the draft itself", async () => {
		await put({ greeting: "draft", min_pass_rate: null });
		expect(await publish()).toMatchObject(TOO_LOW);
	});

	it("gives way to a reason, which the history keeps and the audit log names", async () => {
		expect(await publish({ override_reason: " The questions are out of date. " })).toMatchObject({ status: 200 });
		expect((await portal.call("/portal/config/versions?limit=1", { as: member(CHADIS) })).body).toMatchObject({
			versions: [{ cause: "publish", reason: "The questions are out of date." }],
		});
		expect((await auditRows(env.DB)).at(-1)).toMatchObject({ fields: '["greeting","override_reason"]' });
	});

	it("keeps no reason that was not needed", async () => {
		await run(100, 100, "2026-08-01");
		await publish({ override_reason: "Just in case." });
		expect((await portal.call("/portal/config/versions?limit=1", { as: member(CHADIS) })).body).toMatchObject({
			versions: [{ reason: null }],
		});
	});
});
