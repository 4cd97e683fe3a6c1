import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { bad, faulty } from "../../test/bad-body.ts";
import { createPortal, NOW, refusal, withoutRequestId } from "../../test/portal.ts";
import type { Portal } from "../../test/portal.ts";
import { CHADIS, STAFF, admin, member, seedTwins } from "../../test/seed.ts";
import { CHAT, LIVE_KEY, TEST_KEY, askStaff, logOf } from "./staff-client.ts";

let portal: Portal;

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
});
beforeEach(() => seedTwins(env.DB));

const add = (body: unknown, org = "org_chadis") =>
	askStaff(portal, `/portal/engines?orgId=${org}`, { method: "POST", body });
const count = () => env.DB.prepare("SELECT COUNT(*) AS n FROM portal_sites WHERE org_id = 'org_chadis'").first("n");

describe("POST /portal/engines makes", () => {
	it("a live engine and its twin for tests, with keys of the org's slug, and a row of each in its log", async () => {
		const { status, engines, roundTrips } = await add({ name: "Second", allowed_origins: ["https://a.example"] });
		expect({ status, roundTrips }).toEqual({ status: 201, roundTrips: 2 });
		const [live, test] = engines;
		const same = {
			...{ type: "chatbot", status: "active", allowed_origins: ["https://a.example"], origins_open: false },
			...{ last_active_at: null, sessions_30d: 0, messages_30d: 0 },
		};
		const embed = (key: unknown) => `<script src="${CHAT}widget.js" data-site-key="${String(key)}" async></script>`;
		expect(engines).toEqual([
			{
				...{ ...same, name: "Second", environment: "live", embed: embed(live?.["site_key"]) },
				...{ id: expect.stringMatching(/^site_chadis_[a-z0-9]{8}$/), site_key: expect.stringMatching(LIVE_KEY) },
			},
			{
				...{ ...same, name: "Second (test)", environment: "test", embed: embed(test?.["site_key"]) },
				...{ id: `${String(live?.["id"])}_test`, site_key: expect.stringMatching(TEST_KEY) },
			},
		]);
		const staff = { user_id: "user_staff", acting_as: "staff", action: "engine.create", fields: "[]" };
		expect(await logOf("org_chadis")).toEqual([
			{ ...staff, target: live?.["id"] },
			{ ...staff, target: test?.["id"] },
		]);
	});

	it("the live engine alone where no twin is wanted, for an org that Clerk's id names", async () => {
		const { engines } = await add({ name: "Second", type: "voice", with_test: false }, CHADIS.clerkId);
		expect(engines).toMatchObject([{ name: "Second", type: "voice", environment: "live", embed: null }]);
		expect(await count()).toBe(4);
	});

	it("a twin whose name has room for its mark", async () => {
		const { engines } = await add({ name: "🧸".repeat(200) });
		expect(engines.map(({ name }) => name)).toEqual(["🧸".repeat(200), `${"🧸".repeat(193)} (test)`]);
	});

	it("one pair of what is asked for several times at once", async () => {
		const answers = await Promise.all([1, 2, 3].map(() => add({ name: "Second" })));
		expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
		expect(await count()).toBe(5);
	});
});

describe("POST /portal/engines refuses", () => {
	it("a name that an engine has, unless that is archived or another org's", async () => {
		const message = "An engine of this organization is called First alpha; give the new one another name.";
		expect((await add({ name: "First alpha" })).body).toEqual(refusal("conflict", message));
		expect((await add({ name: "First beta" })).status).toBe(201);
		await env.DB.prepare("UPDATE portal_sites SET status = 'archived' WHERE id = 'site_chadis'").run();
		expect((await add({ name: "First alpha" })).status).toBe(201);
	});

	it("more engines than a list shows", async () => {
		await env.DB.prepare(`
			WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 195)
			INSERT INTO portal_sites (id, org_id, site_key, name) SELECT 'site_n' || n, 'org_chadis', 'sk_n' || n || '_live_abc', 'N' || n FROM n
		`).run();
		expect((await add({ name: "Last" })).status).toBe(201);
		const message = "An organization has at most 200 engines, archived ones included; use one that it has.";
		expect((await add({ name: "One too many" })).body).toEqual(refusal("conflict", message));
		expect(await count()).toBe(200);
	});

	it.each([
		["{}", ["name", "is required"]],
		...bad("name", "must be text", ["1"]),
		...[['{"name":"N","with_test":null}', ["with_test", "must be true or false"]]],
		[
			'{"name":"N","type":"x","site_key":"sk_a_live_abc","status":"paused"}',
			["site_key", "is not a field of an engine"],
			["status", "is not a field of an engine"],
			["type", "must be chatbot or voice"],
		],
		[
			'{"name":"N","allowed_origins":["http://localhost:3000"]}',
			[
				"allowed_origins",
				"must be null or a list of at most 50 origins such as https://www.example.com, without a path",
			],
		],
	] as [string, ...[string, string][]][])("%s", async (body, ...faults) => {
		const answer = await add(body);
		expect({ status: answer.status, body: answer.body }).toEqual({ status: 422, body: faulty(faults) });
		expect(await count()).toBe(3);
	});

	it("everybody but staff, and staff who name no org or none that there is", async () => {
		const call = { method: "POST", body: { name: "Second" } };
		const forbidden = refusal("forbidden", "This needs Koby's staff; please contact support.");
		for (const as of [member(CHADIS), admin(CHADIS), { ...STAFF, impersonated: true }, { userId: "user_x" }]) {
			const answer = await portal.call("/portal/engines?orgId=org_chadis", { ...call, as });
			expect({ status: answer.status, body: withoutRequestId(answer) }).toEqual({ status: 403, body: forbidden });
		}
		expect((await portal.call("/portal/engines", { ...call, as: STAFF })).status).toBe(422);
		expect((await portal.call("/portal/engines?orgId=org_nobody", { ...call, as: STAFF })).status).toBe(404);
		expect(await count()).toBe(3);
	});
});
