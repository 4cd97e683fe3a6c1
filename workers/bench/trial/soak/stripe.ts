import { event, signStripeEvent } from "../../../local/stand-ins/stripe/stripe-events.ts";
import { SECOND_MS } from "../../../lib/time.ts";
import { ask } from "./client.ts";
import type { World } from "./world.ts";

/** Stripe delivers again for three days; the soak so often. */
const DELIVERIES = 8;

/** Changes a subscription at Stripe and delivers the event until it is taken, now and then once more. */
export async function changeSubscription(world: World): Promise<void> {
	const { dice, host, ledger } = world;
	const org = dice.pick(world.orgs);
	const subscription = {
		id: `sub_${org.id}`,
		customer: org.customerId,
		status: dice.pick(["active", "past_due", "trialing"]),
		metadata: { org_id: org.id },
	};
	await host.standIns("/stripe/state", {
		credential: host.stripeKey,
		subscriptions: [{ ...subscription, lookup_key: "voice_monthly" }],
	});
	const now = Math.floor(Date.now() / SECOND_MS);
	const change = event(
		"customer.subscription.updated",
		{ object: "subscription", ...subscription },
		{ livemode: false, now },
	);
	const id = String(change.id);
	for (let delivery = 0; delivery < DELIVERIES; delivery++) {
		const status = await deliver(world, change, host.webhookSecret);
		if (status !== 200) continue;
		ledger.events.set(id, (ledger.events.get(id) ?? 0) + 1);
		if (!dice.happens(0.2)) return;
	}
}

/** An event that somebody else signed. */
export function forgeEvent(world: World): Promise<number> {
	const now = Math.floor(Date.now() / SECOND_MS);
	return deliver(world, event("invoice.paid", { object: "invoice" }, { livemode: false, now }), "whsec_somebodyelses");
}

async function deliver(world: World, change: object, secret: string): Promise<number> {
	const body = JSON.stringify(change);
	const headers = { "Stripe-Signature": await signStripeEvent(body, secret, Math.floor(Date.now() / SECOND_MS)) };
	const seen = await ask(world, {
		action: "webhook",
		worker: "portal",
		path: "/webhooks/stripe",
		org: null,
		headers,
		body,
	});
	return seen.status;
}
