import { compactVerify, errors } from "jose";
import type { CompactJWSHeaderParameters } from "jose";
import { callerOf, unauthenticated } from "./clerk-claims.ts";
import type { Caller, Claims } from "./clerk-claims.ts";
import type { ClerkSettings } from "./clerk-config.ts";
import { isObject } from "../../lib/http/json.ts";
import { findKey, findSuccessor } from "./jwks.ts";
import { pinnedKey } from "./rsa-key.ts";

/** The longest token read, characters; Clerk's must fit a 4 KB cookie. */
export const MAX_TOKEN_CHARS = 8192;

// Unpadded, canonical base64url: decoders take a stray newline or other last bits, so that one token had many spellings.
const PART = "(?:[\\w-]{4})*(?:[\\w-][AQgw]|[\\w-]{2}[AEIMQUYcgkosw048])?";
const COMPACT_JWS = new RegExp(`^${PART}\\.${PART}\\.${PART}$`);

/** Clerk's token classes that can be a session: the session class and "no information" (@clerk/backend, jwtCategories.ts). */
const SESSION_CATEGORIES: readonly unknown[] = [undefined, "cl_B7d4PD111AAA", "cl_I7d4PD111III"];

/**
 * Verifies a Clerk session token, of version 1 or 2, and says who calls. RS256 only; the signature is checked before any
 * claim, so that a forger learns nothing from how a token is refused.
 * @param authorization the Authorization header
 * @param now epoch ms
 * @throws {ApiError} unauthenticated: no token, or not one of this instance's live sessions
 * @throws {ApiError} auth_unavailable, with Retry-After: no key to check it with, because Clerk cannot be reached
 * @throws {ApiError} not_configured: CLERK_JWT_KEY is no RSA public key
 */
export async function verifySessionToken(
	authorization: string | null,
	settings: ClerkSettings,
	now: number,
): Promise<Caller> {
	return callerOf(await signedClaims(bearerToken(authorization), settings, now), settings, now);
}

/** The scheme in any letter case (RFC 9110); a bare token or a second one is refused. */
function bearerToken(authorization: string | null): string {
	if (authorization === null) throw unauthenticated("token_missing");
	const token = /^bearer +([^ ]+)$/i.exec(authorization)?.[1];
	if (token === undefined) throw unauthenticated("not_a_bearer_token");
	if (token.length > MAX_TOKEN_CHARS) throw unauthenticated("token_too_long");
	if (!COMPACT_JWS.test(token)) throw unauthenticated("token_malformed");
	return token;
}

const RS256_ONLY = { algorithms: ["RS256"] };

async function signedClaims(token: string, settings: ClerkSettings, now: number): Promise<Claims> {
	let fetched: FetchedKey | undefined;
	const resolveKey = async (header: CompactJWSHeaderParameters): Promise<CryptoKey> => {
		const fault = headerFault(header);
		if (fault !== null) throw unauthenticated(fault);
		if (settings.jwtKey !== undefined) return pinnedKey(settings.jwtKey);
		fetched = await fetchedKey(header, settings, now);
		return fetched.key;
	};
	try {
		return await verifiedClaims(token, resolveKey);
	} catch (error) {
		if (!(error instanceof errors.JWSSignatureVerificationFailed) || fetched === undefined) throw refusalOf(error);
		const successor = await findSuccessor(settings.jwksUrl, fetched.kid, fetched.key, now);
		if (successor === undefined) throw refusalOf(error);
		return verifiedClaims(token, () => successor).catch((again: unknown) => {
			throw refusalOf(again);
		});
	}
}

interface FetchedKey {
	key: CryptoKey;
	kid: string;
}

type KeyResolver = (header: CompactJWSHeaderParameters) => CryptoKey | Promise<CryptoKey>;

async function verifiedClaims(token: string, resolveKey: KeyResolver): Promise<Claims> {
	const { payload } = await compactVerify(token, resolveKey, RS256_ONLY);
	return parseClaims(payload);
}

/** What jose throws as a refusal; anything else as it is. */
function refusalOf(error: unknown): unknown {
	return error instanceof errors.JOSEError ? unauthenticated(reasonOf(error)) : error;
}

function reasonOf(error: errors.JOSEError): string {
	if (error instanceof errors.JWSSignatureVerificationFailed) return "signature_invalid";
	return error instanceof errors.JOSEAlgNotAllowed ? "algorithm_refused" : "token_malformed";
}

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function parseClaims(payload: Uint8Array): Claims {
	let claims: unknown;
	try {
		claims = JSON.parse(strictUtf8.decode(payload));
	} catch {
		throw unauthenticated("claims_malformed");
	}
	if (!isObject(claims)) throw unauthenticated("claims_malformed");
	return claims;
}

/** The key that the token names. Keys that it brings along (`jwk`, `jku`, `x5c`) are never looked at. */
async function fetchedKey(
	{ kid }: CompactJWSHeaderParameters,
	{ jwksUrl }: ClerkSettings,
	now: number,
): Promise<FetchedKey> {
	if (typeof kid !== "string" || kid === "") throw unauthenticated("key_id_missing");
	const key = await findKey(jwksUrl, kid, now);
	if (key === null) throw unauthenticated("key_unknown");
	return { key, kid };
}

function headerFault({ typ, cat, crit }: Record<string, unknown>): string | null {
	// OAuth access tokens (`at+jwt`) come from the same key.
	if (typ !== undefined && typ !== "JWT") return "type_refused";
	if (!SESSION_CATEGORIES.includes(cat)) return "category_refused";
	return crit === undefined ? null : "critical_extension_refused";
}
