import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { refusal, createPortal, NOW, withoutRequestId } from "../../test/portal.ts";
import type { Call, Portal } from "../../test/portal.ts";
import { CHADIS, PANNU, STAFF, admin, member, seedTwins } from "../../test/seed.ts";
import { emptyLog, readsInLog } from "./audit-client.ts";

let portal: Portal;

const TRANSCRIPT = "/portal/conversations/session-alpha-2";
const HOUR_MS = 3_600_000;

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seedTwins(env.DB);
});
beforeEach(async () => {
	vi.setSystemTime(NOW);
	await emptyLog();
});

async function statusOf(path: string, call: Call): Promise<number> {
	return (await portal.call(path, { ...call, as: { ...call.as, now: Date.now() } })).status;
}

describe("the reads of an hour", () => {
	it("of one person of one thing are one row, which counts them and tells the first and the last", async () => {
		for (const minutes of [0, 7, 59]) {
			vi.setSystemTime(NOW + minutes * 60_000);
			expect(await statusOf(TRANSCRIPT, { as: member(CHADIS) })).toBe(200);
		}
		vi.setSystemTime(NOW + HOUR_MS);
		await statusOf(TRANSCRIPT, { as: member(CHADIS) });
		const who = { org_id: "org_chadis", user_id: "user_alphaMember", acting_as: "member", impersonator_id: "" };
		const what = { ...who, action: "conversation.read", target: "session-alpha-2" };
		expect(await readsInLog()).toEqual([
			{ ...what, at: "2026-08-20T12:00:00.000Z", last_at: "2026-08-20T12:59:00.000Z", reads: 3 },
			{ ...what, at: "2026-08-20T13:00:00.000Z", last_at: "2026-08-20T13:00:00.000Z", reads: 1 },
		]);
	});

	it("stay apart by reader, by who acts in whose name, by thing and by org", async () => {
		const impersonatedBy = (sub: string) => ({ ...admin(CHADIS), claims: { act: { sub } } });
		await statusOf(TRANSCRIPT, { as: admin(CHADIS) });
		await statusOf(TRANSCRIPT, { as: impersonatedBy("user_one") });
		await statusOf(TRANSCRIPT, { as: impersonatedBy("user_two") });
		await statusOf("/portal/conversations/session-alpha-1", { as: admin(CHADIS) });
		await statusOf("/portal/team?orgId=org_chadis", { as: STAFF });
		await statusOf("/portal/team?orgId=org_pannu_dental", { as: STAFF });
		const rows = await readsInLog();
		expect(rows.map(({ org_id: org, acting_as: as, impersonator_id: by, reads }) => [org, as, by, reads])).toEqual([
			["org_chadis", "admin", "", 1],
			["org_chadis", "impersonated", "user_one", 1],
			["org_chadis", "impersonated", "user_two", 1],
			["org_chadis", "admin", "", 1],
			["org_chadis", "staff", "", 1],
			["org_pannu_dental", "staff", "", 1],
		]);
	});

	it("are all counted when they come at once", async () => {
		const asked = Array.from({ length: 30 }, () => statusOf("/portal/leads", { as: admin(CHADIS) }));
		expect(new Set(await Promise.all(asked))).toEqual(new Set([200]));
		expect(await readsInLog()).toMatchObject([{ action: "lead.list", reads: 30 }]);
	});

	it("count HEAD, which tells what is there", async () => {
		expect(await statusOf(TRANSCRIPT, { as: admin(CHADIS), method: "HEAD" })).toBe(200);
		expect(await statusOf("/portal/config?orgId=org_chadis", { as: STAFF, method: "HEAD" })).toBe(200);
		expect(await readsInLog()).toMatchObject([{ action: "conversation.read" }, { action: "config.read" }]);
	});

	it("count a request that names the version it has, as one that does not", async () => {
		const headers = { "If-None-Match": "*" };
		await statusOf("/portal/knowledge/kn-alpha-a?orgId=org_chadis", { as: STAFF, headers });
		expect(await readsInLog()).toMatchObject([{ action: "knowledge.read", target: "kn-alpha-a" }]);
	});
});

