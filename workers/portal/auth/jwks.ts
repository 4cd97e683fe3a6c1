import { waitUntil } from "cloudflare:workers";
import { readBytes } from "../../lib/http/body.ts";
import { ApiError, retryLater } from "../../lib/http/errors.ts";
import { isObject, parseJson } from "../../lib/http/json.ts";
import { log } from "../../lib/log.ts";
import { VendorTimeout, callVendor } from "../../lib/vendor/call.ts";
import { pause } from "../../lib/time-limit.ts";
import { importMembers } from "./rsa-key.ts";

/** Keys this young are used without asking again, ms. Short, since it also bounds how long a withdrawn key lives on. */
export const JWKS_FRESH_MS = 300_000;
/** Keys older than this are never used, not even while Clerk is down, ms. */
export const JWKS_STALE_LIMIT_MS = 3_600_000;
/** At most one fetch in this time, whether the last one went well or not, ms: tokens with made-up `kid`s or signatures cost nothing. */
export const JWKS_COOL_DOWN_MS = 30_000;
/** How long a fetch may take, body included, ms. */
export const JWKS_TIMEOUT_MS = 3000;
/** The largest key set read, bytes. */
export const JWKS_MAX_BYTES = 65_536;

const POLL_MS = 20;

/** A public key with the members that it was made of, by which a new one under the same `kid` is told from the old. */
interface KnownKey {
	key: CryptoKey;
	n: string;
	e: string;
}

/** The keys of one issuer in this isolate. Plain data only: a promise made in one request must not be awaited in another on Workers. */
interface KeyCache {
	keys: ReadonlyMap<string, KnownKey>;
	/** When `keys` were fetched, epoch ms. */
	fetchedAt: number;
	/** When the last fetch began, epoch ms. */
	triedAt: number;
	lastFetch: "none" | "under_way" | "succeeded" | "failed";
}

// There is one cache per address, as a `kid` is only unique within an issuer: in a common one another instance's key would pass.
const caches = new Map<string, KeyCache>();

function cacheOf(jwksUrl: string): KeyCache {
	const known = caches.get(jwksUrl);
	if (known !== undefined) return known;
	const empty: KeyCache = { keys: new Map(), fetchedAt: -Infinity, triedAt: -Infinity, lastFetch: "none" };
	caches.set(jwksUrl, empty);
	return empty;
}

/**
 * The issuer's public key with this `kid`, imported once per fetch and isolate.
 * Fresh keys cost nothing; keys past JWKS_FRESH_MS are fetched again and serve on, up to JWKS_STALE_LIMIT_MS, when that fails.
 * @param now epoch ms
 * @returns null when the issuer, asked within the last cool-down, has no such key
 * @throws {ApiError} auth_unavailable, with Retry-After: no usable key, and the last fetch failed
 */
export async function findKey(jwksUrl: string, kid: string, now: number): Promise<CryptoKey | null> {
	const cache = cacheOf(jwksUrl);
	const fresh = now - cache.fetchedAt < JWKS_FRESH_MS ? cache.keys.get(kid)?.key : undefined;
	if (fresh !== undefined) return fresh;
	if (isCool(cache, now)) await refresh(cache, jwksUrl, now);
	else if (usableKey(cache, kid, now) === undefined) await underWay(cache);
	const key = usableKey(cache, kid, now);
	if (key !== undefined) return key;
	if (cache.lastFetch === "succeeded") return null;
	const seconds = (cache.triedAt + JWKS_COOL_DOWN_MS - now) / 1000;
	throw retryLater(
		"auth_unavailable",
		"Sign-in cannot be checked right now; please try again in a moment.",
		seconds,
		"jwks_unavailable",
	);
}

/**
 * The key that has taken the place of `refused` under this `kid`, whose signature did not hold: Clerk's `kid` is the instance's id,
 * so it may outlive its key. Asks the issuer under the same cool-down as for an unknown `kid`, and waits for an asking that is
 * under way, so that those who come with the new key together are let in together.
 * @param refused as `findKey` gave it
 * @param now epoch ms
 * @returns undefined when there is no other key, or none can be had now
 */
export async function findSuccessor(
	jwksUrl: string,
	kid: string,
	refused: CryptoKey,
	now: number,
): Promise<CryptoKey | undefined> {
	const cache = cacheOf(jwksUrl);
	if (isCool(cache, now)) await refresh(cache, jwksUrl, now);
	else await underWay(cache);
	const key = usableKey(cache, kid, now);
	return key === refused ? undefined : key;
}

