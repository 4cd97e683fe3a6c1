import { createPages } from "./pages/pages.ts";
import type { PageSettings } from "./pages/pages.ts";
import { sendStripeEvent } from "./stripe-events.ts";
import { failure, stripeError } from "./stripe-errors.ts";
import { metadataOf, parseForm, textOf } from "./stripe-form.ts";
import type { Form } from "./stripe-form.ts";
import { customer, STRIPE_API_VERSION } from "./stripe-objects.ts";
import type { Moment } from "./stripe-objects.ts";
import { read } from "./stripe-reads.ts";
import { createCheckout, createPortal, unknownParam } from "./stripe-sessions.ts";
import { momentOf, newAccount, seedAccount } from "./stripe-state.ts";
import type { Account } from "./stripe-state.ts";
import { bearerOf, isRefusedKey, jsonAnswer, randomId } from "../wire.ts";
import type { Answer, Incoming, Vendor } from "../wire.ts";

const FORM_TYPE = "application/x-www-form-urlencoded";
const CUSTOMER_PARAMS = [
	"address",
	"description",
	"email",
	"expand",
	"metadata",
	"name",
	"phone",
	"preferred_locales",
	"test_clock",
];

export interface StripeState {
	/** Adds or replaces `customers`, `subscriptions` and `prices` of an account; lays `checkouts` over those it has opened. */
	seed(secretKey: string, body: Record<string, unknown>): void;
	send(url: string, secret: string, event: unknown): Promise<{ status: number; body: string }>;
}

/**
 * Stripe: customers, subscriptions, prices, checkout and portal sessions; every secret key has its own account.
 * @param adoptsCustomers an account has every customer that it is asked about
 * @param pages where checkouts are paid and subscriptions cancelled by hand; without, nobody can
 */
export function createStripe(
	adoptsCustomers = false,
	pages?: PageSettings,
): { vendor: Vendor; pages: Vendor | undefined; state: StripeState } {
	const accounts = new Map<string, Account>();
	const accountOf = (secretKey: string): Account => {
		const account = accounts.get(secretKey) ?? newAccount(momentOf(secretKey));
		accounts.set(secretKey, account);
		return account;
	};
	const accountAsked = (call: Incoming): Account => {
		const account = accountOf(call.credential);
		if (adoptsCustomers) adoptCustomer(call, account);
		return account;
	};
	const vendor: Vendor = {
		name: "stripe",
		credential: bearerOf,
		failure,
		answer: (call) => withHeaders(call, refusedKey(call.credential) ?? routed(call, accountAsked(call), pages?.origin)),
	};
	const seed = (secretKey: string, body: Record<string, unknown>) =>
		seedAccount(accountOf(secretKey), body, momentOf(secretKey));
	return {
		vendor,
		pages: pages === undefined ? undefined : createPages(accounts, pages),
		state: { seed, send: sendStripeEvent },
	};
}

/** The customer that a call names, by path or parameter. */
function adoptCustomer({ url, text, credential }: Incoming, account: Account): void {
	const [id] = /\bcus_\w+/.exec(`${url.pathname}${url.search}&${text}`) ?? [];
	if (id !== undefined && !account.customers.has(id))
		seedAccount(account, { customers: [{ id }] }, momentOf(credential));
}

function refusedKey(key: string): Answer | undefined {
	if (key === "") {
		const message =
			"You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').";
		return stripeError(401, { type: "invalid_request_error", message });
	}
	return isRefusedKey(key) ? failure(401, {}) : undefined;
}

function withHeaders(call: Incoming, answer: Answer | undefined): Answer | undefined {
	if (answer === undefined) return undefined;
	const key = call.headers.get("idempotency-key");
	const headers: Record<string, string> = {
		"request-id": randomId("req_", 14),
		"stripe-version": STRIPE_API_VERSION,
		...answer.headers,
	};
	if (key !== null) headers["idempotency-key"] = key;
	return { ...answer, headers };
}

function routed(call: Incoming, account: Account, pageOrigin: string | undefined): Answer | undefined {
	const moment = { ...momentOf(call.credential), ...(pageOrigin === undefined ? {} : { pageOrigin }) };
	if (call.method === "GET") return read(call.url.pathname, parseForm(call.url.search.slice(1)), account);
	if (call.method !== "POST") return undefined;
	const create = creator(call.url.pathname);
	if (create === undefined) return undefined;
	if (call.text !== "" && !(call.headers.get("content-type") ?? "").startsWith(FORM_TYPE)) {
		return stripeError(400, {
			type: "invalid_request_error",
			message: `Invalid request: send the body as ${FORM_TYPE}.`,
		});
	}
	return once(call, account, () => create(parseForm(call.text), account, moment));
}

function creator(path: string): ((form: Form, account: Account, moment: Moment) => Answer) | undefined {
	switch (path) {
		case "/v1/customers":
			return createCustomer;
		case "/v1/checkout/sessions":
			return createCheckout;
		case "/v1/billing_portal/sessions":
			return createPortal;
		default:
			return undefined;
	}
}

/** A key replays its first answer; with other parameters it is refused. */
function once(call: Incoming, account: Account, create: () => Answer): Answer {
	const key = call.headers.get("idempotency-key");
	if (key === null) return create();
	const asked = `${call.url.pathname}?${call.text}`;
	const earlier = account.replays.get(key);
	if (earlier !== undefined && earlier.asked !== asked) {
		const message = `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`;
		return stripeError(400, { type: "idempotency_error", message });
	}
	if (earlier !== undefined)
		return { ...earlier.answer, headers: { ...earlier.answer.headers, "idempotent-replayed": "true" } };
	const answer = create();
	account.replays.set(key, { asked, answer });
	return answer;
}

function createCustomer(form: Form, account: Account, moment: Moment): Answer {
	const refused = unknownParam(form, CUSTOMER_PARAMS);
	if (refused !== undefined) return refused;
	const orNull = (name: string) => textOf(form, name) || null;
	const seed = {
		email: orNull("email"),
		name: orNull("name"),
		description: orNull("description"),
		phone: orNull("phone"),
	};
	const made = customer({ ...seed, metadata: metadataOf(form) }, moment);
	account.customers.set(made.id, made);
	return jsonAnswer(made);
}
