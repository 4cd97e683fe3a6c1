import type { Account } from "../stripe-state.ts";
import type { Answer, Incoming, Vendor } from "../../wire.ts";
import { checkoutPage, payCheckout } from "./checkout.ts";
import { goneAnswer } from "./html.ts";
import { changeSubscription, portalPage } from "./portal.ts";
import { createTeller } from "./tell.ts";
import type { Webhook } from "./tell.ts";

export interface PageSettings {
	/** Where people reach the pages, such as http://localhost:8787 */
	origin: string;
	webhook: Webhook;
}

const CHECKOUT = /^\/c\/pay\/(\w+)$/;
const PORTAL = /^\/p\/session\/(\w+)$/;

/** Whether a path is one of the pages below, where Stripe has them too. */
export function isStripePage(path: string): boolean {
	return CHECKOUT.test(path) || PORTAL.test(path);
}

/**
 * The pages that Stripe hosts for people: a checkout that can be paid, and the customer portal, in which a subscription can be
 * cancelled. What is done there reaches the webhook as signed events before the browser goes on.
 * @param accounts by secret key; a page belongs to the one that has opened it
 */
export function createPages(accounts: ReadonlyMap<string, Account>, { webhook }: PageSettings): Vendor {
	const tell = createTeller(webhook);
	return {
		name: "stripe-pages",
		credential: () => "",
		failure: goneAnswer,
		async answer(call) {
			const [, checkoutId] = CHECKOUT.exec(call.url.pathname) ?? [];
			if (checkoutId !== undefined) return checkout(call, checkoutId);
			const [, visit = ""] = PORTAL.exec(call.url.pathname) ?? [];
			return portal(call, visit);
		},
	};

	async function checkout({ method }: Incoming, id: string): Promise<Answer | undefined> {
		const [secretKey, account] = owner(({ checkouts }) => checkouts.has(id));
		if (account === undefined) return goneAnswer();
		if (method === "GET") return checkoutPage(account, id);
		return method === "POST" ? payCheckout(account, id, secretKey, tell) : undefined;
	}

	async function portal({ method, text, url }: Incoming, visit: string): Promise<Answer | undefined> {
		const [secretKey, account] = owner(({ portals }) => portals.has(visit));
		if (account === undefined) return goneAnswer();
		if (method === "GET") return portalPage(account, visit);
		if (method !== "POST") return undefined;
		return changeSubscription({ account, visit, path: url.pathname, form: new URLSearchParams(text) }, secretKey, tell);
	}

	function owner(has: (account: Account) => boolean): [secretKey: string, account?: Account] {
		return [...accounts].find(([, account]) => has(account)) ?? [""];
	}
}
