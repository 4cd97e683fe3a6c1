import { notConfigured } from "./http/errors.ts";

/** A secret: trimmed (a piped `wrangler secret put` keeps the newline), undefined when absent or blank. */
export function secret(value: string | undefined): string | undefined {
	const trimmed = value?.trim();
	return trimmed === undefined || trimmed === "" ? undefined : trimmed;
}

/**
 * A secret that the path at hand cannot do without.
 * @param variable its name, for the log
 * @throws {ApiError} not_configured
 */
export function requiredSecret(value: string | undefined, variable: string): string {
	const present = secret(value);
	if (present === undefined) throw notConfigured(variable);
	return present;
}

/**
 * A whole number ≥ 0 from a variable; `fallback` when it is absent or blank.
 * @throws {ApiError} not_configured when it is anything else: a limit that cannot be read is no limit
 */
export function numberVariable(value: string | undefined, variable: string, fallback: number): number {
	const text = secret(value);
	if (text === undefined) return fallback;
	if (!/^\d{1,12}$/.test(text)) throw notConfigured(variable);
	return Number(text);
}

/** The items of a comma-separated variable, trimmed, blanks left out. */
export function listVariable(value: string | undefined): string[] {
	return (value ?? "")
		.split(",")
		.map((item) => item.trim())
		.filter((item) => item !== "");
}

const LOOPBACK_HOSTS = ["localhost", "127.0.0.1", "[::1]"];

/** Whether a URL's host is this machine. */
export function isLoopback(hostname: string): boolean {
	return LOOPBACK_HOSTS.includes(hostname);
}

export interface VendorUrlRules {
	/** Name of the variable, for the log. */
	variable: string;
	/** The vendor's own base URL, used when the variable is absent. */
	fallback: string;
	/** The vendor's domain: this host or any below it is trusted with the key. */
	domain: string;
	/** development, staging or production */
	environment: string;
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
		url.hostname === "gateway.ai.cloudflare.com"
	);
}
