import { env } from "cloudflare:workers";
import { callsOf, setStripeState } from "../../../local/stand-ins/control.ts";
import type { Call as VendorCall } from "../../../local/stand-ins/wire.ts";
import { withoutRequestId } from "../../test/portal.ts";
import type { Answer, Call, Portal } from "../../test/portal.ts";
import { CHADIS, admin } from "../../test/seed.ts";

interface BillingAnswer {
	status: number;
	/** Its request id replaced. */
	body: unknown;
	roundTrips: number;
	retryAfter: string | null;
	cacheControl: string | null;
}

/** CHADIS's admin at the billing desk, or whoever `call` says, with a Stripe account of its own. */
export interface BillingClient {
	/** STRIPE_SECRET_KEY. */
	key: string;
	checkout(body?: unknown, call?: Call, query?: string): Promise<BillingAnswer>;
	manage(call?: Call, query?: string): Promise<BillingAnswer>;
	/** What Stripe was asked, oldest first. */
	asked(): Promise<Asked[]>;
}

interface Asked {
	step: string;
	idempotencyKey: string | undefined;
	form: unknown;
}

function shown(answer: Answer): BillingAnswer {
	const { status, headers, roundTrips } = answer;
	return {
		status,
		body: withoutRequestId(answer),
		roundTrips,
		retryAfter: headers.get("Retry-After"),
		cacheControl: headers.get("Cache-Control"),
	};
}

function askedOf({ method, path, headers, body }: VendorCall): Asked {
	return { step: `${method} ${decodeURIComponent(path)}`, idempotencyKey: headers["idempotency-key"], form: body };
}

export function billingClient(portal: Portal): BillingClient {
	const key = `sk_test_${crypto.randomUUID()}`;
	const send = async (path: string, call: Call) =>
		shown(
			await portal.call(path, {
				method: "POST",
				as: admin(CHADIS),
				...call,
				env: { STRIPE_SECRET_KEY: key, ...call.env },
			}),
		);
	return {
		key,
		checkout: (body = { plan: "chatbot" }, call = {}, query = "") =>
			send(`/portal/billing/checkout${query}`, { body, ...call }),
		manage: (call = {}, query = "") => send(`/portal/billing/portal${query}`, call),
		asked: async () => (await callsOf(key)).map(askedOf),
	};
}

/** CHADIS as if it had never come to a checkout, or as the columns say. */
export async function resetBilling(columns: Record<string, string | number | null> = {}): Promise<void> {
	const all = {
		plan: "chatbot",
		status: "active",
		status_locked: 0,
		stripe_customer_id: null,
		stripe_subscription_id: null,
		stripe_status: null,
		current_period_end: null,
		cancel_at: null,
		...columns,
	};
	const assignments = Object.keys(all).map((column, index) => `${column} = ?${index + 1}`);
	await env.DB.batch([
		env.DB.prepare(`UPDATE orgs SET ${assignments.join(", ")} WHERE id = 'org_chadis'`).bind(...Object.values(all)),
		env.DB.prepare("DELETE FROM audit_log"),
	]);
}

/** Gives CHADIS a customer, cus_known, that this account has with these subscriptions. */
export async function linkCustomer(key: string, ...subscriptions: Record<string, unknown>[]): Promise<void> {
	await resetBilling({ stripe_customer_id: "cus_known" });
	const seeds = subscriptions.map((seed, index) => ({
		id: `sub_${index + 1}`,
		customer: "cus_known",
		created: 1_780_000_000 - index,
		...seed,
	}));
	await setStripeState(key, { customers: [{ id: "cus_known" }], subscriptions: seeds });
}

export async function customerOf(orgId: string = CHADIS.id): Promise<unknown> {
	return env.DB.prepare("SELECT stripe_customer_id FROM orgs WHERE id = ?1").bind(orgId).first("stripe_customer_id");
}
