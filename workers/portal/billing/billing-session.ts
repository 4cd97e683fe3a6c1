import type { Caller } from "../auth/clerk-claims.ts";
import { batch } from "../../lib/d1/batch.ts";
import { ApiError } from "../../lib/http/errors.ts";
import { invalidFields, unknownFields } from "../../lib/http/fields.ts";
import { parseJsonObject } from "../../lib/http/body.ts";
import { isoInstant } from "../../lib/time.ts";
import { actorOf, auditStatement } from "../audit/statement.ts";
import type { OrgTarget } from "../auth/access.ts";
import { readBillingAccount } from "./billing-account.ts";
import type { Plan } from "./billing-account.ts";
import { returnUrls } from "./return-urls.ts";
import {
	currentCustomer,
	findPrice,
	isDeleted,
	openCheckout,
	openCustomerPortal,
	readCustomer,
} from "./stripe-billing.ts";
import { stripeClient } from "./stripe-client.ts";
import { billingUnavailable } from "./stripe-fault.ts";
import { CUSTOMER_DELETED } from "../events/stripe-state.ts";
import type { StripeApiSettings } from "./stripe-client.ts";
import { json } from "../../lib/http/json.ts";
import { textColumnOrNull } from "../../lib/d1/row.ts";

export interface BillingSettings extends StripeApiSettings {
	/** PORTAL_URL, the dashboard's base URL. */
	portalUrl: string | undefined;
}

/**
 * `POST /portal/billing/checkout`: the address of a checkout page for a plan (`kind` checkout), or of the customer portal
 * (`kind` portal) for an org that has a subscription, which can be changed there. Two round trips to D1: one before Stripe
 * is asked, one that links the customer and leaves the audit row before there is any page.
 * @throws {ApiError} invalid_json, invalid_request, not_configured, billing_refused, billing_unavailable, and as `readForOrg`
 * @throws {ApiError} conflict: the org's plan is arranged with staff, or the one that is asked for is
 */
export async function postCheckout(
	db: D1Database,
	target: OrgTarget,
	body: Uint8Array,
	settings: BillingSettings,
	now: number,
): Promise<Response> {
	const { caller, org, customerId, isArranged, plans } = await readBillingAccount(db, target, now);
	const { id: planId, lookupKey } = parsePlan(parseJsonObject(body), plans);
	if (isArranged)
		throw new ApiError("conflict", "Your plan is arranged with Koby directly; please contact support to change it.");
	if (lookupKey === null)
		throw new ApiError("conflict", "This plan is arranged with Koby directly; please contact support to get it.");
	const { environment } = settings;
	const { billing: returnUrl, success, cancel } = returnUrls(settings.portalUrl, environment);
	const client = stripeClient(settings);
	const found = await currentCustomer(client, org.id, customerId);
	const linkedId = await recordCheckout(db, {
		orgId: org.id,
		caller,
		planId,
		knownId: customerId,
		customerId: found.id,
		now,
	});
	const customer = linkedId === found.id ? found : await readCustomer(client, linkedId);
	if (customer.isSubscribed) {
		const visit = { customerId: customer.id, returnUrl, environment };
		return json({ url: await openCustomerPortal(client, visit), kind: "portal" });
	}
	const priceId = await findPrice(client, lookupKey);
	const purchase = {
		orgId: org.id,
		planId,
		priceId,
		customerId: customer.id,
		successUrl: success,
		cancelUrl: cancel,
		environment,
	};
	return json({ url: await openCheckout(client, purchase, now), kind: "checkout" });
}

/** The plan that is asked for, which need not be one that Stripe sells. */
function parsePlan(body: Record<string, unknown>, plans: Plan[]): Plan {
	const faults = unknownFields(body, ["plan"], "a checkout");
	const wanted = Object.hasOwn(body, "plan") ? body.plan : undefined;
	const plan = plans.find(({ id }) => id === wanted);
	if (plan === undefined) {
		const sold = plans.flatMap(({ id, lookupKey }) => (lookupKey === null ? [] : [id]));
		faults.push({ field: "plan", message: `must be one of ${sold.join(", ")}` });
	}
	if (plan === undefined || faults.length > 0) throw invalidFields(faults);
	return plan;
}

interface CheckoutRecord {
	orgId: string;
	caller: Caller;
	planId: string;
	/** The org's customer when it was read. */
	knownId: string | null;
	/** The customer that it shall have. */
	customerId: string;
	now: number; // epoch ms
}

/**
 * Makes the customer the org's unless it has got another one meanwhile, and leaves the audit row. A subscription that ended with
 * the customer before is then one that ended.
 * @returns the customer that the org has now
 */
async function recordCheckout(
	db: D1Database,
	{ orgId, caller, planId, knownId, customerId, now }: CheckoutRecord,
): Promise<string> {
	const at = isoInstant(now);
	const isUnlinked = "stripe_customer_id IS ?2 AND ?2 IS NOT ?3";
	const isOrg = "id = ?1 AND erasure_id IS NULL";
	const fields = { sql: `CASE WHEN ${isUnlinked} THEN '["stripe_customer_id"]' ELSE '[]' END` };
	const [, , after] = await batch(db, [
		auditStatement(
			db,
			{ orgId, at, by: actorOf(caller), action: "billing.checkout", target: planId, fields },
			{ sql: `FROM orgs WHERE ${isOrg}`, parameters: [orgId, knownId, customerId] },
		),
		db
			.prepare(`
				UPDATE orgs
				SET stripe_customer_id = ?3, stripe_status = iif(stripe_status = '${CUSTOMER_DELETED}', 'canceled', stripe_status),
					updated_at = ?4
				WHERE ${isOrg} AND ${isUnlinked}
			`)
			.bind(orgId, knownId, customerId, at),
		db.prepare(`SELECT stripe_customer_id FROM orgs WHERE ${isOrg}`).bind(orgId),
	]);
	const row = after?.[0];
	const linkedId = row === undefined ? null : textColumnOrNull(row, "stripe_customer_id");
	if (linkedId === null) throw billingUnavailable("customer_unlinked");
	return linkedId;
}

/**
 * `POST /portal/billing/portal`: the address of the customer portal. Two round trips to D1: the read, and the audit row
 * before there is any page.
 * @throws {ApiError} invalid_json, invalid_request, conflict, not_configured, billing_refused, billing_unavailable, and as
 * `readForOrg`
 */
export async function postCustomerPortal(
	db: D1Database,
	target: OrgTarget,
	body: Uint8Array,
	settings: BillingSettings,
	now: number,
): Promise<Response> {
	const { caller, org, customerId, isDeleted: isKnownAsDeleted } = await readBillingAccount(db, target, now);
	const faults = body.byteLength === 0 ? [] : unknownFields(parseJsonObject(body), [], "this request");
	if (faults.length > 0) throw invalidFields(faults);
	if (customerId === null || isKnownAsDeleted) throw noCustomer();
	const { environment } = settings;
	const { billing: returnUrl } = returnUrls(settings.portalUrl, environment);
	const client = stripeClient(settings);
	if (await isDeleted(client, customerId)) throw noCustomer();
	const entry = { orgId: org.id, at: isoInstant(now), by: actorOf(caller), target: org.id };
	await batch(db, [auditStatement(db, { ...entry, action: "billing.portal" })]);
	return json({ url: await openCustomerPortal(client, { customerId, returnUrl, environment }), kind: "portal" });
}

function noCustomer(): ApiError {
	return new ApiError("conflict", "There is no billing account yet; choose a plan first.");
}
