import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { bad, faulty } from "../../test/bad-body.ts";
import { createPortal, NOW, refusal } from "../../test/portal.ts";
import type { Portal } from "../../test/portal.ts";
import { CHADIS, seedTwins } from "../../test/seed.ts";
import { askStaff, change, create, logOf } from "./staff-client.ts";

let portal: Portal;
let id: unknown;

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
});
beforeEach(async () => {
	await seedTwins(env.DB);
	id = (await create(portal, { name: "Acme" })).client["id"];
	await env.DB.prepare("DELETE FROM audit_log").run();
});

const subscribe = (status: string) =>
	env.DB.prepare("UPDATE orgs SET stripe_subscription_id = 'sub_1', stripe_status = ?2 WHERE id = ?1")
		.bind(id, status)
		.run();

const CANCEL = "Cancel the client's subscription at Stripe first, and wait until it has ended: it would go on paying.";
const STRIPES =
	"Plan and status follow the client's subscription: change that at Stripe, or send status_locked true as well, and Stripe decides neither.";
const staff = { user_id: "user_staff", acting_as: "staff" };

describe("PATCH /portal/clients/{id}", () => {
	it("changes all that is named and nothing else, in two round trips, with its row in the log", async () => {
		const patch = {
			...{ name: "Acme Ltd", slug: "acme-ltd", plan: "voice", status: "trialing", clerk_org_id: "org_2acme" },
			...{ client_share_percent: 100, daily_budget_usd_micros: 7_000_000, monthly_price_usd_micros: 250_000_000 },
			status_locked: true,
		};
		const { status, client, engines, roundTrips } = await change(portal, id, patch);
		expect({ status, roundTrips }).toEqual({ status: 200, roundTrips: 2 });
		expect(client).toMatchObject({ id, ...patch });
		expect(engines.map(({ status: engine }) => engine)).toEqual(["active", "active"]);
		const fields = [
			...["name", "slug", "plan", "status", "status_locked", "clerk_org_id", "client_share_percent"],
			...["daily_budget_usd_micros", "monthly_price_usd_micros"],
		];
		expect(await logOf(id)).toEqual([
			{ ...staff, action: "client.update", target: id, fields: JSON.stringify(fields) },
		]);
		const back = { clerk_org_id: null, daily_budget_usd_micros: null, monthly_price_usd_micros: null };
		expect((await change(portal, id, back)).client).toMatchObject({
			...{ clerk_org_id: null, daily_budget_usd_micros: 30_000_000, monthly_price_usd_micros: null, slug: "acme-ltd" },
		});
	});

	it("shows without a change, which leaves a read, and so does GET", async () => {
		const read = { ...staff, action: "client.read", target: id, fields: "[]" };
		const shown = await change(portal, id, {});
		expect(await askStaff(portal, `/portal/clients/${String(id)}`)).toEqual({ ...shown, roundTrips: 1 });
		expect(await logOf(id)).toEqual([read]);
		expect((await change(portal, id, { slug: "acme", plan: "chatbot" })).status).toBe(200);
		expect(await logOf(id)).toEqual([read]);
	});

	it("ends a client's service and pauses its engines, and takes up the first but not the second", async () => {
		const over = await change(portal, id, { status: "churned", status_locked: true });
		expect(over.client).toMatchObject({ status: "churned", status_locked: true });
		expect(over.engines.map(({ status }) => status)).toEqual(["paused", "paused"]);
		expect(over.body).toMatchObject({ embed: null, next_steps: [] });
		const again = await change(portal, id, { status: "active" });
		expect(again.engines.map(({ status }) => status)).toEqual(["paused", "paused"]);
		expect(again.body["next_steps"]).toContainEqual({ step: "resume_engines", message: expect.any(String) });
		const others = "SELECT COUNT(*) AS n FROM portal_sites WHERE org_id = 'org_chadis' AND status = 'active'";
		expect(await env.DB.prepare(others).first("n")).toBe(2);
	});

	it("pauses what was resumed of a client whose service has ended", async () => {
		await change(portal, id, { status: "churned" });
		await env.DB.prepare("UPDATE portal_sites SET status = 'active' WHERE org_id = ?1").bind(id).run();
		const { engines } = await change(portal, id, { status: "churned" });
		expect(engines.map(({ status }) => status)).toEqual(["paused", "paused"]);
	});
});