/** Whether the issuer may be asked again. */
function isCool({ triedAt }: KeyCache, now: number): boolean {
	return now - triedAt >= JWKS_COOL_DOWN_MS;
}

function usableKey(cache: KeyCache, kid: string, now: number): CryptoKey | undefined {
	return now - cache.fetchedAt <= JWKS_STALE_LIMIT_MS ? cache.keys.get(kid)?.key : undefined;
}

/** Fetches on behalf of the whole isolate: goes on when the client that set it off leaves, since others wait for its outcome. */
async function refresh(cache: KeyCache, jwksUrl: string, now: number): Promise<void> {
	cache.triedAt = now;
	cache.lastFetch = "under_way";
	const work = fetchKeys(jwksUrl, cache.keys).then(
		(keys) => {
			cache.keys = keys;
			cache.fetchedAt = now;
			cache.lastFetch = "succeeded";
		},
		(error: unknown) => {
			cache.lastFetch = "failed";
			log("warn", "jwks_fetch_failed", { reason: faultOf(error) });
		},
	);
	waitUntil(work);
	await work;
}

/** Waits for another request's fetch by looking at its outcome, never at its promise. */
async function underWay(cache: KeyCache): Promise<void> {
	for (let waited = 0; cache.lastFetch === "under_way" && waited < JWKS_TIMEOUT_MS; waited += POLL_MS) {
		await pause(POLL_MS);
	}
}

class JwksFault extends Error {}

function faultOf(error: unknown): string {
	if (error instanceof JwksFault) return error.message;
	if (error instanceof ApiError) return error.code;
	if (error instanceof VendorTimeout) return "timeout";
	return error instanceof Error ? error.name : "unknown";
}

async function fetchKeys(jwksUrl: string, before: KeyCache["keys"]): Promise<Map<string, KnownKey>> {
	const request = { headers: { Accept: "application/json" } };
	return importKeys(parseJwks(await callVendor(jwksUrl, request, JWKS_TIMEOUT_MS, readKeySet)), before);
}

/** The issuer's keys by `kid`, asked for now and kept nowhere; undefined when they cannot be had. */
export async function fetchedKeys(jwksUrl: string): Promise<ReadonlyMap<string, unknown> | undefined> {
	return fetchKeys(jwksUrl, new Map()).catch(() => undefined);
}

async function readKeySet(response: Response): Promise<Uint8Array> {
	if (response.status === 200) return readBytes(response, JWKS_MAX_BYTES);
	await response.body?.cancel();
	throw new JwksFault(`status_${response.status}`);
}

function parseJwks(bytes: Uint8Array): unknown[] {
	const value = parseJson(bytes);
	if (value === undefined) throw new JwksFault("not_json");
	if (!isObject(value) || !Array.isArray(value["keys"])) throw new JwksFault("no_key_list");
	return value["keys"];
}

/** @param before keys that were known: one that has not changed stays the same object */
async function importKeys(jwks: unknown[], before: KeyCache["keys"]): Promise<Map<string, KnownKey>> {
	const keys = new Map<string, KnownKey>();
	for (const jwk of jwks) {
		const { kid, n, e } = signatureKey(jwk) ?? {};
		if (kid === undefined || n === undefined || e === undefined) continue;
		// Two keys under one name leave open which one signs: better the old set than a guess.
		if (keys.has(kid)) throw new JwksFault("duplicate_kid");
		const known = before.get(kid);
		const key = known?.n === n && known.e === e ? known.key : await importMembers(n, e);
		if (key !== undefined) keys.set(kid, { key, n, e });
	}
	if (keys.size === 0) throw new JwksFault("no_usable_key");
	return keys;
}

/** The public members of an RSA key that may verify RS256; anything else in the set is passed over. */
function signatureKey(jwk: unknown): { kid: string; n: string; e: string } | undefined {
	if (!isObject(jwk) || jwk["kty"] !== "RSA") return undefined;
	const { kid, n, e, use = "sig", alg = "RS256", key_ops: operations = ["verify"] } = jwk;
	if (use !== "sig" || alg !== "RS256" || !Array.isArray(operations) || !operations.includes("verify"))
		return undefined;
	if (typeof kid !== "string" || kid === "" || typeof n !== "string" || typeof e !== "string") return undefined;
	return { kid, n, e };
}
