import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { indexMessages } from "../../conversations/search/index-messages.ts";
import { count, runOften } from "../../housekeeping/test/retention-seed.ts";
import { ORG_ERASURES } from "../../housekeeping/org-tables.ts";
import { createPortal, NOW, refusal, withoutRequestId } from "../../test/portal.ts";
import type { Answer, Portal } from "../../test/portal.ts";
import { CHADIS, PANNU, STAFF, member, seedTwins } from "../../test/seed.ts";

let portal: Portal;
const PATH = "/portal/clients/org_pannu_dental";

beforeEach(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seedTwins(env.DB);
});

const allow = (as = STAFF): Promise<Answer> => portal.call(`${PATH}/erasure`, { method: "POST", as });
const erase = (token: unknown, as = STAFF, path = PATH): Promise<Answer> =>
	portal.call(path, { method: "DELETE", as, body: { token } });

async function token(as = STAFF): Promise<unknown> {
	return Object((await allow(as)).body)["token"];
}

const BAD_TOKEN = refusal(
	"forbidden",
	"This token does not erase this customer, or no longer; ask POST /portal/clients/{id}/erasure for a new one.",
);
const LIVE = refusal(
	"subscription_live",
	"Cancel the customer's subscription at Stripe first, and wait until it has ended.",
);
const NO_ORG = refusal("org_not_found", "There is no organization with this id; GET /portal/clients lists them.");

/** The tables with an org_id, but the org and the trace of its erasure. */
async function tablesOfOrgs(): Promise<string[]> {
	const { results } = await env.DB.prepare(
		"SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_cf_%' AND name <> 'erasures' ORDER BY name",
	).all<{ name: string }>();
	const found: string[] = [];
	for (const { name } of results)
		if ((await count(`pragma_table_xinfo('${name}') WHERE name = 'org_id'`)) === 1) found.push(name);
	return found;
}

describe("POST /portal/clients/{id}/erasure", () => {
	it("gives a token for 15 minutes, of which only the digest is kept", async () => {
		const { status, body } = await allow();
		expect({ status, body }).toEqual({
			status: 201,
			body: { token: expect.stringMatching(/^[0-9a-f]{64}$/), expires_at: "2026-08-20T12:15:00.000Z" },
		});
		expect(await count(`erasure_tokens WHERE token_digest = '${String(Object(body)["token"])}'`)).toBe(0);
		expect(await count("audit_log WHERE action = 'client.erasure' AND org_id = 'org_pannu_dental'")).toBe(1);
	});

	it("is refused while a subscription lives, and for a customer that is not there", async () => {
		await env.DB.prepare(
			"UPDATE orgs SET stripe_subscription_id = 'sub_1', stripe_status = 'past_due' WHERE id = 'org_pannu_dental'",
		).run();
		const refused = await allow();
		expect({ status: refused.status, body: withoutRequestId(refused) }).toEqual({ status: 409, body: LIVE });
		const unknown = await portal.call("/portal/clients/org_nobody/erasure", { method: "POST", as: STAFF });
		expect({ status: unknown.status, body: withoutRequestId(unknown) }).toEqual({ status: 404, body: NO_ORG });
	});
});

