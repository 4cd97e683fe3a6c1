import { event, sendStripeEvent } from "../stripe-events.ts";
import type { Moment } from "../stripe-objects.ts";

/** Where events go. */
export interface Webhook {
	url: string;
	/** whsec_… */
	secret: string;
}

/** Delivers an event. @throws {Error} it was not taken: Stripe would try again, but here somebody waits for the page */
export type Tell = (type: string, object: object, moment: Moment) => Promise<void>;

export function createTeller({ url, secret }: Webhook): Tell {
	return async (type, object, moment) => {
		const { status, body } = await sendStripeEvent(url, secret, event(type, object, moment));
		if (status !== 200) throw new Error(`The webhook answered ${status} to ${type}: ${body}`);
	};
}
