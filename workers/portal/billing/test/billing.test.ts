import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { resetBilling } from "./billing-client.ts";
import { createPortal, NOW } from "../../test/portal.ts";
import type { Portal } from "../../test/portal.ts";
import { CHADIS, PANNU, STAFF, admin, member, seedTwins } from "../../test/seed.ts";

let portal: Portal;

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seedTwins(env.DB);
});

beforeEach(() => resetBilling());

const RESETS_AT = "2026-09-01T00:00:00.000Z";
const CHATBOT = { id: "chatbot", name: "Chatbot", monthly_messages: 50_000, monthly_voice_characters: 200_000 };
const VOICE = { id: "voice", name: "Voice", monthly_messages: 50_000, monthly_voice_characters: 1_000_000 };
const ENTERPRISE = { id: "enterprise", name: "Enterprise", monthly_messages: null, monthly_voice_characters: null };
const PLANS = [
	{ ...CHATBOT, available: true },
	{ ...VOICE, available: true },
	{ ...ENTERPRISE, available: false },
];
const BILLING = {
	plan: CHATBOT,
	status: "active",
	current_period_end: null,
	cancel_at: null,
	can_checkout: false,
	can_manage: false,
	plans: PLANS,
	usage: {
		messages: { used: 21, limit: 50_000, resets_at: RESETS_AT },
		voice_characters: { used: 34, limit: 200_000, resets_at: RESETS_AT },
	},
};
const SUBSCRIBED = {
	plan: "voice",
	stripe_customer_id: "cus_secret",
	stripe_subscription_id: "sub_secret",
	current_period_end: "2026-09-15T00:00:00.000Z",
	cancel_at: "2026-09-15T00:00:00.000Z",
};

async function read(as = member(CHADIS), query = "") {
	const { status, body, roundTrips } = await portal.call(`/portal/billing${query}`, { as });
	return { status, body, roundTrips };
}

describe("GET /portal/billing", () => {
	it("tells a member of plan, plans and usage in one round trip", async () => {
		expect(await read()).toEqual({ status: 200, body: BILLING, roundTrips: 1 });
	});

	it("tells the limits of a plan that has some", async () => {
		const usage = {
			messages: { used: 210_000, limit: 50_000, resets_at: RESETS_AT },
			voice_characters: { used: 340_000, limit: 200_000, resets_at: RESETS_AT },
		};
		expect(await read(member(PANNU))).toEqual({
			status: 200,
			body: { ...BILLING, usage },
			roundTrips: 1,
		});
	});

	it("tells of a plan without limits, which nobody can buy", async () => {
		await resetBilling({ plan: "enterprise", stripe_customer_id: "cus_1" });
		const usage = {
			messages: { ...BILLING.usage.messages, limit: null },
			voice_characters: { ...BILLING.usage.voice_characters, limit: null },
		};
		expect((await read(admin(CHADIS))).body).toEqual({ ...BILLING, plan: ENTERPRISE, can_manage: true, usage });
	});

	it("tells what a subscription pays for, and nobody Stripe's ids", async () => {
		await resetBilling(SUBSCRIBED);
		for (const [as, rights] of [
			[member(CHADIS), {}],
			[admin(CHADIS), { can_manage: true }],
			[STAFF, { status_locked: false }],
		] as const) {
			const { status, body, text } = await portal.call(`/portal/billing?orgId=${CHADIS.id}`, { as });
			expect({ status, body }).toEqual({
				status: 200,
				body: {
					...BILLING,
					plan: VOICE,
					current_period_end: SUBSCRIBED.current_period_end,
					cancel_at: SUBSCRIBED.cancel_at,
					usage: {
						messages: BILLING.usage.messages,
						voice_characters: { ...BILLING.usage.voice_characters, limit: 1_000_000 },
					},
					...rights,
				},
			});
			expect(text).not.toMatch(/cus_|sub_|_monthly"/);
		}
	});

	it.each<[string, Record<string, string | number>, boolean, boolean]>([
		["that has bought nothing yet", {}, true, false],
		["that came to a checkout and left", { stripe_customer_id: "cus_1" }, true, true],
		["that pays", SUBSCRIBED, false, true],
		["that is behind with its payments", { ...SUBSCRIBED, status: "past_due" }, false, true],
		["whose subscription is unpaid or paused", { ...SUBSCRIBED, status: "inactive" }, false, true],
		["whose subscription has ended", { ...SUBSCRIBED, status: "churned" }, true, true],
		[
			"that staff keep going though its subscription has ended",
			{ ...SUBSCRIBED, stripe_status: "canceled" },
			true,
			true,
		],
		["of which staff decide", { status_locked: 1 }, false, false],
		["on a plan that is not sold", { plan: "enterprise" }, false, false],
		["on a plan that is not sold, which paid for another", { ...SUBSCRIBED, plan: "enterprise" }, false, true],
		["whose customer was deleted", { ...SUBSCRIBED, status: "churned", stripe_status: "deleted" }, true, false],
		["that staff keep going though its customer was deleted", { ...SUBSCRIBED, stripe_status: "deleted" }, true, false],
		[
			"on a plan that is not sold, whose customer was deleted",
			{ ...SUBSCRIBED, plan: "enterprise", stripe_status: "deleted" },
			false,
			false,
		],
		["that pays and of which staff decide", { ...SUBSCRIBED, status_locked: 1 }, false, true],
	])("tells the admin of an org %s what the billing desk will do", async (_name, columns, canCheckout, canManage) => {
		await resetBilling(columns);
		expect((await read(admin(CHADIS))).body).toMatchObject({ can_checkout: canCheckout, can_manage: canManage });
		for (const as of [member(CHADIS), { ...admin(CHADIS), impersonated: true }, { ...admin(CHADIS), staff: true }]) {
			expect((await read(as)).body).toMatchObject({ can_checkout: false, can_manage: false });
		}
	});

	it("tells staff, and only them, that staff decide", async () => {
		await resetBilling({ status_locked: 1, status: "past_due" });
		expect(await read(STAFF, `?orgId=${CHADIS.id}`)).toEqual({
			status: 200,
			body: { ...BILLING, status: "past_due", status_locked: true },
			roundTrips: 1,
		});
		expect((await read(admin(CHADIS))).body).not.toHaveProperty("status_locked");
	});

	it("does without Stripe's key", async () => {
		const { status } = await portal.call("/portal/billing", {
			as: member(CHADIS),
			env: { STRIPE_SECRET_KEY: undefined, PORTAL_URL: undefined },
		});
		expect(status).toBe(200);
	});
});
