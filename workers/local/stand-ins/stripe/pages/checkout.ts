import type Stripe from "stripe";
import { escaped } from "../../../html.ts";
import { randomId } from "../../wire.ts";
import type { Answer } from "../../wire.ts";
import { momentOf } from "../stripe-state.ts";
import type { Account } from "../stripe-state.ts";
import { subscription } from "../stripe-subscription.ts";
import { goneAnswer, money, page, seeOther } from "./html.ts";
import type { Tell } from "./tell.ts";

/** What the product is called to a buyer; Stripe takes it from the price's product. */
const NAMES: Readonly<Record<string, string>> = { chatbot_monthly: "Chatbot", voice_monthly: "Voice" };

/** `GET /c/pay/{id}` */
export function checkoutPage(account: Account, id: string): Answer {
	const session = account.checkouts.get(id);
	const [price] = pricesOf(account, id);
	if (session === undefined || session.status !== "open" || price === undefined) return goneAnswer();
	const { success_url, cancel_url } = session;
	const amount = money(price.unit_amount, price.currency);
	const main = `<div>
<h1>Subscribe to ${escaped(planName(price))}</h1>
<p class="price">${amount} <small>per month</small></p>
<p class="muted">Koby AI. Cancel at any time.</p>
<p><a href="${escaped(String(cancel_url ?? success_url))}">Back without paying</a></p>
</div>
<div class="card">
<h2>Pay with card</h2>
${FIELDS}
<form method="post"><button type="submit">Pay ${amount}</button></form>
</div>`;
	return page(`Subscribe to ${planName(price)}`, main, [String(success_url)]);
}

/** For the look of it: they stand outside the form, so that nothing typed into them is sent to anybody. */
const FIELDS = `<label>Card number<input inputmode="numeric" autocomplete="off" value="4242 4242 4242 4242"></label>
<div class="pair"><label>Expires<input autocomplete="off" value="12 / 34"></label><label>Security code<input autocomplete="off" value="123"></label></div>`;

/**
 * `POST /c/pay/{id}`: the subscription begins, the webhook is told, and only then does the browser go on: so the page that it
 * comes back to shows the plan that was bought.
 */
export async function payCheckout(account: Account, id: string, secretKey: string, tell: Tell): Promise<Answer> {
	const session = account.checkouts.get(id);
	if (session === undefined) return goneAnswer();
	// A button that was pressed twice pays once.
	if (session.status !== "open") return seeOther(String(session.success_url));
	const moment = momentOf(secretKey);
	const { metadata } = account.purchases.get(id) ?? { metadata: {} };
	const begun = subscription({ customer: String(session.customer), metadata }, pricesOf(account, id), moment);
	account.subscriptions.set(begun.id, begun);
	const paid = {
		...session,
		status: "complete",
		payment_status: "paid",
		subscription: begun.id,
		invoice: randomId("in_1", 23),
		url: null,
	};
	account.checkouts.set(id, paid);
	await tell("customer.subscription.created", begun, moment);
	await tell("checkout.session.completed", paid, moment);
	await tell("invoice.paid", { id: paid.invoice, object: "invoice", customer: begun.customer, status: "paid" }, moment);
	return seeOther(String(session.success_url));
}

function pricesOf(account: Account, id: string): Stripe.Price[] {
	const { priceIds } = account.purchases.get(id) ?? { priceIds: [] };
	return priceIds.flatMap((priceId) => account.prices.get(priceId) ?? []);
}

export function planName({ lookup_key, nickname, id }: Stripe.Price): string {
	return NAMES[lookup_key ?? ""] ?? nickname ?? id;
}
