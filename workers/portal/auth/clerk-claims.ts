import type { ClerkSettings } from "./clerk-config.ts";
import { ApiError } from "../../lib/http/errors.ts";
import { isObject } from "../../lib/http/json.ts";
import { isLoopbackOrigin } from "../../lib/http/loopback.ts";

/** How far two clocks may lie apart, ms (Clerk's own default). */
const CLOCK_SKEW_MS = 5000;
/** The longest life of a token that is accepted, ms. Clerk's session tokens live for a minute. */
const MAX_TOKEN_LIFETIME_MS = 86_400_000;

/** Who calls, as a verified session token says it. */
export interface Caller {
	userId: string;
	sessionId: string;
	/** Clerk's id of the active organization; null = none is active. */
	orgId: string | null;
	/** The role in that organization; null without one. A role of the client's own making counts as member. */
	role: "admin" | "member" | null;
	/** Works for Koby; never true while impersonating. */
	staff: boolean;
	/** Someone else acts in this person's name: may read, may not write. */
	impersonated: boolean;
	/** Who that is, Clerk's id of the user, or `unknown` where the token does not say; null = nobody. For the audit log alone. */
	impersonatorId: string | null;
}

/** The claims of a token whose signature holds; their values are unchecked. */
export type Claims = Record<string, unknown>;

type ClaimSettings = Pick<ClerkSettings, "issuer" | "authorizedParties" | "admitsLoopbackParties" | "staffUserIds">;

/** The 401 of everything that is wrong with a token: one text, so that nothing can be learned by trying. `reason` is for the log. */
export function unauthenticated(reason: string): ApiError {
	return new ApiError("unauthenticated", "Sign in and send a valid session token as a Bearer token.", {
		headers: { "WWW-Authenticate": "Bearer" },
		reason,
	});
}

/**
 * The caller of a token whose signature holds. Clerk signs OAuth, machine and template tokens, and those of a session that
 * waits for a task, with the same key: the claims must prove a live session of this instance.
 * @param now epoch ms
 * @throws {ApiError} unauthenticated
 */
export function callerOf(claims: Claims, settings: ClaimSettings, now: number): Caller {
	// Another Clerk instance's tokens are told apart by the issuer alone.
	if (claims["iss"] !== settings.issuer) throw unauthenticated("issuer_mismatch");
	checkTimes(claims, now);
	if (claims["sts"] === "pending") throw unauthenticated("session_pending");
	checkParty(claims["azp"], settings);
	const userId = subjectOf(claims["sub"]);
	const org = activeOrg(claims);
	const impersonated = Object.hasOwn(claims, "act");
	return {
		userId,
		sessionId: sessionOf(claims["sid"]),
		orgId: org.id,
		role: org.id === null ? null : roleOf(org.role),
		staff: !impersonated && (settings.staffUserIds.has(userId) || hasStaffMetadata(claims["metadata"])),
		impersonated,
		impersonatorId: impersonated ? impersonatorOf(claims["act"]) : null,
	};
}

/** The actor (RFC 8693, 4.1) as Clerk names it: a user of Koby's. */
function impersonatorOf(act: unknown): string {
	const sub = isObject(act) ? act["sub"] : undefined;
	return typeof sub === "string" && /^[A-Za-z0-9_]{1,100}$/.test(sub) ? sub : "unknown";
}

function checkTimes({ exp, nbf, iat }: Claims, now: number): void {
	// JSON can say 1e400, which parses to Infinity: a token that would never end.
	if (!isFiniteNumber(exp)) throw unauthenticated("expiry_missing");
	if (exp * 1000 <= now - CLOCK_SKEW_MS) throw unauthenticated("token_expired");
	if (nbf !== undefined && !hasBegun(nbf, now)) throw unauthenticated("token_not_yet_valid");
	if (iat !== undefined && !hasBegun(iat, now)) throw unauthenticated("issued_in_the_future");
	const begin = typeof iat === "number" ? iat * 1000 : now + CLOCK_SKEW_MS;
	if (exp * 1000 - begin > MAX_TOKEN_LIFETIME_MS) throw unauthenticated("lifetime_too_long");
}

function isFiniteNumber(value: unknown): value is number {
	return typeof value === "number" && Number.isFinite(value);
}

function hasBegun(seconds: unknown, now: number): boolean {
	return isFiniteNumber(seconds) && seconds * 1000 <= now + CLOCK_SKEW_MS;
}

/**
 * A token that names the page it was made for is good for our pages only: one that a sibling site's page got hold of stays out.
 * Clerk leaves `azp` out where a token is minted without an `Origin` (top-level navigations, its Backend API).
 */
function checkParty(azp: unknown, { authorizedParties, admitsLoopbackParties }: ClaimSettings): void {
	if (azp === undefined) return;
	const isAuthorized =
		typeof azp === "string" && (authorizedParties.has(azp) || (admitsLoopbackParties && isLoopbackOrigin(azp)));
	if (!isAuthorized) throw unauthenticated("party_not_authorized");
}

function subjectOf(sub: unknown): string {
	if (typeof sub !== "string" || !/^user_[A-Za-z0-9]{1,100}$/.test(sub)) throw unauthenticated("subject_not_a_user");
	return sub;
}

/** Template tokens name no session and outlive its revocation. */
function sessionOf(sid: unknown): string {
	if (typeof sid !== "string" || sid === "") throw unauthenticated("session_missing");
	return sid;
}

/** Version 2 reads only `o`, any other only `org_id` and `org_role`: what the other version would carry is not Clerk's. */
function activeOrg(claims: Claims): { id: string | null; role: unknown } {
	if (claims["v"] !== 2) return { id: nonEmpty(claims["org_id"]), role: claims["org_role"] };
	const org = isObject(claims["o"]) ? claims["o"] : {};
	return { id: nonEmpty(org["id"]), role: org["rol"] };
}

function nonEmpty(value: unknown): string | null {
	return typeof value === "string" && value !== "" ? value : null;
}

/**
 * What a role of Clerk's means here: a role of the customer's own making counts as member.
 * Clerk writes one role as `admin` (version 2, old instances), `org:admin` (version 1) or, in its SDKs, `org:org:admin`.
 */
export function roleOf(role: unknown): "admin" | "member" {
	return typeof role === "string" && role.replace(/^(?:org:)+/, "") === "admin" ? "admin" : "member";
}

/** The custom claim `metadata`, which the instance fills from public metadata: only Koby can write that, users can only read it. */
function hasStaffMetadata(metadata: unknown): boolean {
	return isObject(metadata) && metadata["role"] === "staff";
}
