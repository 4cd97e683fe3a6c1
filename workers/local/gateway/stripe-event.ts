import { ApiError } from "../../lib/http/errors.ts";
import { invalidFields } from "../../lib/http/fields.ts";
import { event } from "../stand-ins/stripe/stripe-events.ts";
import type { GatewayEnv } from "./env.ts";
import { command } from "./stand-ins.ts";

const DEFAULT_ORG = "org_pannu_dental";
const STATUSES = ["trialing", "active", "past_due", "unpaid", "paused", "canceled", "incomplete"];

/**
 * Makes the Stripe stand-in hold one subscription of an org and deliver the signed event of its change to the webhook.
 * @param query `org`: id in `orgs`; `status`: Stripe's status of the subscription
 * @returns the event's id and what the webhook answered
 * @throws {ApiError} not_found when Stripe is real or has no such org here; invalid_request
 */
export async function sendStripeEvent(query: URLSearchParams, env: GatewayEnv): Promise<Record<string, unknown>> {
	const { STRIPE_SECRET_KEY: credential, STRIPE_WEBHOOK_SECRET: secret } = env;
	if (credential === undefined || secret === undefined) {
		throw new ApiError(
			"not_found",
			"STRIPE_SECRET_KEY is set, so events come from Stripe: forward them with the Stripe CLI.",
		);
	}
	const status = query.get("status") ?? "active";
	if (!STATUSES.includes(status))
		throw invalidFields([{ field: "status", message: `must be one of ${STATUSES.join(", ")}` }]);
	const subscription = await subscriptionOf(query.get("org") ?? DEFAULT_ORG, status, env.DB);
	await command(env, "/control/stripe/state", {
		credential,
		subscriptions: [{ ...subscription, lookup_key: "chatbot_monthly" }],
	});
	const moment = { livemode: false, now: Math.floor(Date.now() / 1000) };
	const change = event("customer.subscription.updated", { object: "subscription", ...subscription }, moment);
	const url = `${env.STAND_IN_ORIGIN}/webhooks/stripe`;
	const { status: answered, body } = await command(env, "/control/stripe/send", { url, secret, event: change });
	return { event_id: change.id, webhook: { status: answered, body } };
}

async function subscriptionOf(orgId: string, status: string, db: D1Database): Promise<Record<string, unknown>> {
	const org = await db.prepare("SELECT id, stripe_customer_id FROM orgs WHERE id = ?1").bind(orgId).first();
	if (org === null) throw new ApiError("not_found", "There is no such org; SELECT id FROM orgs lists them.");
	const customer = org.stripe_customer_id ?? `cus_local_${orgId.replaceAll("-", "_")}`;
	return { id: `sub_local_${orgId}`, customer, status, metadata: { org_id: orgId } };
}
