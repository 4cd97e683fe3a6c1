import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { readsInLog } from "../../audit/test/audit-client.ts";
import { MINUTE, count, runOften } from "../../housekeeping/test/retention-seed.ts";
import { createPortal, NOW } from "../../test/portal.ts";
import type { Portal } from "../../test/portal.ts";
import { CHADIS, PANNU, admin, member, seedTwins } from "../../test/seed.ts";

let portal: Portal;

interface LeadRow {
	id: string;
	visitor?: string;
	email?: string;
	message?: string;
	org?: "org_chadis" | "org_pannu_dental";
}

/** A conversation of a visitor with a word in it and, where there is one, the lead that was left in it. */
async function leave({
	id,
	visitor,
	email = `${id}@x.example`,
	message = "",
	org = "org_chadis",
}: LeadRow): Promise<void> {
	const site = org === "org_chadis" ? "site_chadis" : "site_pannu";
	const [siteId] = (
		await env.DB.prepare("SELECT id FROM portal_sites WHERE org_id = ?1 ORDER BY id").bind(org).all<{ id: string }>()
	).results;
	const statements = [
		env.DB.prepare(
			"INSERT INTO leads (id, org_id, site_id, session_id, email, message, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, '2026-08-19T10:00:00.000Z')",
		).bind(id, org, siteId?.id ?? site, visitor === undefined ? null : `s-${id}`, email, message),
	];
	if (visitor !== undefined)
		statements.unshift(
			env.DB.prepare(
				"INSERT INTO chat_sessions (id, org_id, site_id, visitor_id, started_at, last_message_at) VALUES (?1, ?2, ?3, ?4, '2026-08-19T10:00:00.000Z', '2026-08-19T10:00:00.000Z')",
			).bind(`s-${id}`, org, siteId?.id ?? site, visitor),
			env.DB.prepare(
				"INSERT INTO chat_messages (id, org_id, session_id, role, content) VALUES (?1, ?2, ?3, 'user', 'quibblefrost')",
			).bind(`m-${id}`, org, `s-${id}`),
		);
	await env.DB.batch(statements);
}

beforeEach(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seedTwins(env.DB);
});

async function erasures(body: unknown, as = admin(CHADIS)): Promise<{ status: number; body: Record<string, unknown> }> {
	const { status, text } = await portal.call("/portal/erasures", { method: "POST", as, body });
	return { status, body: JSON.parse(text) };
}

const ofVisitor = (visitor: string) => count(`chat_sessions WHERE visitor_id = '${visitor}'`);

