import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { callsOf } from "../../../local/stand-ins/control.ts";
import { createPortal, NOW } from "../../test/portal.ts";
import type { Portal } from "../../test/portal.ts";
import { CHADIS, STAFF, admin, seedTwins } from "../../test/seed.ts";

let portal: Portal;

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seedTwins(env.DB);
});

const FROM_DATABASE = {
	members: [
		{
			user_id: "user_alpha1",
			name: "Ada alpha",
			email: "ada@alpha.example",
			role: "admin",
			image_url: "https://img.alpha.example/1",
			joined_at: "2026-01-01T00:00:00.000Z",
		},
		{
			user_id: "user_alpha2",
			name: null,
			email: null,
			role: "member",
			image_url: null,
			joined_at: "2026-02-02T00:00:00.000Z",
		},
	],
	total: 2,
	source: "database",
};

describe("GET /portal/team from the database", () => {
	it("lists the members, the oldest first, while no Clerk key is set", async () => {
		for (const key of [undefined, "", " \n"]) {
			const { status, body, roundTrips } = await portal.call("/portal/team", {
				as: admin(CHADIS),
				env: { CLERK_SECRET_KEY: key },
			});
			expect({ status, body, roundTrips }).toEqual({ status: 200, body: FROM_DATABASE, roundTrips: 1 });
		}
	});

	it("lists the members of an org that is not tied to Clerk", async () => {
		await env.DB.prepare("UPDATE orgs SET clerk_org_id = NULL WHERE id = 'org_chadis'").run();
		const secretKey = `sk_test_${crypto.randomUUID().replaceAll("-", "")}`;
		const { status, body, roundTrips } = await portal.call("/portal/team?orgId=org_chadis", {
			as: STAFF,
			env: { CLERK_SECRET_KEY: secretKey },
		});
		expect({ status, body, roundTrips }).toEqual({ status: 200, body: FROM_DATABASE, roundTrips: 1 });
		expect(await callsOf(secretKey)).toEqual([]);
	});
});
