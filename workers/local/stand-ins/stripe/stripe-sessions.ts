import type Stripe from "stripe";
import { invalid, missing, stripeError } from "./stripe-errors.ts";
import { fieldsOf, listOf, metadataOf, textOf } from "./stripe-form.ts";
import type { Form } from "./stripe-form.ts";
import type { Moment } from "./stripe-objects.ts";
import type { Account } from "./stripe-state.ts";
import { jsonAnswer, randomId } from "../wire.ts";
import type { Answer } from "../wire.ts";

const CHECKOUT_SECONDS = 86_400;
const MODES = ["payment", "setup", "subscription"];
const CHECKOUT_PARAMS = [
	"adaptive_pricing",
	"allow_promotion_codes",
	"allowed_payment_method_types",
	"automatic_tax",
	"billing_address_collection",
	"cancel_url",
	"client_reference_id",
	"consent_collection",
	"currency",
	"custom_text",
	"customer",
	"customer_email",
	"customer_update",
	"discounts",
	"expand",
	"expires_at",
	"line_items",
	"locale",
	"metadata",
	"mode",
	"payment_method_collection",
	"phone_number_collection",
	"subscription_data",
	"success_url",
	"tax_id_collection",
	"ui_mode",
];
const PORTAL_PARAMS = ["configuration", "customer", "expand", "flow_data", "locale", "on_behalf_of", "return_url"];

/** The first parameter that the endpoint does not know, as Stripe refuses it. */
export function unknownParam(form: Form, known: string[]): Answer | undefined {
	const name = Object.keys(form).find((key) => !known.includes(key));
	return name === undefined ? undefined : invalid(`Received unknown parameter: ${name}`, name, "parameter_unknown");
}

/** POST /v1/checkout/sessions */
export function createCheckout(form: Form, account: Account, moment: Moment): Answer {
	const refused = unknownParam(form, CHECKOUT_PARAMS) ?? refusedCheckout(form, account) ?? refusedItems(form, account);
	if (refused !== undefined) return refused;
	const session = checkoutSession(form, moment);
	account.checkouts.set(session.id, session);
	account.purchases.set(session.id, {
		priceIds: listOf(form, "line_items").map((item) => textOf(fieldsOf(item), "price")),
		metadata: metadataOf(fieldsOf(form.subscription_data)),
	});
	return jsonAnswer(session);
}

function refusedCheckout(form: Form, account: Account): Answer | undefined {
	const customerId = textOf(form, "customer");
	if (!MODES.includes(textOf(form, "mode")))
		return invalid("Invalid mode: must be one of payment, setup, or subscription", "mode");
	if (textOf(form, "success_url") === "")
		return invalid("Missing required param: success_url.", "success_url", "parameter_missing");
	return customerId === "" ? undefined : goneCustomer(customerId, account);
}

/** To a session a deleted customer is one that never was. */
function goneCustomer(id: string, account: Account): Answer | undefined {
	const customer = account.customers.get(id);
	return customer === undefined || customer.deleted === true ? missing("customer", id, "customer") : undefined;
}

function refusedItems(form: Form, account: Account): Answer | undefined {
	const items = listOf(form, "line_items").map(fieldsOf);
	if (items.length === 0) return invalid("Missing required param: line_items.", "line_items", "parameter_missing");
	for (const [index, item] of items.entries()) {
		const priceId = textOf(item, "price");
		const at = `line_items[${index}]`;
		const price = account.prices.get(priceId);
		if (price === undefined) return missing("price", priceId, `${at}[price]`);
		if (textOf(item, "quantity") === "")
			return invalid(`Missing required param: ${at}[quantity].`, `${at}[quantity]`, "parameter_missing");
		const refused = refusedPrice(price, `${at}[price]`, textOf(form, "customer"), account);
		if (refused !== undefined) return refused;
	}
	return undefined;
}

/** Neither refusal has a code of its own. */
function refusedPrice(price: Stripe.Price, param: string, customerId: string, account: Account): Answer | undefined {
	if (!price.active || account.archivedProducts.has(String(price.product)))
		return invalid("The price specified is inactive. This field only accepts active prices.", param);
	const customer = account.customers.get(customerId);
	const currency = customer === undefined || customer.deleted === true ? null : customer.currency;
	if (currency === null || currency === undefined || currency === price.currency) return undefined;
	return stripeError(400, {
		type: "invalid_request_error",
		message: `You cannot combine currencies on a single customer. This customer has had a subscription, coupon, or invoice item with currency ${currency}`,
	});
}

/** A hosted checkout page, open for a day. */
function checkoutSession(form: Form, { livemode, now, pageOrigin }: Moment): { id: string } & Record<string, unknown> {
	const id = randomId(livemode ? "cs_live_a1" : "cs_test_a1", 56);
	const orNull = (name: string) => textOf(form, name) || null;
	return {
		id,
		object: "checkout.session",
		after_expiration: null,
		allow_promotion_codes: textOf(form, "allow_promotion_codes") === "true" ? true : null,
		amount_subtotal: null,
		amount_total: null,
		automatic_tax: { enabled: false, liability: null, provider: null, status: null },
		cancel_url: orNull("cancel_url"),
		client_reference_id: orNull("client_reference_id"),
		client_secret: null,
		created: now,
		currency: "usd",
		customer: orNull("customer"),
		customer_details: null,
		customer_email: orNull("customer_email"),
		expires_at: now + CHECKOUT_SECONDS,
		invoice: null,
		livemode,
		locale: orNull("locale"),
		metadata: metadataOf(form),
		mode: textOf(form, "mode"),
		payment_intent: null,
		payment_link: null,
		payment_method_collection: "always",
		payment_method_types: ["card"],
		payment_status: "unpaid",
		setup_intent: null,
		status: "open",
		submit_type: null,
		subscription: null,
		success_url: orNull("success_url"),
		ui_mode: "hosted_page",
		url: `${pageOrigin ?? "https://checkout.stripe.com"}/c/pay/${id}`,
	};
}

/** POST /v1/billing_portal/sessions */
export function createPortal(form: Form, account: Account, { livemode, now, pageOrigin }: Moment): Answer {
	const customerId = textOf(form, "customer");
	const refused = unknownParam(form, PORTAL_PARAMS);
	if (refused !== undefined) return refused;
	if (customerId === "") return invalid("Missing required param: customer.", "customer", "parameter_missing");
	const gone = goneCustomer(customerId, account);
	if (gone !== undefined) return gone;
	if (!account.hasPortal) {
		const message =
			"No configuration provided and your test mode default configuration has not been created. Provide a configuration or create your default by saving your customer portal settings in test mode at https://dashboard.stripe.com/test/settings/billing/portal.";
		return stripeError(400, { type: "invalid_request_error", message });
	}
	const page = randomId(livemode ? "live_" : "test_", 60);
	account.portals.set(page, { customerId, returnUrl: textOf(form, "return_url") });
	return jsonAnswer({
		id: randomId("bps_1", 23),
		object: "billing_portal.session",
		configuration: randomId("bpc_1", 23),
		created: now,
		customer: customerId,
		customer_account: null,
		flow: null,
		livemode,
		locale: textOf(form, "locale") || null,
		on_behalf_of: null,
		return_url: textOf(form, "return_url") || null,
		url: `${pageOrigin ?? "https://billing.stripe.com"}/p/session/${page}`,
	});
}