describe("POST /portal/erasures", () => {
	it("tells what there is of an address, in any case, and erases nothing until it is confirmed", async () => {
		await leave({ id: "l1", visitor: "ann", email: "Ann@Roe.example" });
		await leave({ id: "l2", visitor: "ann" });
		const { status, body } = await erasures({ email: "ann@roe.EXAMPLE" });
		expect(status).toBe(200);
		expect(body).toEqual({
			visitors: [{ visitor: expect.stringMatching(/^[0-9a-f]{16}$/), conversations: 2, leads: 2 }],
			leads_alone: 0,
			erased: false,
		});
		expect(await ofVisitor("ann")).toBe(2);
		expect(await readsInLog("org_chadis")).toMatchObject([{ action: "person.read", target: "org_chadis" }]);
	});

	it("finds and erases a person in one request: every conversation of each visitor, and leads that are alone", async () => {
		const email = "ann@roe.example";
		await leave({ id: "l1", visitor: "ann", email });
		await leave({ id: "l2", visitor: "ann" });
		await leave({ id: "l3", visitor: "ann-at-work", email });
		await leave({ id: "l4", email });
		await leave({ id: "l5", visitor: "bob" });
		await leave({ id: "l6", visitor: "ann", email, org: "org_pannu_dental" });
		const { status, body } = await erasures({ email, confirm: true });
		expect(status).toBe(200);
		expect(body).toMatchObject({
			visitors: [
				{ conversations: 2, leads: 2 },
				{ conversations: 1, leads: 1 },
			],
			leads_alone: 1,
			erased: true,
		});
		expect(await count("chat_sessions WHERE org_id = 'org_chadis' AND visitor_id LIKE 'ann%'")).toBe(0);
		expect(await count("visitors WHERE org_id = 'org_chadis' AND visitor_id LIKE 'ann%'")).toBe(0);
		expect(await count("leads WHERE org_id = 'org_chadis' AND id IN ('l1', 'l2', 'l3', 'l4')")).toBe(0);
		expect(await count("leads WHERE id IN ('l5', 'l6')")).toBe(2);
		expect(await count("chat_messages WHERE content = 'quibblefrost'")).toBe(2);
		expect(await count("erasures WHERE org_id = 'org_chadis' AND kind = 'visitor'")).toBe(2);
		expect(await count("erasures WHERE org_id = 'org_chadis' AND kind = 'lead'")).toBe(1);
		expect(await count("audit_log WHERE org_id = 'org_chadis' AND action IN ('visitor.delete', 'lead.delete')")).toBe(
			3,
		);
		expect((await erasures({ email, confirm: true })).status).toBe(404);
		expect((await erasures({ email }, admin(PANNU))).body).toMatchObject({ visitors: [{ leads: 1 }] });
	});

	it.each([
		["512-555-0147", "call (512) 555-0147 please", true],
		["+1 512 555 0147", "5125550147", true],
		["5125550147", "５１２-５５５-０１４７", true],
		["(512) 555 0147", "call +1.512.555.0147", true],
		["555-0147", "my number is 555 0147", true],
		["555-0147", "call 512-555-0147", false],
		["512-555-0147", "call 512-555-0148", false],
		["512-555-0147", "order 95125550147123", false],
	])("finds the telephone %s in a lead that says %s: %s", async (phone, message, isFound) => {
		await leave({ id: "l1", visitor: "ann", message });
		const { status } = await erasures({ phone, confirm: true });
		expect([status, await ofVisitor("ann")]).toEqual(isFound ? [200, 0] : [404, 1]);
	});

	it("looks through all leads for a telephone, however many there are", async () => {
		await leave({ id: "l1", visitor: "ann", message: "512-555-0147" });
		await env.DB.prepare(`
			WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n LIMIT 1200)
			INSERT INTO leads (id, org_id, site_id, email, message, created_at)
			SELECT 'many' || n, 'org_chadis', 'site_chadis', 'a@b.example', '737-555-0' || n, '2026-08-01T00:00:00.000Z' FROM n
		`).run();
		expect((await erasures({ phone: "512-555-0147", confirm: true })).status).toBe(200);
		expect(await ofVisitor("ann")).toBe(0);
		expect(await count("leads WHERE id LIKE 'many%'")).toBe(1200);
	});

	it("takes the name that readers are shown, as DELETE /portal/visitors does", async () => {
		await leave({ id: "l1", visitor: "ann" });
		await env.DB.prepare("UPDATE visitors SET visitor = '00000000000000aa' WHERE visitor_id = 'ann'").run();
		expect((await erasures({ visitor: "00000000000000aa", confirm: true })).body).toMatchObject({ erased: true });
		expect(await ofVisitor("ann")).toBe(0);
	});

	it("refuses an address that many people left, and erases none of them", async () => {
		for (let n = 0; n < 21; n++) await leave({ id: `l${n}`, visitor: `v${n}`, email: "desk@school.example" });
		const { status, body } = await erasures({ email: "desk@school.example", confirm: true });
		expect([status, body["error"]]).toMatchObject([409, { code: "conflict" }]);
		expect(await count("leads WHERE email = 'desk@school.example'")).toBe(21);
	});

	it("leaves what is much to the runs of every five minutes", async () => {
		await leave({ id: "l1", visitor: "ann", email: "ann@roe.example" });
		await env.DB.prepare(`
			WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n LIMIT 400)
			INSERT INTO chat_sessions (id, org_id, site_id, visitor_id, started_at, last_message_at)
			SELECT 'x' || n, 'org_chadis', 'site_chadis', 'ann', '2026-08-19T10:00:00.000Z', '2026-08-19T10:00:00.000Z' FROM n
		`).run();
		expect((await erasures({ email: "ann@roe.example", confirm: true })).status).toBe(200);
		expect(await ofVisitor("ann")).toBeGreaterThan(0);
		for (let run = 1; run <= 2; run++) await runOften(env.DB, NOW + run * MINUTE);
		expect(await ofVisitor("ann")).toBe(0);
	});

	it.each([
		[{}, "visitor"],
		[{ email: "a@b.example", phone: "512-555-0147" }, "visitor"],
		[{ phone: "12345" }, "phone"],
		[{ email: "a@b.example", confirm: "yes" }, "confirm"],
		[{ email: "a@b.example", name: "Ann" }, "name"],
	])("refuses %j", async (body, field) => {
		const answer = await erasures(body);
		expect([answer.status, answer.body["error"]]).toMatchObject([422, { fields: [{ field }] }]);
	});

	it("is not for members", async () => {
		expect((await erasures({ email: "a@b.example" }, member(CHADIS))).status).toBe(403);
	});
});
