import type Stripe from "stripe";
import { escaped } from "../../../html.ts";
import type { Answer } from "../../wire.ts";
import { momentOf } from "../stripe-state.ts";
import type { Account } from "../stripe-state.ts";
import { planName } from "./checkout.ts";
import { goneAnswer, money, page, seeOther } from "./html.ts";
import type { Tell } from "./tell.ts";

const SECOND_MS = 1000;
const day = new Intl.DateTimeFormat("en", { dateStyle: "long", timeZone: "UTC" });

/** `GET /p/session/{visit}`: what the customer pays for, and how to end it. */
export function portalPage(account: Account, visit: string): Answer {
	const found = account.portals.get(visit);
	if (found === undefined) return goneAnswer();
	const { customerId, returnUrl } = found;
	const running = [...account.subscriptions.values()].filter(
		({ customer, status }) => customer === customerId && status !== "canceled",
	);
	const cards = running.map(card).join("");
	const main = `<div>
<h1>Your subscription with Koby AI</h1>
<p class="muted">Invoices and payment methods would stand here as well.</p>
${returnUrl === "" ? "" : `<p><a href="${escaped(returnUrl)}">Back to the dashboard</a></p>`}
</div>
<div>${cards === "" ? '<div class="card"><h2>No subscription</h2><p class="muted">There is nothing to pay.</p></div>' : cards}</div>`;
	return page("Your subscription", main, [returnUrl]);
}

function card(one: Stripe.Subscription): string {
	const [item] = one.items.data;
	if (item === undefined) return "";
	const until = day.format(new Date(item.current_period_end * SECOND_MS));
	const note = one.cancel_at_period_end ? `Ends on ${until}.` : `Renews on ${until}.`;
	const [action, label] = one.cancel_at_period_end
		? ["resume", "Keep the subscription"]
		: ["cancel", "Cancel at the end of the month paid for"];
	return `<div class="card"><h2>${escaped(planName(item.price))}</h2>
<p class="price">${money(item.price.unit_amount, item.price.currency)} <small>per month</small></p>
<p class="muted">${note}</p>
<form method="post"><input type="hidden" name="subscription" value="${one.id}">
<button type="submit" name="action" value="${action}">${label}</button>
<button type="submit" name="action" value="cancel_now" class="quiet">Cancel now</button></form></div>`;
}

interface Wish {
	account: Account;
	visit: string;
	/** Of this page, to which the browser comes back. */
	path: string;
	/** `subscription` and `action` */
	form: URLSearchParams;
}

/** `POST /p/session/{visit}`: cancels, now or when what was paid for ends, or takes that back; the webhook is told first. */
export async function changeSubscription(wish: Wish, secretKey: string, tell: Tell): Promise<Answer> {
	const { account, visit, path, form } = wish;
	const one = account.subscriptions.get(form.get("subscription") ?? "");
	if (one === undefined || one.customer !== account.portals.get(visit)?.customerId) return goneAnswer();
	const moment = momentOf(secretKey);
	const changed = changedBy(form.get("action"), one, moment.now);
	account.subscriptions.set(one.id, changed);
	await tell(`customer.subscription.${changed.status === "canceled" ? "deleted" : "updated"}`, changed, moment);
	return seeOther(path);
}

/** @param now Unix seconds */
function changedBy(action: string | null, one: Stripe.Subscription, now: number): Stripe.Subscription {
	switch (action) {
		case "cancel":
			return {
				...one,
				cancel_at_period_end: true,
				cancel_at: one.items.data[0]?.current_period_end ?? null,
				canceled_at: now,
			};
		case "resume":
			return { ...one, cancel_at_period_end: false, cancel_at: null, canceled_at: null };
		case "cancel_now":
			return { ...one, status: "canceled", canceled_at: now, ended_at: now };
		default:
			return one;
	}
}
