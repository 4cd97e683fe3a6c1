import { SECOND_MS } from "../../../lib/time.ts";
import { event, signStripeEvent } from "../../../local/stand-ins/stripe/stripe-events.ts";
import type { Host } from "../host/start.ts";
import type { Dice } from "../parts/random.ts";
import type { Finding } from "../parts/trial.ts";
import { WORKERS } from "../soak/client.ts";
import { numberOf } from "./scenario.ts";
import type { Scenario } from "./scenario.ts";

const ORG = "org_pannu_dental";
const CUSTOMER = "cus_kill";
const EVENTS = 40;
/** Within this time all events are sent, ms. */
const SPREAD_MS = 400;

interface Sent {
	id: string;
	event: object;
	isTaken: boolean;
}

const sent: Sent[] = [];
/** Of the round under way. */
let state: { status: string; lookupKey: string } = { status: "active", lookupKey: "chatbot_monthly" };
let statesBefore = 0;

function subscription(): Record<string, unknown> {
	return { id: "sub_kill", customer: CUSTOMER, status: state.status, metadata: { org_id: ORG } };
}

/** What Stripe holds: its memory ends with the host, as the real one's does not. */
async function tellStripe(host: Host): Promise<void> {
	await host.standIns("/stripe/state", {
		credential: host.stripeKey,
		subscriptions: [{ ...subscription(), lookup_key: state.lookupKey }],
	});
}

async function deliver(host: Host, one: Sent): Promise<number> {
	const body = JSON.stringify(one.event);
	const signature = await signStripeEvent(body, host.webhookSecret, Math.floor(Date.now() / SECOND_MS));
	const headers = { "Content-Type": "application/json", "Stripe-Signature": signature };
	const response = await fetch(`${host.urls[WORKERS.portal]}/webhooks/stripe`, { method: "POST", headers, body });
	await response.arrayBuffer();
	if (response.status === 200) one.isTaken = true;
	return response.status;
}

async function prepare(host: Host, round: number): Promise<void> {
	state = {
		status: round % 2 === 0 ? "past_due" : "active",
		lookupKey: round % 2 === 0 ? "voice_monthly" : "chatbot_monthly",
	};
	statesBefore = await numberOf(
		host,
		`SELECT COUNT(*) FROM audit_log WHERE org_id = '${ORG}' AND action = 'billing.sync'`,
	);
	await tellStripe(host);
}

async function work(host: Host, dice: Dice): Promise<void> {
	const deliveries = Array.from({ length: EVENTS }, async () => {
		await new Promise((resolve) => setTimeout(resolve, dice.below(SPREAD_MS)));
		const moment = { livemode: false, now: Math.floor(Date.now() / SECOND_MS) };
		const change = event("customer.subscription.updated", { object: "subscription", ...subscription() }, moment);
		const one = { id: String(change.id), event: change, isTaken: false };
		sent.push(one);
		await deliver(host, one);
	});
	await Promise.allSettled(deliveries);
}

async function check(host: Host): Promise<Finding[]> {
	const stored = new Set((await host.sql("SELECT id FROM stripe_events")).map(({ id }) => String(id)));
	const forgotten = sent.filter(({ id, isTaken }) => isTaken && !stored.has(id));
	await tellStripe(host);
	const statuses: number[] = [];
	for (const one of sent) statuses.push(await deliver(host, one));
	const [org = {}] = await host.sql(`SELECT plan, status FROM orgs WHERE id = '${ORG}'`);
	const states = await numberOf(
		host,
		`SELECT COUNT(*) FROM audit_log WHERE org_id = '${ORG}' AND action = 'billing.sync'`,
	);
	return [
		{ promise: "events answered 200 before the kill and not kept", expected: 0, found: forgotten.length },
		{
			promise: "events answered 200 when sent again",
			expected: sent.length,
			found: statuses.filter((status) => status === 200).length,
		},
		{
			promise: "events kept, once each",
			expected: sent.length,
			found: await numberOf(host, "SELECT COUNT(*) FROM stripe_events"),
		},
		{
			promise: "plan and status",
			expected: `${state.lookupKey.replace("_monthly", "")} ${state.status}`,
			found: `${String(org.plan)} ${String(org.status)}`,
		},
		{ promise: "changes of the org in the audit log in this round", expected: 1, found: states - statesBefore },
	];
}

/** Deliveries of Stripe's, each of which changes its customer once. */
export const webhooks: Scenario = { name: "Stripe's webhooks", spanMs: 450, prepare, work, check };
