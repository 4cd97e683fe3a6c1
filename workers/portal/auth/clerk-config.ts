import { listVariable, secret } from "../../lib/env.ts";
import { notConfigured } from "../../lib/http/errors.ts";
import { isLoopback } from "../../lib/http/loopback.ts";

/** What a session token is checked against. */
export interface ClerkSettings {
	/** The only `iss` accepted. */
	issuer: string;
	/** Where the instance publishes its keys; never taken from a token. */
	jwksUrl: string;
	/** CLERK_JWT_KEY, a public key in PEM that replaces the fetch. */
	jwtKey: string | undefined;
	/** Origins allowed in `azp`. */
	authorizedParties: ReadonlySet<string>;
	/** Any page on this machine is allowed there as well. */
	admitsLoopbackParties: boolean;
	/** Clerk user ids with staff power. */
	staffUserIds: ReadonlySet<string>;
}

/** The variables behind the settings, as they are bound. */
export interface ClerkVariables {
	/** development, staging or production */
	environment: string;
	/** CLERK_DOMAIN, the instance's Frontend API host. */
	domain: string | undefined;
	/** CLERK_JWT_KEY */
	jwtKey: string | undefined;
	/** CLERK_AUTHORIZED_PARTIES, comma-separated; empty = the dashboard's origins. */
	authorizedParties: string | undefined;
	/** PORTAL_ORIGINS, comma-separated. */
	portalOrigins: string | undefined;
	/** STAFF_USER_IDS, comma-separated. */
	staffUserIds: string | undefined;
}

const DNS_NAME = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const MAX_HOST_CHARS = 253;

/**
 * The issuer and key address of a Clerk instance (source: clerk-docs, manual-jwt-verification). A pasted scheme or trailing
 * slash is tolerated. A loopback host, with or without a port, is for development only and then spoken to over http.
 * @param value CLERK_DOMAIN
 * @param environment development, staging or production
 * @throws {ApiError} not_configured for anything but a bare host: a path or credentials in it would move the keys elsewhere
 */
export function parseClerkDomain(value: string | undefined, environment: string): { issuer: string; jwksUrl: string } {
	const [, scheme, host = ""] = /^(https?:\/\/)?([^/]+)\/?$/.exec((value ?? "").trim().toLowerCase()) ?? [];
	const issuer = isLoopbackHost(host) && environment === "development" ? `http://${host}` : `https://${host}`;
	const isPlain = scheme === "http://" && !isLoopbackHost(host);
	if (isPlain || !isIssuerHost(host, environment)) throw notConfigured("CLERK_DOMAIN");
	return { issuer, jwksUrl: `${issuer}/.well-known/jwks.json` };
}

function isLoopbackHost(host: string): boolean {
	return isLoopback(host.replace(/:\d{1,5}$/, ""));
}

function isIssuerHost(host: string, environment: string): boolean {
	if (isLoopbackHost(host)) return environment === "development" && URL.canParse(`http://${host}`);
	return host.length <= MAX_HOST_CHARS && DNS_NAME.test(host) && !host.endsWith(".localhost");
}

/**
 * The settings of this deployment. Tokens are good for the dashboard's pages unless CLERK_AUTHORIZED_PARTIES names others; a dashboard
 * in development runs on any port.
 * @throws {ApiError} not_configured without a usable CLERK_DOMAIN, which CLERK_JWT_KEY does not replace: the issuer is always compared
 */
export function clerkSettings(variables: ClerkVariables): ClerkSettings {
	const address = parseClerkDomain(variables.domain, variables.environment);
	const named = listVariable(variables.authorizedParties);
	return {
		...address,
		jwtKey: secret(variables.jwtKey),
		authorizedParties: new Set(named.length === 0 ? listVariable(variables.portalOrigins) : named),
		admitsLoopbackParties: named.length === 0 && variables.environment === "development",
		staffUserIds: new Set(listVariable(variables.staffUserIds)),
	};
}
