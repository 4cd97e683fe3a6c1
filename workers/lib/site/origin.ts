import { ApiError } from "../http/errors.ts";
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

/** The form of an origin that a message repeats, and its length. */
const NAMED = /^https?:\/\/[\w.:[\]-]+$/;
const MAX_NAMED_CHARS = 80;

/** Which origin it was: of several in play, the page's, its frame's and the service's own, people look for the wrong one first. */
function originName({ value }: OriginFacts): string {
	const isNamed = value !== null && value.length <= MAX_NAMED_CHARS && NAMED.test(value);
	return isNamed ? `The origin ${value}` : "The origin of this page";
}

/**
 * The 403 of an origin that a site does not admit. What it says follows from the form of the origin alone: of the site's list, and
 * whether it has one, nothing is told.
 */
export function originRefused(origin: OriginFacts): ApiError {
	return new ApiError("origin_not_allowed", `${originName(origin)} ${wayOut(origin)}.`);
}

function wayOut({ value, isHttps, isLocal }: OriginFacts): string {
	if (isHttps) return "is not admitted; add it to allowed_origins of this engine, in the Koby dashboard under engines";
	if (isLocal) return "is your own machine, which a live key never admits; use the test key of this engine";
	if (value === "null") return "is hidden, as in a sandboxed frame or a file; put the widget into the page itself";
	return "is not served by https, so no engine can admit it; serve the page by https";
}

/** The 403 of an origin that may not do without a site key. */
export function keylessOriginRefused(origin: OriginFacts): ApiError {
	const message = `${originName(origin)} may not use the assistant without a site key; send its engine's in X-Site-Key.`;
	return new ApiError("origin_not_allowed", message);
}