describe("a client with a subscription", () => {
	it.each(["active", "trialing", "past_due", "unpaid", "paused", "new_to_us"])(
		"that is %s keeps the plan and status that Stripe decides, unless staff say that they do",
		async (status) => {
			await subscribe(status);
			for (const patch of [{ plan: "voice" }, { status: "inactive" }, { plan: "enterprise", status_locked: false }]) {
				const { body } = await change(portal, id, patch);
				expect(body).toEqual(refusal("subscription_live", STRIPES));
			}
			expect((await change(portal, id, { plan: "chatbot", name: "Acme 2" })).client).toMatchObject({ name: "Acme 2" });
			expect((await change(portal, id, { plan: "voice", status_locked: true })).client).toMatchObject({
				...{ plan: "voice", status_locked: true },
			});
			expect((await change(portal, id, { status: "inactive" })).client).toMatchObject({ status: "inactive" });
		},
	);

	it("goes on being served while it is charged, whoever decides", async () => {
		await subscribe("active");
		for (const patch of [{ status: "churned" }, { status: "churned", status_locked: true }]) {
			const { body } = await change(portal, id, patch);
			expect(body).toEqual(refusal("subscription_live", CANCEL));
		}
		expect(await logOf(id)).toEqual([]);
		const { engines } = await change(portal, id, {});
		expect(engines.map(({ status }) => status)).toEqual(["active", "active"]);
	});

	it("that has ended is staff's again", async () => {
		await subscribe("canceled");
		expect((await change(portal, id, { plan: "voice", status: "churned" })).client).toMatchObject({
			...{ plan: "voice", status: "churned" },
		});
	});

	it("on a plan that is not sold is staff's", async () => {
		await env.DB.prepare("UPDATE orgs SET plan = 'enterprise' WHERE id = ?1").bind(id).run();
		await subscribe("active");
		expect((await change(portal, id, { plan: "chatbot" })).client).toMatchObject({ plan: "chatbot" });
	});
});

describe("PATCH /portal/clients/{id} refuses", () => {
	const conflict = (what: string) =>
		refusal("conflict", `Another client has the ${what}; look for it by GET /portal/clients?q=, or send another.`);

	it("another client's slug and Clerk organization, and takes the client's own", async () => {
		await change(portal, id, { clerk_org_id: "org_2acme" });
		await env.DB.prepare("DELETE FROM audit_log").run();
		expect((await change(portal, id, { slug: "chadis", name: "X" })).body).toEqual(conflict("slug chadis"));
		await env.DB.prepare("INSERT INTO orgs (id, name, slug) VALUES ('org_alpha1', 'A', 'alpha-1')").run();
		for (const taken of [CHADIS.clerkId, "org_alpha1"])
			expect((await change(portal, id, { clerk_org_id: taken })).body).toEqual(conflict(`clerk_org_id ${taken}`));
		expect((await change(portal, id, { slug: "acme", clerk_org_id: "org_2acme" })).status).toBe(200);
		expect((await change(portal, id, {})).client).toMatchObject({ name: "Acme", slug: "acme" });
		expect(await logOf(id)).toMatchObject([{ action: "client.read" }]);
	});

	it("one of two who take the same slug at once", async () => {
		const other = (await create(portal, { name: "Other" })).client["id"];
		const answers = await Promise.all([id, other].map((one) => change(portal, one, { slug: "wanted" })));
		expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
	});

	it("clients that are not there, or are being erased, with the same words", async () => {
		const gone = refusal("org_not_found", "There is no organization with this id; GET /portal/clients lists them.");
		await env.DB.prepare("UPDATE orgs SET erasure_id = 'x' WHERE id = ?1").bind(id).run();
		for (const other of ["org_nobody", "acme", id]) {
			for (const patch of [{}, { name: "X" }, { slug: "chadis" }, { status: "churned" }]) {
				const { status, body } = await change(portal, other, patch);
				expect({ status, body }).toEqual({ status: 404, body: gone });
			}
			expect((await askStaff(portal, `/portal/clients/${String(other)}`)).body).toEqual(gone);
		}
	});

	it.each([
		...bad("name", "must be text", ["null", "1"]),
		...bad("slug", "must be 1 to 60 lower-case letters and digits, with single hyphens between them", [
			"null",
			'"A b"',
		]),
		...bad("plan", "must be one of chatbot, voice, enterprise", ["null", '"x"']),
		...bad("status", "must be one of trialing, active, past_due, inactive, churned", ["null", "0"]),
		...bad("status_locked", "must be true or false", ["null", "0"]),
		...bad("client_share_percent", "must be a whole number of percent from 1 to 100", ["null", "0", "1e3"]),
		...bad("monthly_price_usd_micros", "must be a whole number of micro-USD from 0 to 1000000000000", ["-1", '"5"']),
		...bad("id", "is not a field of a client", ['"org_mine"']),
		...bad("erasure_id", "is not a field of a client", ["null"]),
		...bad("stripe_customer_id", "is not a field of a client", ['"cus_1"']),
		...bad("__proto__", "is not a field of a client", ["{}"]),
	])("%s", async (body, ...faults) => {
		const answer = await change(portal, id, body);
		expect({ status: answer.status, body: answer.body }).toEqual({ status: 422, body: faulty(faults) });
		expect(answer.roundTrips).toBe(0);
	});
});