describe("DELETE /portal/clients/{id}", () => {
	it("takes only the token that the same person got for this customer, once and within its time", async () => {
		const good = await token();
		const tries = [
			erase("0".repeat(64)),
			erase(good, { ...STAFF, userId: "user_staff2" }),
			erase(good, STAFF, "/portal/clients/org_chadis"),
		];
		for (const answer of await Promise.all(tries))
			expect({ status: answer.status, body: withoutRequestId(answer) }).toEqual({ status: 403, body: BAD_TOKEN });
		await env.DB.prepare("UPDATE erasure_tokens SET expires_at = ?1").bind(new Date(NOW).toISOString()).run();
		expect((await erase(good)).status).toBe(403);
		expect(await count("orgs WHERE erasure_id IS NOT NULL")).toBe(0);
	});

	it("is refused where a subscription has begun since the token was given", async () => {
		const good = await token();
		const sql = "UPDATE orgs SET stripe_subscription_id = 'sub_1', stripe_status = ?1 WHERE id = 'org_pannu_dental'";
		for (const status of ["active", "trialing", "unpaid", "paused", "a new one"]) {
			await env.DB.prepare(sql).bind(status).run();
			expect(withoutRequestId(await erase(good)), status).toEqual(LIVE);
		}
		await env.DB.prepare(sql).bind("canceled").run();
		expect((await erase(good)).status).toBe(204);
	});

	it("takes the customer out of service and out of sight at once, and its name with it", async () => {
		const good = await token();
		expect((await erase(good)).status).toBe(204);
		const { results } = await env.DB.prepare("SELECT * FROM orgs WHERE id = 'org_pannu_dental'").all();
		expect(results).toMatchObject([
			{ name: "Erased", status: "churned", clerk_org_id: null, stripe_customer_id: null },
		]);
		expect(JSON.stringify(results)).not.toMatch(/Pannu|pannu-dental/);
		expect((await portal.call("/portal/overview", { as: member(PANNU) })).status).toBe(403);
		expect((await portal.call(`/portal/overview?orgId=${PANNU.id}`, { as: STAFF })).status).toBe(404);
		expect((await portal.call("/portal/clients", { as: STAFF })).text).not.toContain("org_pannu_dental");
		const other = await erase(good, { ...STAFF, userId: "user_staff2" });
		expect({ status: other.status, body: withoutRequestId(other) }).toEqual({ status: 404, body: NO_ORG });
		expect((await allow()).status).toBe(404);
	});

	it("is repeated to the same effect by who did not hear that it has begun, until the last row is gone", async () => {
		const good = await token();
		let batches = 0;
		const DB = new Proxy(env.DB, {
			get(target, name) {
				if (name === "prepare") return (sql: string) => target.prepare(sql);
				return async (statements: D1PreparedStatement[]) => {
					const results = await target.batch(statements);
					if (++batches === 2) throw new Error("D1_ERROR: D1 DB is overloaded. Too many requests queued.");
					return results;
				};
			},
		});
		const call = { method: "DELETE", as: STAFF, body: { token: good } };
		expect((await portal.call(PATH, { ...call, env: { DB } })).status).toBe(503);
		expect((await erase(good)).status).toBe(204);
		expect(await count("erasures WHERE kind = 'client'")).toBe(1);
		for (let run = 0; run < 5; run++) await runOften(env.DB, NOW + run);
		expect((await erase(good)).status).toBe(404);
	});

	it("is carried on by the runs of every five minutes until no table has a row of it, and leaves the others theirs", async () => {
		const others = async () => {
			const rows: Record<string, number> = {};
			for (const table of await tablesOfOrgs())
				rows[table] = await count(`${table} WHERE org_id <> 'org_pannu_dental'`);
			return rows;
		};
		await env.DB.batch([
			env.DB.prepare(
				"INSERT INTO turns (id, kind, org_id, site_id, date, begun_at, expires_at) VALUES ('t', 'note', 'org_pannu_dental', 'site_pannu_dental', '', '', '2999-01-01')",
			),
			env.DB.prepare(
				"INSERT INTO voice_sessions (id, org_id, site_id, agent_id, expires_at) VALUES ('v', 'org_pannu_dental', 'site_pannu_dental', 'a', '')",
			),
			env.DB.prepare(
				"INSERT INTO stripe_events (id, type, org_id, created_at) VALUES ('evt_1', 'x', 'org_pannu_dental', '')",
			),
			env.DB.prepare(`
				INSERT INTO knowledge_vectors (org_id, model, dimensions, knowledge_id, first_position, vectors)
				SELECT org_id, 'm', 4, id, 0, 'AAAA' FROM knowledge WHERE org_id = 'org_pannu_dental' LIMIT 1
			`),
			env.DB.prepare(
				"INSERT INTO swept_turns (id, kind, org_id, site_id, date, messages, voice_characters) VALUES ('w', 'chat', 'org_pannu_dental', 'site_pannu_dental', '', 1, 0)",
			),
			env.DB.prepare("INSERT INTO config_drafts (org_id) VALUES ('org_pannu_dental')"),
			env.DB.prepare(
				"INSERT INTO safety_daily (org_id, date, class, tier) VALUES ('org_pannu_dental', '', 'abuse', 1)",
			),
			env.DB.prepare("INSERT INTO golden_usage (org_id, date) VALUES ('org_pannu_dental', '')"),
			env.DB.prepare("INSERT INTO usage_clients (org_id, date, client) VALUES ('org_pannu_dental', '', 'c')"),
		]);
		await indexMessages(env.DB, NOW);
		const good = await token();
		const before = await others();
		expect(await count("golden_results WHERE run_id = 'run-omega'")).toBe(1);
		for (const table of await tablesOfOrgs())
			expect(await count(`${table} WHERE org_id = 'org_pannu_dental'`), table).toBeGreaterThan(0);
		expect((await erase(good)).status).toBe(204);
		for (let run = 0; run < 5; run++) await runOften(env.DB, NOW + run);
		for (const table of await tablesOfOrgs())
			expect(await count(`${table} WHERE org_id = 'org_pannu_dental'`), table).toBe(0);
		expect(await count("orgs WHERE id = 'org_pannu_dental'")).toBe(0);
		expect(await count("golden_results WHERE run_id = 'run-omega'")).toBe(0);
		expect(await others()).toEqual(before);
		const { results } = await env.DB.prepare(
			"SELECT kind, org_id, user_id, conversations, messages, leads FROM erasures",
		).all();
		expect(results).toEqual([
			{ kind: "client", org_id: "org_pannu_dental", user_id: "user_staff", conversations: 8, messages: 6, leads: 3 },
		]);
		expect((await portal.call("/portal/overview", { as: member(CHADIS) })).status).toBe(200);
	});
});

/** They hang on rows that have it. */
const WITHOUT_ORG = ["knowledge_passages", "golden_results"];

describe("the tables of an org", () => {
	it("are all in the list by which it is erased", async () => {
		const listed = ORG_ERASURES.flatMap(({ tables }) => tables).filter((table) => !WITHOUT_ORG.includes(table));
		expect([...listed].sort()).toEqual(await tablesOfOrgs());
	});
});
