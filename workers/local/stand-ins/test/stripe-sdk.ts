import Stripe from "stripe";
import type { Harness } from "./harness.ts";

/** Stripe's own SDK, its requests answered in process. */
export function sdk({ standIns }: Pick<Harness, "standIns">, key = "sk_test_one"): Stripe {
	const fetchFn = (url: string | URL | Request, init?: RequestInit) => standIns.fetch(new Request(url, init));
	return new Stripe(key, { httpClient: Stripe.createFetchHttpClient(fetchFn), maxNetworkRetries: 0 });
}
