import type { GatewayEnv } from "./env.ts";
import { command } from "./stand-ins.ts";

/** By it the portal opens the page on which a subscription is cancelled. */
const PATH = "/v1/billing_portal/sessions";

const SQL = `
	SELECT o.id, o.stripe_subscription_id, o.stripe_customer_id, o.stripe_status, o.cancel_at, p.stripe_lookup_key
	FROM orgs o JOIN plans p ON p.id = o.plan
	WHERE o.stripe_subscription_id IS NOT NULL AND o.stripe_customer_id IS NOT NULL AND p.stripe_lookup_key IS NOT NULL
	LIMIT 100`;

/**
 * Gives the Stripe stand-in back what it has sold: the database outlives its memory, which ends with a run and with a change of
 * the code. Nothing happens on other paths, or when Stripe is real.
 */
export async function rememberSubscriptions(path: string, env: GatewayEnv): Promise<void> {
	const { STRIPE_SECRET_KEY: credential, DB } = env;
	if (path !== PATH || credential === undefined) return;
	const { results } = await DB.prepare(SQL).all<Record<string, string | null>>();
	const subscriptions = results.map((row) => ({
		id: row.stripe_subscription_id,
		customer: row.stripe_customer_id,
		status: row.stripe_status,
		lookup_key: row.stripe_lookup_key,
		metadata: { org_id: row.id },
		cancel_at: seconds(row.cancel_at),
		cancel_at_period_end: seconds(row.cancel_at) !== null,
	}));
	await command(env, "/control/stripe/state", { credential, subscriptions });
}

function seconds(instant: string | null | undefined): number | null {
	return typeof instant === "string" ? Math.floor(Date.parse(instant) / 1000) : null;
}
