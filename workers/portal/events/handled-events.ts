/** The types of event by which an org's billing is read again. Stripe's endpoint must send them all; what else it sends is received and left. */
export const HANDLED_EVENTS = [
	"checkout.session.completed",
	"checkout.session.async_payment_succeeded",
	"customer.subscription.created",
	"customer.subscription.updated",
	"customer.subscription.deleted",
	"customer.subscription.paused",
	"customer.subscription.resumed",
	"customer.deleted",
	"invoice.paid",
	"invoice.payment_failed",
	"invoice.payment_action_required",
	"invoice.marked_uncollectible",
] as const;

/** The version of Stripe's API that events are read by. */
export const EVENTS_API_VERSION = "2026-10-28.endive";
