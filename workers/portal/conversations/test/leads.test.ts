import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { createPortal, FORBIDDEN, NOW, refusal, withoutRequestId } from "../../test/portal.ts";
import type { Portal } from "../../test/portal.ts";
import { CHADIS, PANNU, STAFF, admin, member, seedTwins } from "../../test/seed.ts";

let portal: Portal;

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seedTwins(env.DB);
	await env.DB.prepare(
		"INSERT INTO leads (id, org_id, site_id, email) VALUES ('crossed', 'org_chadis', 'site_pannu_dental', 'x@example.com')",
	).run();
});

const LEADS = [
	{
		id: "lead-alpha-b",
		engine_id: "site_chadis",
		engine_name: "First alpha",
		session_id: "session-alpha-5",
		visitor: "a000000000000005",
		name: "Lee alpha",
		email: "visitor@alpha.example",
		message: "Please call",
		created_at: "2026-08-20T11:06:00.000Z",
		consent_version: null,
	},
	{
		id: "lead-alpha-a",
		engine_id: "site_alpha_test",
		engine_name: "Third alpha",
		session_id: null,
		visitor: null,
		name: null,
		email: "visitor@alpha.example",
		message: null,
		created_at: "2026-08-20T11:06:00.000Z",
		consent_version: null,
	},
	{
		id: "lead-alpha-c",
		engine_id: "site_chadis",
		engine_name: "First alpha",
		session_id: "session-alpha-0",
		visitor: "a000000000000000",
		name: null,
		email: "visitor@alpha.example",
		message: null,
		created_at: "2026-08-19T11:06:00.000Z",
		consent_version: null,
	},
];

describe("GET /portal/leads", () => {
	it("lists the org's leads, the newest first, in one round trip", async () => {
		const { status, body, roundTrips } = await portal.call("/portal/leads", { as: admin(CHADIS) });
		expect({ status, roundTrips }).toEqual({ status: 200, roundTrips: 1 });
		expect(body).toEqual({ leads: LEADS, next_cursor: null });
	});

	it("gives every lead once, a page at a time", async () => {
		const first = await portal.call("/portal/leads?limit=1", { as: admin(CHADIS) });
		expect(first.body).toEqual({ leads: LEADS.slice(0, 1), next_cursor: expect.stringMatching(/^[\w-]+$/) });
		const cursor = JSON.parse(first.text).next_cursor;
		const second = await portal.call(`/portal/leads?limit=2&cursor=${cursor}`, { as: admin(CHADIS) });
		expect(second.body).toEqual({ leads: LEADS.slice(1), next_cursor: null });
		const theirs = await portal.call(`/portal/leads?cursor=${cursor}`, { as: admin(PANNU) });
		expect(theirs.text).not.toContain("alpha");
	});

	it("shows the version of the text that its visitor had agreed to", async () => {
		const lead = "UPDATE leads SET consent_version = ?1 WHERE id = 'lead-alpha-b'";
		await env.DB.prepare(lead).bind("0123456789abcdef").run();
		const { body } = await portal.call("/portal/leads?limit=1", { as: admin(CHADIS) });
		expect(body).toMatchObject({ leads: [{ ...LEADS[0], consent_version: "0123456789abcdef" }] });
		await env.DB.prepare(lead).bind(null).run();
	});

	it("is for admins and staff", async () => {
		const refused = await portal.call("/portal/leads", { as: member(CHADIS) });
		expect(refused.status).toBe(403);
		expect(withoutRequestId(refused)).toEqual(FORBIDDEN.notAdmin);
		expect((await portal.call(`/portal/leads?orgId=${CHADIS.id}`, { as: STAFF })).body).toEqual({
			leads: LEADS,
			next_cursor: null,
		});
	});

	it("names every parameter that is out of bounds", async () => {
		const answer = await portal.call("/portal/leads?limit=1000000&cursor=forged", { as: admin(CHADIS) });
		expect({ status: answer.status, roundTrips: answer.roundTrips }).toEqual({ status: 422, roundTrips: 0 });
		expect(withoutRequestId(answer)).toEqual(
			refusal("invalid_request", "Please correct: limit, cursor.", [
				{ field: "limit", message: "must be 1 to 100" },
				{ field: "cursor", message: "must be the next_cursor of a page" },
			]),
		);
	});
});
