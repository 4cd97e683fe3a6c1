import { NOT_LIVE } from "../events/stripe-state.ts";

/** Over `orgs o`: a subscription decided its status when Stripe was last read, and has not ended. */
export const HAS_LIVE_SUBSCRIPTION = `(o.stripe_subscription_id IS NOT NULL AND COALESCE(o.stripe_status, '') NOT IN (${NOT_LIVE.map((status) => `'${status}'`).join(", ")}))`;
