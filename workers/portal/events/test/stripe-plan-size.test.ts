import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { resetDatabase } from "../../../lib/test/database.ts";
import { callsOf, setStripeState } from "../../../local/stand-ins/control.ts";
import { UUID } from "../../test/portal.ts";
import {
	NOW,
	NOW_SECONDS,
	ORG,
	RECEIVED,
	billingOf,
	deliver,
	linkCustomer,
	stripeEvent,
	stripeHolds,
	subscriptionEvent,
	testSettings,
} from "./stripe-fixture.ts";

const DAY = 86_400;
const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();

/** Four plans for sale that differ in one limit or another, smallest first; `consulting` is a price of somebody else's. */
const PRICES = ["tiny_monthly", "chatbot_monthly", "voice_monthly", "boundless_monthly"];
const PLAN_OF = new Map([
	["tiny_monthly", "tiny"],
	["chatbot_monthly", "chatbot"],
	["voice_monthly", "voice"],
	["boundless_monthly", "boundless"],
]);

beforeEach(async () => {
	await resetDatabase(env.DB);
	await linkCustomer();
	await env.DB.batch(
		["('tiny', 'Tiny', 10, NULL, 'tiny_monthly')", "('boundless', 'Boundless', NULL, 5, 'boundless_monthly')"].map(
			(values) =>
				env.DB.prepare(
					`INSERT INTO plans (id, name, monthly_messages, monthly_voice_characters, stripe_lookup_key) VALUES ${values}`,
				),
		),
	);
});

afterEach(() => vi.restoreAllMocks());

interface Seed {
	id: string;
	status: string;
	lookup_keys: string[];
	created: number;
	cancel_at?: number;
}

async function holding(...seeds: Seed[]) {
	const settings = testSettings();
	const prices = [...PRICES, "consulting"].map((key) => ({ id: `price_${key}`, lookup_key: key }));
	await setStripeState(settings.secretKey ?? "", { prices });
	await stripeHolds(settings, ...seeds.map((seed) => ({ ...seed })));
	return settings;
}

function permutations<T>(list: T[]): T[][] {
	if (list.length < 2) return [list];
	return list.flatMap((first, index) =>
		permutations(list.filter((_, other) => other !== index)).map((rest) => [first, ...rest]),
	);
}

/** What must come out, told without the code's own order: the largest of what is paid for, else of what is stopped. */
function expected(seeds: Seed[]): { plan: string | undefined; winners: Seed[] } {
	const largest = (of: string[]): { plan: string | undefined; winners: Seed[] } => {
		const able = seeds.filter(({ status }) => of.includes(status));
		const keys = able.flatMap(({ lookup_keys }) => lookup_keys);
		const key = PRICES.findLast((one) => keys.includes(one));
		const winners = key === undefined ? able : able.filter(({ lookup_keys }) => lookup_keys.includes(key));
		return { plan: key === undefined ? undefined : PLAN_OF.get(key), winners };
	};
	const paid = largest(["active", "trialing", "past_due"]);
	return paid.winners.length > 0 ? paid : largest(["unpaid", "paused"]);
}

const STATUS_OF: Record<string, string> = { unpaid: "inactive", paused: "inactive" };
const SETS: Omit<Seed, "id" | "created">[][] = [
	[
		{ status: "active", lookup_keys: ["chatbot_monthly"] },
		{ status: "active", lookup_keys: ["voice_monthly"] },
	],
	[
		{ status: "active", lookup_keys: ["tiny_monthly", "consulting"] },
		{ status: "past_due", lookup_keys: ["chatbot_monthly", "voice_monthly"] },
		{ status: "trialing", lookup_keys: ["consulting"] },
	],
	[
		{ status: "trialing", lookup_keys: ["boundless_monthly"], cancel_at: NOW_SECONDS + DAY },
		{ status: "active", lookup_keys: ["voice_monthly", "voice_monthly", "tiny_monthly"] },
		{ status: "unpaid", lookup_keys: ["boundless_monthly"] },
	],
	[
		{ status: "paused", lookup_keys: ["boundless_monthly"] },
		{ status: "canceled", lookup_keys: ["boundless_monthly"] },
		{ status: "past_due", lookup_keys: ["tiny_monthly"] },
	],
	[
		{ status: "unpaid", lookup_keys: ["chatbot_monthly"] },
		{ status: "paused", lookup_keys: ["voice_monthly", "tiny_monthly"] },
		{ status: "incomplete", lookup_keys: ["boundless_monthly"] },
	],
];

let at = NOW;

/** Delivers an event about each, twice; gives the org after the last, and holds it after each against what must come out. */
async function deliverAll(seeds: Seed[]): Promise<unknown> {
	const settings = await holding(...seeds);
	const { plan, winners } = expected(seeds);
	let billing: Record<string, unknown> = {};
	for (const { id } of seeds) {
		const event = subscriptionEvent("updated", { id });
		for (let times = 0; times < 2; times++) {
			at += 1000;
			expect(await deliver(settings, event, at)).toEqual(RECEIVED);
		}
		billing = { ...Object(await billingOf()), synced_at: "" };
		const winner = winners.find((one) => one.id === billing.subscription);
		expect(billing).toMatchObject({
			plan,
			status: STATUS_OF[winner?.status ?? ""] ?? winner?.status,
			cancel_at: winner?.cancel_at === undefined ? null : iso(winner.cancel_at),
		});
	}
	return billing;
}

