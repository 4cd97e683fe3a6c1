import { requiredSecret } from "../../lib/env.ts";
import { notConfigured } from "../../lib/http/errors.ts";
import { isLoopback } from "../../lib/http/loopback.ts";

/** Where Stripe's pages send people back to. */
export interface ReturnUrls {
	/** The dashboard's billing page. */
	billing: string;
	/** The same, told that the checkout was paid, or left. What became of it says `GET /portal/billing`, never this address. */
	success: string;
	cancel: string;
}

/**
 * They follow from the deployment's PORTAL_URL alone: a URL from a request could send people who have just paid anywhere.
 * @param portalUrl the dashboard's base URL: https; a loopback host, also over http, only in development
 * @param environment development, staging or production
 * @throws {ApiError} not_configured
 */
export function returnUrls(portalUrl: string | undefined, environment: string): ReturnUrls {
	const text = requiredSecret(portalUrl, "PORTAL_URL");
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (url === undefined || !isAllowed(url, environment)) throw notConfigured("PORTAL_URL");
	const billing = `${url.origin}${url.pathname.replace(/\/+$/, "")}/billing`;
	return { billing, success: `${billing}?checkout=success`, cancel: `${billing}?checkout=cancelled` };
}

function isAllowed(url: URL, environment: string): boolean {
	if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") return false;
	if (isLoopback(url.hostname)) return environment === "development" && /^https?:$/.test(url.protocol);
	return url.protocol === "https:";
}