describe("what is shown to nobody leaves no row", () => {
	it.each<[number, string, Call]>([
		[401, TRANSCRIPT, { as: { ...admin(CHADIS), issuer: "https://other.test" } }],
		[403, "/portal/leads", { as: member(CHADIS) }],
		[403, "/portal/audit", { as: { ...member(CHADIS), impersonated: true } }],
		[403, "/portal/conversations?orgId=org_pannu_dental", { as: admin(CHADIS) }],
		[403, `${TRANSCRIPT}?orgId=org_pannu_dental`, { as: { ...admin(CHADIS), impersonated: true } }],
		[403, "/portal/leads", { as: { userId: "user_x", org: { id: "org_2none", role: "admin" } } }],
		[404, "/portal/leads?orgId=org_none", { as: STAFF }],
		[404, "/portal/conversations/session-omega-2", { as: admin(CHADIS) }],
		[404, "/portal/conversations/nowhere?orgId=org_chadis", { as: STAFF }],
		[404, "/portal/conversations?engine_id=site_pannu_dental&orgId=org_chadis", { as: STAFF }],
		[404, "/portal/insights?engine_id=site_none&orgId=org_chadis", { as: STAFF }],
		[404, "/portal/knowledge/kn-omega-a?orgId=org_chadis", { as: STAFF }],
		[405, TRANSCRIPT, { as: STAFF, method: "PUT" }],
		[422, "/portal/conversations?limit=0", { as: admin(CHADIS) }],
		[422, "/portal/overview?sort=name&orgId=org_chadis", { as: STAFF }],
		[422, "/portal/team", { as: STAFF }],
	])("%i %s", async (status, path, call) => {
		expect(await statusOf(path, call)).toBe(status);
		expect(await readsInLog()).toEqual([]);
	});

	it("of an erased conversation, nor of one whose engine is another org's", async () => {
		await env.DB.batch([
			env.DB.prepare(
				"INSERT INTO chat_sessions (id, org_id, site_id, visitor_id, erased_at) VALUES ('gone', 'org_chadis', 'site_chadis', 'v', '2026-08-20')",
			),
			env.DB.prepare(
				"INSERT INTO chat_sessions (id, org_id, site_id, visitor_id) VALUES ('astray', 'org_chadis', ?1, 'v')",
			).bind(PANNU.siteId),
		]);
		for (const id of ["gone", "astray"])
			expect(await statusOf(`/portal/conversations/${id}`, { as: admin(CHADIS) })).toBe(404);
		expect(await readsInLog()).toEqual([]);
	});
});

describe("without its row nothing is shown", () => {
	beforeEach(async () => {
		await env.DB.prepare(
			"CREATE TRIGGER refuse_reads BEFORE INSERT ON audit_log WHEN NEW.hour IS NOT NULL BEGIN SELECT RAISE(ABORT, 'full'); END",
		).run();
		return () =>
			env.DB.prepare("DROP TRIGGER refuse_reads")
				.run()
				.then(() => undefined);
	});

	it.each<[string, Call]>([
		[TRANSCRIPT, { as: member(CHADIS) }],
		["/portal/leads", { as: admin(CHADIS) }],
		["/portal/billing?orgId=org_chadis", { as: STAFF }],
		["/portal/engines", { as: { ...member(CHADIS), impersonated: true } }],
		["/portal/config?orgId=org_chadis", { as: STAFF, method: "PATCH", body: {} }],
	])("%s", async (path, call) => {
		const answer = await portal.call(path, call);
		expect({ status: answer.status, body: withoutRequestId(answer) }).toEqual({
			status: 503,
			body: refusal("unavailable", "The database is not answering; please try again in a moment."),
		});
	});

	it("but what leaves none is", async () => {
		expect(await statusOf("/portal/insights", { as: member(CHADIS) })).toBe(200);
	});
});

describe("a change that changes nothing, and shows all there is", () => {
	it.each([
		["/portal/config", "config.read", "org_chadis"],
		["/portal/engines/site_chadis", "engine.read", "site_chadis"],
	])("of %s is a read of staff's, and none of its own admin's", async (path, action, target) => {
		const patch = { method: "PATCH", body: {} };
		expect(await portal.call(path, { ...patch, as: admin(CHADIS) })).toMatchObject({ status: 200, roundTrips: 1 });
		expect(await readsInLog()).toEqual([]);
		const answer = await portal.call(`${path}?orgId=org_chadis`, { ...patch, as: STAFF });
		expect(answer).toMatchObject({ status: 200, roundTrips: 2 });
		expect(await readsInLog()).toMatchObject([{ action, target, acting_as: "staff", reads: 1 }]);
	});
});
