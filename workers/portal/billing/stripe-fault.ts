import Stripe from "stripe";
import { ApiError, notConfigured, retryLater } from "../../lib/http/errors.ts";

const RETRY_AFTER_SECONDS = 30;
/** Statuses below 500 that pass by themselves: a slow request, a twin under way, a lock held elsewhere, too many requests. */
const PASSING_STATUSES: readonly number[] = [408, 409, 424, 425, 429];
/** Stripe's codes that pass by themselves under any status (docs.stripe.com/error-codes). */
const PASSING_CODES: readonly unknown[] = ["idempotency_key_in_use", "lock_timeout", "rate_limit"];
/** Stripe's code for an id that this key does not see: it never was, is gone, or is another account's or mode's. */
const RESOURCE_MISSING = "resource_missing";

/** The 503 of Stripe not answering as it should, which passes. `reason` is a fixed word for the log. */
export function billingUnavailable(reason: string): ApiError {
	return retryLater(
		"billing_unavailable",
		"The billing provider is not answering; please try again in a moment.",
		RETRY_AFTER_SECONDS,
		reason,
	);
}

/** The 502 of what Stripe refuses and would refuse again, so it names no time to come back. */
export class BillingRefused extends ApiError {
	/** Stripe does not know the object that was asked about. */
	readonly isMissing: boolean;

	constructor(message: string, reason: string, isMissing = false) {
		super("billing_refused", message, { reason });
		this.isMissing = isMissing;
	}
}

/** What a refused call keeps somebody from, by its step; the first part of the message. */
const KEPT_FROM: Record<string, string> = {
	"checkout.sessions.create": "This plan cannot be bought with your billing account as both are set up",
	"billing_portal.sessions.create": "The billing page is not set up at the billing provider",
	"customers.create": "A billing account cannot be opened",
};

/**
 * What a failed call of Stripe is to our caller. A wrong or powerless key is the operator's to mend, what Stripe refuses for any
 * other reason is for support, and the rest passes.
 * @param step which call it was, for the log
 * @param thrown by the SDK, whose own error holds headers, parameters and Stripe's text
 */
export function stripeFault(step: string, thrown: unknown): ApiError {
	if (!(thrown instanceof Stripe.errors.StripeError)) return billingUnavailable(`${step}: sdk_failed`);
	const reason = `${step}: ${detailOf(thrown)}`;
	if (isPassing(thrown)) return billingUnavailable(reason);
	if (thrown.statusCode === 401 || thrown.statusCode === 403) return notConfigured("STRIPE_SECRET_KEY", reason);
	const isMissing = thrown.code === RESOURCE_MISSING;
	const what = isMissing ? "Your billing account is unknown to the billing provider" : KEPT_FROM[step];
	return new BillingRefused(refusalText(what ?? "The billing provider refuses this request"), reason, isMissing);
}

/** The message of a `BillingRefused`: what is kept from whom, and who can mend it. */
export function refusalText(what: string): string {
	return `${what}; trying again will not help, so please contact Koby's support.`;
}

/** Without a status nobody answered; a status beside 4xx is a fault of Stripe's or of what stands in its place. */
function isPassing({ statusCode, code, headers }: Stripe.errors.StripeError): boolean {
	if (statusCode === undefined || statusCode < 400 || statusCode >= 500) return true;
	if (PASSING_STATUSES.includes(statusCode) || PASSING_CODES.includes(code)) return true;
	return headers?.["stripe-should-retry"] === "true";
}

/**
 * What Stripe's own log finds a refusal by: the kind of error, then its code, parameter and request id as far as they have the
 * form of one. Its texts quote what was sent, so none is kept.
 */
function detailOf({ type, code, param, requestId }: Stripe.errors.StripeError): string {
	const parts = [
		named("code", code, /^[a-z][a-z0-9_]{0,63}$/),
		named("param", param, /^[a-z][\w[\].]{0,99}$/i),
		named("request", requestId, /^req_\w{1,64}$/),
	];
	return [type, ...parts.filter((part) => part !== undefined)].join(" ");
}

function named(name: string, value: unknown, form: RegExp): string | undefined {
	return typeof value === "string" && form.test(value) ? `${name}=${value}` : undefined;
}
