import { pageOrigin, standInOrigin } from "./settings.ts";
import type { LocalVariables } from "./variables.ts";

/** Where people pay without paying, and whom Stripe's stand-in tells of it; nothing where Stripe is the vendor itself. */
export function stripePages(port: number, { standIns, secrets }: LocalVariables): Record<string, string> {
	const secret = secrets.get("STRIPE_WEBHOOK_SECRET");
	if (!standIns.includes("Stripe") || secret === undefined) return {};
	return {
		STRIPE_PAGES: pageOrigin(port),
		STRIPE_WEBHOOK_URL: `${standInOrigin(port)}/webhooks/stripe`,
		STRIPE_WEBHOOK_SECRET: secret,
	};
}