/** Every order of subscriptions, each with its items in both directions. All begin at one instant, so Stripe lists them in this order. */
function everyOrder(set: Omit<Seed, "id" | "created">[]): Seed[][] {
	const seeds = set.map((seed, place) => ({ ...seed, id: `sub_${place}`, created: NOW_SECONDS - 1000 }));
	const turned = seeds.map((seed) => ({ ...seed, lookup_keys: seed.lookup_keys.toReversed() }));
	return [...permutations(seeds), ...permutations(turned)];
}

describe("of several prices of ours the largest plan wins", () => {
	it.each(SETS.map((set, index) => [index, set] as const))(
		"whatever the order of subscriptions, items and events (set %i)",
		async (_index, set) => {
			const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
			const outcomes = new Set<string>();
			for (const seeds of everyOrder(set)) outcomes.add(JSON.stringify(await deliverAll(seeds)));
			expect(outcomes.size).toBe(1);
			expect(warn.mock.calls.join()).not.toMatch(/Tiny|Voice|monthly/);
		},
		60_000,
	);

	it("with the end of the period of its own item, and the end of its own subscription", async () => {
		const item = (id: string, lookup_key: string, days: number) => ({
			id,
			price: { id: `price_${lookup_key}`, lookup_key },
			current_period_end: NOW_SECONDS + days * DAY,
		});
		const settings = testSettings();
		const small = [item("si_s1", "chatbot_monthly", 90), item("si_s2", "tiny_monthly", 80)];
		const large = [
			item("si_l1", "tiny_monthly", 70),
			item("si_l2", "voice_monthly", 20),
			item("si_l3", "consulting", 60),
		];
		await stripeHolds(
			settings,
			{ status: "active", items: { object: "list", data: small }, cancel_at: NOW_SECONDS + 5 * DAY },
			{ status: "active", items: { object: "list", data: large }, cancel_at_period_end: true },
		);
		expect(await deliver(settings, subscriptionEvent())).toEqual(RECEIVED);
		const ends = iso(NOW_SECONDS + 20 * DAY);
		expect(await billingOf()).toMatchObject({
			plan: "voice",
			subscription: "sub_2",
			period_end: ends,
			cancel_at: ends,
		});
	});

	it("of two that are equal it is the one that goes on", async () => {
		for (const ending of [0, 1]) {
			const settings = await holding(
				...[0, 1].map((place) => ({
					id: `sub_${place}`,
					status: "active",
					lookup_keys: ["voice_monthly"],
					created: NOW_SECONDS - 1000 + place,
					...(place === ending ? { cancel_at: NOW_SECONDS + DAY } : {}),
				})),
			);
			expect(await deliver(settings, subscriptionEvent(), NOW + ending)).toEqual(RECEIVED);
			expect(await billingOf()).toMatchObject({ subscription: `sub_${1 - ending}`, cancel_at: null });
		}
	});

	it("also where it stands behind the items and subscriptions that Stripe lists at once", async () => {
		const many = { status: "active", created: NOW_SECONDS - 5000 };
		const filler = Array.from({ length: 105 }, (_, n) => ({ ...many, id: `sub_f${n}`, lookup_keys: ["tiny_monthly"] }));
		const lookup_keys = [...Array.from({ length: 104 }, () => "tiny_monthly"), "boundless_monthly"];
		const settings = await holding(...filler, { ...many, id: "sub_last", created: NOW_SECONDS - 9000, lookup_keys });
		expect(await deliver(settings, subscriptionEvent())).toEqual(RECEIVED);
		expect(await billingOf()).toMatchObject({ plan: "boundless", subscription: "sub_last" });
		const paths = (await callsOf(settings.secretKey ?? "")).map(({ path }) => path.split("?")[0]);
		expect(paths).toEqual([
			...Array<string>(2).fill("/v1/subscriptions"),
			...Array<string>(2).fill("/v1/subscription_items"),
		]);
	});

	it("and the log names what is paid for, by ids alone", async () => {
		const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
		const paid = { created: NOW_SECONDS - 1000 };
		const settings = await holding(
			{ ...paid, id: "sub_a", status: "active", lookup_keys: ["tiny_monthly", "consulting"] },
			{ ...paid, id: "sub_b", status: "past_due", lookup_keys: ["voice_monthly"] },
			{ ...paid, id: "sub_c", status: "unpaid", lookup_keys: ["boundless_monthly"] },
		);
		const event = stripeEvent("invoice.paid", { id: "in_1", customer: "cus_pannu" });
		expect(await deliver(settings, event)).toEqual(RECEIVED);
		expect(warn.mock.calls.map(([line]): unknown => JSON.parse(String(line)))).toEqual([
			{
				level: "warn",
				event: "stripe_event",
				request_id: expect.stringMatching(UUID),
				event_id: event.id,
				type: "invoice.paid",
				org_id: ORG,
				outcome: "synced",
				note: "several_items",
				items: "si_b_1 si_a_1",
				secret_index: 0,
			},
		]);
	});
});

describe("an instant beyond belief", () => {
	it.each([
		["far ahead", NOW_SECONDS + 11 * 366 * DAY],
		["before there was Stripe", 7],
		["no number", "soon"],
		["no instant", 1e300],
		["a fraction", NOW_SECONDS + 0.5],
	])("(%s) is left out, and all else is read", async (_name, seconds) => {
		const settings = testSettings();
		const data = [{ id: "si_1", price: { id: "p", lookup_key: "voice_monthly" }, current_period_end: seconds }];
		await stripeHolds(settings, { status: "active", items: { object: "list", data }, cancel_at: seconds });
		expect(await deliver(settings, subscriptionEvent())).toEqual(RECEIVED);
		expect(await billingOf()).toMatchObject({ plan: "voice", status: "active", period_end: null, cancel_at: null });
	});
});
