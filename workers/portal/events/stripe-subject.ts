import { isObject } from "../../lib/http/json.ts";
import { HANDLED_EVENTS } from "./handled-events.ts";
import type { StripeEvent } from "./stripe-event.ts";

/** Whose state an event is about. What the event says of that state is not used: deliveries repeat, fail and overtake each other. */
export interface BillingSubject {
	/** cus_… */
	customerId: string;
	/** The org that the object names by metadata of ours, if it does and does not contradict itself. */
	namedOrgId: string | undefined;
	/** The customer is gone for good: there is nothing left to read. */
	isDeleted: boolean;
}

type SubjectOf = (object: Record<string, unknown>) => BillingSubject | undefined;

const ofCheckout: SubjectOf = (object) =>
	object.mode === "subscription" ? subject(object.customer, checkoutOrgId(object)) : undefined;
const ofSubscription: SubjectOf = (object) => subject(object.customer, metadataOrgId(object));
const ofInvoice: SubjectOf = (object) => subject(object.customer, undefined);

const SUBJECTS: Readonly<Record<(typeof HANDLED_EVENTS)[number], SubjectOf>> = {
	"checkout.session.completed": ofCheckout,
	"checkout.session.async_payment_succeeded": ofCheckout,
	"customer.subscription.created": ofSubscription,
	"customer.subscription.updated": ofSubscription,
	"customer.subscription.deleted": ofSubscription,
	"customer.subscription.paused": ofSubscription,
	"customer.subscription.resumed": ofSubscription,
	"customer.deleted": (object) => subject(object.id, undefined, true),
	"invoice.paid": ofInvoice,
	"invoice.payment_failed": ofInvoice,
	"invoice.payment_action_required": ofInvoice,
	"invoice.marked_uncollectible": ofInvoice,
};

/** Whose state has to be read again after this event; undefined when it is about nothing of ours. */
export function billingSubject({ type, object }: StripeEvent): BillingSubject | undefined {
	const handled = HANDLED_EVENTS.find((one) => one === type);
	return handled === undefined ? undefined : SUBJECTS[handled](object);
}

function subject(customer: unknown, namedOrgId: string | undefined, isDeleted = false): BillingSubject | undefined {
	const id = isObject(customer) ? customer.id : customer;
	if (!isCustomerId(id)) return undefined;
	return { customerId: id, namedOrgId, isDeleted };
}

/** Whether a value is the id of a Stripe customer. */
export function isCustomerId(value: unknown): value is string {
	return typeof value === "string" && /^cus_\w{1,250}$/.test(value);
}

/** Anybody can set `client_reference_id` in the link of a public payment page, so it counts only beside our own metadata. */
function checkoutOrgId(session: Record<string, unknown>): string | undefined {
	const orgId = metadataOrgId(session);
	return session.client_reference_id === orgId ? orgId : undefined;
}

function metadataOrgId(object: Record<string, unknown>): string | undefined {
	const orgId = isObject(object.metadata) ? object.metadata.org_id : undefined;
	return typeof orgId === "string" && /^[\w-]{1,64}$/.test(orgId) ? orgId : undefined;
}
