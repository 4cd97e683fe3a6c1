import type { Reply, StripeFacts } from "../facts.ts";
import { ask } from "./ask.ts";
import type { Asking } from "./ask.ts";

/**
 * What of Stripe is set up for us: prices by lookup key, where events go, whether there is a customer portal.
 * @param lookupKeys of the plans sold; undefined = not known
 */
export async function stripeFacts(
	asking: Asking,
	apiBase: string,
	secretKey: string,
	lookupKeys: readonly string[] | undefined,
): Promise<StripeFacts> {
	const list = (path: string, query: [string, string][]): Promise<Reply> =>
		ask(asking, `${apiBase}/v1/${path}?${new URLSearchParams([["limit", "100"], ...query])}`, {
			headers: { Authorization: `Bearer ${secretKey}` },
		});
	const keys = (lookupKeys ?? []).map((key): [string, string] => ["lookup_keys[]", key]);
	const [prices, webhooks, portals] = await Promise.all([
		keys.length === 0 ? undefined : list("prices", [...keys, ["expand[]", "data.product"]]),
		list("webhook_endpoints", []),
		list("billing_portal/configurations", [["active", "true"]]),
	]);
	const mode = /^(?:sk|rk)_(live|test)_/.exec(secretKey)?.[1];
	return { mode: mode === "live" || mode === "test" ? mode : undefined, prices, webhooks, portals };
}
