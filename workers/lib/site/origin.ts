import { isLoopback, isLoopbackOrigin } from "../http/loopback.ts";
import type { KeyEnvironment } from "./site-key.ts";

/** What of a request's Origin decides whether a site admits it. */
export interface OriginFacts {
	/** The header as sent; null = none: a server, which has no origin to check. */
	value: string | null;
	/** A well-formed https origin. */
	isHttps: boolean;
	/** http or https at localhost, 127.0.0.1 or [::1], any port. */
	isLocal: boolean;
}

/** What most browsers send: such a name stays as it is in any URL parser, so it need not be asked. */
const PLAIN_HTTPS = /^https:\/\/(?!.*xn--)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,63}$/;

/** Reads the Origin header. Anything but a bare origin (also `null`, which sandboxed frames send) is neither https nor local. */
export function originFacts(request: Request): OriginFacts {
	const value = request.headers.get("Origin");
	if (value === null) return { value: null, isHttps: false, isLocal: false };
	if (PLAIN_HTTPS.test(value)) return { value, isHttps: true, isLocal: false };
	if (isLoopbackOrigin(value)) return { value, isHttps: false, isLocal: true };
	const url = value.length <= 300 && URL.canParse(value) ? new URL(value) : undefined;
	const isHttps = url !== undefined && url.origin === value && url.protocol === "https:" && !isLoopback(url.hostname);
	return { value, isHttps, isLocal: false };
}

/**
 * Whether a site admits an origin: a caller without one always, a page on the own machine unless the key is a live one, any other
 * page by the site's list.
 * @param allowed null = any https origin; a list = exactly these; [] = none
 */
export function isOriginAllowed(
	origin: OriginFacts,
	allowed: readonly string[] | null,
	environment: KeyEnvironment,
): boolean {
	if (origin.value === null) return true;
	if (origin.isLocal && environment !== "live") return true;
	return allowed === null ? origin.isHttps : allowed.includes(origin.value);
}
