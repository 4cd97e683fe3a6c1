import { secret } from "../env.ts";
import { notConfigured } from "../http/errors.ts";
import { isLoopback } from "../http/loopback.ts";

/** What may take the place of a vendor's own address. */
export interface VendorUrlRules {
	/** Name of the variable, for the log. */
	variable: string;
	/** The vendor's own base URL, used when the variable is absent. */
	fallback: string;
	/** The vendor's domain: this host or any below it is trusted with the key. */
	domain: string;
	/** development, staging or production */
	environment: string;
	/** false = only the domain itself: what is sent there is not for a gateway to see. Default true. */
	throughGateway?: boolean;
}

/**
 * The base URL of a vendor, without a trailing slash. The key travels there, so: https and the vendor's own domain or
 * Cloudflare's AI gateway; a loopback host (http or https) only in development.
 * @throws {ApiError} not_configured
 */
export function vendorBaseUrl(value: string | undefined, rules: VendorUrlRules): string {
	const text = secret(value) ?? rules.fallback;
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (url === undefined || !isTrusted(url, rules)) throw notConfigured(rules.variable);
	return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
}

function isTrusted(url: URL, rules: VendorUrlRules): boolean {
	if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") return false;
	if (isLoopback(url.hostname)) return rules.environment === "development" && /^https?:$/.test(url.protocol);
	if (url.protocol !== "https:" || url.port !== "") return false;
	return (
		url.hostname === rules.domain ||
		url.hostname.endsWith(`.${rules.domain}`) ||
		(rules.throughGateway !== false && url.hostname === "gateway.ai.cloudflare.com")
	);
}
