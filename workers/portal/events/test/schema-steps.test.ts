import { env } from "cloudflare:workers";
import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import { SCHEMA_VERSION } from "../../../lib/d1/schema-version.ts";
import { resetDatabase } from "../../../lib/test/database.ts";
import {
	LAST_VERSION,
	NEXT_VERSION,
	OUTDATED,
	SCHEMA_LINE,
	inAnHour,
	schemaLines,
	stepBack,
	stepForward,
} from "../../../lib/test/schema-steps.ts";
import { linkCustomer as linkForRoutes } from "../../billing/test/billing-client.ts";
import { NOW, createPortal } from "../../test/portal.ts";
import { ROUTES, STRIPE_SECRET_KEY, prepareRoute } from "../../test/routes.ts";
import type { Route } from "../../test/routes.ts";
import { CHADIS, admin, member, seedTwins } from "../../test/seed.ts";
import { ORG, RECEIVED, billingOf, deliver, linkCustomer, subscribed, subscriptionEvent } from "./stripe-fixture.ts";

const portal = await createPortal();

beforeEach(async () => {
	await resetDatabase(env.DB);
	await linkCustomer();
});
afterAll(() => resetDatabase(env.DB));

const health = () => inAnHour(() => portal.call("/health", { env: { DB: env.DB } }));

async function ask(route: Route): Promise<number> {
	await prepareRoute(env.DB, route);
	const as = route.forOwnAdmins === true ? admin(CHADIS) : { ...admin(CHADIS), staff: true };
	return (await portal.call(route.path, { ...route.call, as })).status;
}

describe("on a database one migration ahead, the portal", () => {
	it("is healthy and says both versions", async () => {
		await stepForward(env.DB);
		expect(await health()).toMatchObject({
			status: 200,
			body: { status: "ok", schema: { expected: SCHEMA_VERSION, found: NEXT_VERSION } },
		});
	});

	it("answers on every route", async () => {
		vi.useFakeTimers({ toFake: ["Date"], now: NOW });
		await seedTwins(env.DB);
		await linkForRoutes(STRIPE_SECRET_KEY);
		await stepForward(env.DB);
		for (const route of ROUTES) expect(await ask(route), route.name).toBe(route.status ?? 200);
		vi.useRealTimers();
	});

	it("does what Stripe tells", async () => {
		await stepForward(env.DB);
		const { settings } = await subscribed();
		expect(await deliver(settings, subscriptionEvent())).toEqual(RECEIVED);
		expect(await billingOf(ORG)).toMatchObject({ plan: "voice", status: "past_due" });
	});
});

describe("on a database one migration behind, the portal", () => {
	it("is not healthy and says both versions", async () => {
		await stepBack(env.DB, "turns");
		expect(await health()).toMatchObject({
			status: 503,
			body: { status: "failed", schema: { expected: SCHEMA_VERSION, found: LAST_VERSION } },
		});
	});

	it("refuses a read with both versions and one line in the log", async () => {
		await stepBack(env.DB, "metrics_daily");
		const lines = await schemaLines(async () => {
			const { status, body } = await inAnHour(() =>
				portal.call("/portal/overview", { as: { ...member(CHADIS), now: Date.now() } }),
			);
			expect({ status, body }).toMatchObject({ status: 503, body: { error: OUTDATED } });
		});
		expect(lines).toEqual([expect.objectContaining(SCHEMA_LINE)]);
	});

	it("acknowledges no webhook whose effect it cannot write: Stripe is told to come again, and nothing is written", async () => {
		const { settings } = await subscribed();
		const before = await billingOf(ORG);
		await stepBack(env.DB, "stripe_events");
		const lines = await schemaLines(async () => {
			expect(await deliver(settings, subscriptionEvent())).toMatchObject({ status: 503, body: { error: OUTDATED } });
		});
		expect(lines).toEqual([expect.objectContaining(SCHEMA_LINE)]);
		expect(await billingOf(ORG)).toEqual(before);
		await resetDatabase(env.DB);
		await linkCustomer();
		expect(await deliver(settings, subscriptionEvent())).toEqual(RECEIVED);
		expect(await billingOf(ORG)).toMatchObject({ plan: "voice", status: "past_due" });
	});
});
