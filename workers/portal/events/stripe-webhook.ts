import { ApiError } from "../../lib/http/errors.ts";
import { json } from "../../lib/http/json.ts";
import { log } from "../../lib/log.ts";
import { stripeClient, suitsEnvironment } from "../billing/stripe-client.ts";
import type { StripeApiSettings } from "../billing/stripe-client.ts";
import { readEvent } from "./stripe-event.ts";
import type { EventSettings, StripeEvent } from "./stripe-event.ts";
import { billingSubject } from "./stripe-subject.ts";
import { syncOrg } from "./stripe-sync.ts";
import type { SyncOutcome } from "./stripe-sync.ts";

/** Ids of items in one log line. */
const MAX_LOGGED_ITEMS = 20;

export interface StripeWebhookSettings extends StripeApiSettings, EventSettings {
	db: D1Database;
}

/**
 * `POST /webhooks/stripe`. 200 tells Stripe that the event is done with: handled now or before, or nothing of ours. Every
 * fault on our side or Stripe's is a 5xx that leaves no trace, and Stripe delivers again for three days.
 * @param now ms
 * @throws {ApiError} as `readEvent` and `syncOrg`; livemode_mismatch; not_configured
 */
export async function handleStripeWebhook(
	request: Request,
	settings: StripeWebhookSettings,
	now: number,
): Promise<Response> {
	const event = await readEvent(request, settings, now);
	expectMode(event, settings);
	const subject = billingSubject(event);
	const handled =
		subject === undefined ? IGNORED : await syncOrg(settings.db, stripeClient(settings), event, subject, now);
	report(event, handled);
	return json({ received: true });
}

type Handled = SyncOutcome | { outcome: "ignored"; orgId?: undefined; note?: undefined; paidItems?: undefined };
const IGNORED: Handled = { outcome: "ignored" };

/** Test data must not touch production's customers nor live data anything else, whichever of key and endpoint was mixed up. */
function expectMode(event: StripeEvent, settings: StripeApiSettings): void {
	const isOfEnvironment = event.livemode === (settings.environment === "production");
	if (isOfEnvironment && suitsEnvironment(settings) !== false) return;
	const message = "Send live events to production and test events to every other environment; nothing was done.";
	throw new ApiError("livemode_mismatch", message, { reason: isOfEnvironment ? "key" : "event" });
}

function report(event: StripeEvent, { outcome, orgId, note, paidItems = [] }: Handled): void {
	const isOdd = note !== undefined || outcome === "unknown_customer" || outcome === "other_customer";
	log(isOdd ? "warn" : "info", "stripe_event", {
		event_id: event.id,
		type: event.type,
		org_id: orgId,
		outcome,
		note,
		items: paidItems.length === 0 ? undefined : paidItems.slice(0, MAX_LOGGED_ITEMS).join(" "),
		secret_index: event.secretIndex,
	});
}
