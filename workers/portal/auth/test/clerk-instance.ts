import { callsOf, setKeys } from "../../../local/stand-ins/control.ts";
import type { ClerkSettings } from "../clerk-config.ts";
import { verifySessionToken } from "../clerk-token.ts";
import { toApiError } from "../../../lib/http/errors.ts";
import { mintToken } from "../../../lib/test/tokens.ts";
import type { SigningKey, TokenOptions } from "../../../lib/test/tokens.ts";

/** What `ask` answers when the caller is let in. */
export const LET_IN = "let in";

/** What a caller gets for a key id that the issuer does not know. */
export const KEY_UNKNOWN = {
	code: "unauthenticated",
	status: 401,
	reason: "key_unknown",
	headers: { "WWW-Authenticate": "Bearer" },
};

/** What a caller gets while the keys cannot be had. */
export function keysUnavailable(retryAfterSeconds: number) {
	const headers = { "Retry-After": String(retryAfterSeconds) };
	return { code: "auth_unavailable", status: 503, reason: "jwks_unavailable", headers };
}

export interface ClerkInstance {
	host: string;
	settings: ClerkSettings;
	/** What a token minted at `now` (epoch ms) gets at `now`: LET_IN, or the refusal. */
	ask(now: number, options?: Partial<TokenOptions>): Promise<unknown>;
	/** How often its key set was asked for. */
	fetches(): Promise<number>;
}

/** A Clerk instance that publishes these keys. Each test takes one of its own: the cache lives as long as the isolate. */
export async function createInstance(key: SigningKey, keys: JsonWebKey[] = [key.jwk]): Promise<ClerkInstance> {
	const host = `clerk-${crypto.randomUUID()}.test`;
	await setKeys(host, keys);
	const issuer = `https://${host}`;
	const parties = { authorizedParties: new Set(["https://portal.koby.ai"]), admitsLoopbackParties: false };
	const lists = { ...parties, staffUserIds: new Set<string>() };
	const settings = { issuer, jwksUrl: `${issuer}/.well-known/jwks.json`, jwtKey: undefined, ...lists };
	const ask = async (now: number, options: Partial<TokenOptions> = {}): Promise<unknown> => {
		const token = await mintToken({ key, issuer, now, ...options });
		try {
			await verifySessionToken(`Bearer ${token}`, settings, now);
			return LET_IN;
		} catch (thrown) {
			const { code, status, reason, headers } = toApiError(thrown);
			return { code, status, reason, headers };
		}
	};
	return { host, settings, ask, fetches: async () => (await callsOf(host)).length };
}

/** A token option: a key id that nobody has. */
export function madeUpKeyId(): Partial<TokenOptions> {
	return { header: { kid: `ins_${crypto.randomUUID()}` } };
}

/** The public key under another id. */
export function renamed(key: SigningKey, kid: string): SigningKey {
	return { ...key, kid, jwk: { ...key.jwk, kid } };
}
