import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { createPortal, NOW } from "../../test/portal.ts";
import type { Portal } from "../../test/portal.ts";
import { CHADIS, STAFF, member, seedTwins } from "../../test/seed.ts";

let portal: Portal;

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seedTwins(env.DB);
	await env.DB.prepare("INSERT INTO orgs (id, name, slug) VALUES ('org_new', 'New', 'new')").run();
});

async function read(path: string, as = member(CHADIS)) {
	const { status, body, roundTrips } = await portal.call(path, { as });
	return { status, body, roundTrips };
}

describe("GET /portal/engines", () => {
	it("lists every engine of the org, the oldest first, with its own numbers", async () => {
		const engines = [
			{
				id: "site_chadis",
				name: "First alpha",
				type: "chatbot",
				status: "active",
				environment: "live",
				site_key: "sk_chadis_live_abc123",
				allowed_origins: null,
				origins_open: true,
				last_active_at: "2026-08-20T11:30:00.000Z",
				sessions_30d: 24,
				messages_30d: 12,
			},
			{
				id: "site_alpha_voice",
				name: "Second alpha",
				type: "voice",
				status: "paused",
				environment: "live",
				site_key: "sk_alpha_live_voice1",
				allowed_origins: ["https://alpha.example"],
				origins_open: false,
				last_active_at: "2026-08-20T09:00:00.000Z",
				sessions_30d: 160,
				messages_30d: 8,
			},
			{
				id: "site_alpha_test",
				name: "Third alpha",
				type: "chatbot",
				status: "active",
				environment: "test",
				site_key: "sk_alpha_test_abc123",
				allowed_origins: [],
				origins_open: false,
				last_active_at: "2026-08-20T11:59:00.000Z",
				sessions_30d: 320,
				messages_30d: 640,
			},
		];
		expect(await read("/portal/engines")).toEqual({ status: 200, body: { engines }, roundTrips: 1 });
	});

	it("lists nothing for an org without engines", async () => {
		expect(await read("/portal/engines?orgId=org_new", STAFF)).toEqual({
			status: 200,
			body: { engines: [] },
			roundTrips: 1,
		});
	});

	it("says that an engine was never active", async () => {
		await env.DB.prepare(
			"INSERT INTO portal_sites (id, org_id, site_key, name) VALUES ('site_new', 'org_new', 'sk_new_live_xxx', 'Main')",
		).run();
		const { body } = await read("/portal/engines?orgId=org_new", STAFF);
		expect(body).toMatchObject({
			engines: [{ id: "site_new", last_active_at: null, sessions_30d: 0, messages_30d: 0, origins_open: true }],
		});
	});
});

describe("GET /portal/workflows", () => {
	it("lists the org's workflows by name, with the runs of the last 30 days", async () => {
		const workflows = [
			{
				id: "wf_alpha_a",
				name: "Follow-up alpha",
				description: "Writes to leads of alpha",
				status: "active",
				trigger: "lead",
				last_run_at: "2026-08-20T09:00:00.000Z",
				last_run_status: "running",
				runs_30d: 4,
				success_rate_30d: 0.6667,
			},
			{
				id: "wf_alpha_b",
				name: "Weekly alpha",
				description: "",
				status: "draft",
				trigger: "manual",
				last_run_at: null,
				last_run_status: null,
				runs_30d: 0,
				success_rate_30d: null,
			},
		];
		expect(await read("/portal/workflows")).toEqual({ status: 200, body: { workflows }, roundTrips: 1 });
	});

	it("lists nothing for an org without workflows", async () => {
		expect(await read("/portal/workflows?orgId=org_new", STAFF)).toEqual({
			status: 200,
			body: { workflows: [] },
			roundTrips: 1,
		});
	});
});
