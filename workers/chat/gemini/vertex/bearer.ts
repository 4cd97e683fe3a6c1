import { waitUntil } from "cloudflare:workers";
import { readBytes } from "../../../lib/http/body.ts";
import { isObject, parseJson } from "../../../lib/http/json.ts";
import { log } from "../../../lib/log.ts";
import { SECOND_MS } from "../../../lib/time.ts";
import { pause } from "../../../lib/time-limit.ts";
import { VendorTimeout, callVendor, retryAfterSeconds } from "../../../lib/vendor/call.ts";
import { GeminiFault } from "../../../lib/gemini/fault.ts";
import { assertion } from "./account.ts";
import type { ServiceAccount } from "./account.ts";

/** A bearer is used until so long before its end, ms. */
const EARLY_MS = 300 * SECOND_MS;
/** How long an exchange may take, body included, ms: of the 12 s of a turn's first try enough is left for the model. */
const EXCHANGE_LIMIT_MS = 5 * SECOND_MS;
/** A refused bearer is dropped at most once in this time, ms: where the account lacks a right, a new one is refused as well. */
const RENEWAL_REST_MS = 30 * SECOND_MS;
const MAX_TOKEN_BYTES = 32_768;
/** Longest life of a bearer that is believed, seconds: twelve hours, to which an organisation may extend Google's one. */
const MAX_LIFE_SECONDS = 43_200;
const GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const POLL_MS = 20;

/** Two bearers of one account in an isolate would be one too many; plain data only, since a promise belongs to the request that made it. */
interface Kept {
	token: string | undefined;
	/** When it ends, ms since the epoch. */
	endsAt: number;
	/** Until when an exchange is under way, ms since the epoch; 0 = none is. */
	exchangeEndsAt: number;
	/** Of the last exchange, if it failed. */
	fault: GeminiFault | undefined;
	/** When a bearer was last dropped because it was refused, ms since the epoch. */
	renewedAt: number;
}

/** By the account's key, oldest first. */
const kept = new Map<string, Kept>();
const MAX_KEPT = 100;

function keptOf({ email, keyId, tokenUrl }: ServiceAccount): Kept {
	const name = `${email} ${keyId} ${tokenUrl}`;
	const known = kept.get(name);
	if (known !== undefined) return known;
	const fresh: Kept = { token: undefined, endsAt: 0, exchangeEndsAt: 0, fault: undefined, renewedAt: -Infinity };
	const [oldest] = kept.keys();
	if (kept.size >= MAX_KEPT && oldest !== undefined) kept.delete(oldest);
	kept.set(name, fresh);
	return fresh;
}

/**
 * The account's bearer: kept in the isolate until five minutes before its end, and got by one exchange for all turns that wait for it.
 * @param key as `importSigningKey` gives it
 * @param signal fires when the caller can wait no longer; the exchange goes on for the others
 * @throws {GeminiFault} there is none, and the exchange failed or has not ended
 */
export async function bearer(account: ServiceAccount, key: CryptoKey, signal: AbortSignal): Promise<string> {
	const state = keptOf(account);
	if (state.token !== undefined && Date.now() < state.endsAt - EARLY_MS) return state.token;
	if (!isUnderWay(state)) {
		state.exchangeEndsAt = Date.now() + EXCHANGE_LIMIT_MS + POLL_MS;
		state.fault = undefined;
		waitUntil(exchanged(account, key, state));
	}
	while (isUnderWay(state) && !signal.aborted) await pause(POLL_MS);
	// Also one that ends in less than five minutes is good for the turns that have waited for it.
	if (state.token !== undefined && Date.now() < state.endsAt) return state.token;
	throw state.fault ?? new GeminiFault("token timeout");
}

/** One whose worker has died is over when its time is: nobody else will say so. */
function isUnderWay({ exchangeEndsAt }: Kept): boolean {
	return Date.now() < exchangeEndsAt;
}

/**
 * Forgets a bearer that the model's side has refused, so that the next request exchanges anew.
 * @returns whether asking again makes sense: another bearer is there or may be had
 */
export function dropBearer(account: ServiceAccount, refused: string, now: number): boolean {
	const state = keptOf(account);
	// Another turn has dropped it already.
	if (state.token !== refused) return true;
	if (now - state.renewedAt < RENEWAL_REST_MS) return false;
	state.renewedAt = now;
	state.token = undefined;
	return true;
}

/** One exchange, on behalf of the whole isolate. Never rejects. */
async function exchanged(account: ServiceAccount, key: CryptoKey, state: Kept): Promise<void> {
	try {
		const startedAt = Date.now();
		const body = new URLSearchParams({ grant_type: GRANT_TYPE, assertion: await assertion(account, key, startedAt) });
		const headers = { "Content-Type": "application/x-www-form-urlencoded", Accept: "application/json" };
		const request = { method: "POST", headers, body: body.toString() } as const;
		const { token, lifeMs } = await callVendor(account.tokenUrl, request, EXCHANGE_LIMIT_MS, readToken);
		state.token = token;
		state.endsAt = startedAt + lifeMs;
	} catch (thrown) {
		state.fault = faultOf(thrown);
		log("warn", "vertex_token_not_got", { secret: "VERTEX_SERVICE_ACCOUNT", reason: state.fault.reason });
	}
	state.exchangeEndsAt = 0;
}

function faultOf(thrown: unknown): GeminiFault {
	if (thrown instanceof GeminiFault) return thrown;
	return new GeminiFault(thrown instanceof VendorTimeout ? "token timeout" : "token network");
}

/** @throws {GeminiFault} of any status but 200, and of a response that holds no bearer */
async function readToken(response: Response): Promise<{ token: string; lifeMs: number }> {
	const body = parseJson(await readBytes(response, MAX_TOKEN_BYTES).catch(() => new Uint8Array()));
	if (response.status !== 200) throw refusal(response.status, body, retryAfterSeconds(response));
	const { access_token: token, expires_in: seconds, token_type: type } = isObject(body) ? body : {};
	if (typeof token !== "string" || !/^[\w.~+/=-]{1,8192}$/.test(token)) throw new GeminiFault("token malformed");
	if (typeof type !== "string" || type.toLowerCase() !== "bearer") throw new GeminiFault("token malformed");
	if (typeof seconds !== "number" || !(seconds > 0 && seconds <= MAX_LIFE_SECONDS))
		throw new GeminiFault("token malformed");
	return { token, lifeMs: seconds * SECOND_MS };
}

/** What refuses the account itself, such as `invalid_grant` for a key that was deleted, is not asked again in the same turn. */
function refusal(status: number, body: unknown, waitSeconds: number | undefined): GeminiFault {
	const error = isObject(body) && typeof body.error === "string" && /^[a-z_]{1,40}$/.test(body.error) ? body.error : "";
	const reason = `token ${status} ${error}`.trimEnd();
	const isPassing = status === 408 || status === 429 || status >= 500;
	const waitMs = waitSeconds === undefined ? undefined : waitSeconds * SECOND_MS;
	return new GeminiFault(reason, isPassing ? undefined : { model: "none" }, waitMs);
}
