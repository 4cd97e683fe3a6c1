import { randomId } from "../wire.ts";

const RS256 = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };

/** Service accounts, and the bearers that they were given. */
export interface GoogleAccounts {
	/** @param key public, a JWK */
	register(email: string, key: Record<string, unknown>): void;
	/** Whether the account has signed this; an account that was not registered has not, unless all are adopted. */
	hasSigned(email: string, signed: string, signature: Uint8Array<ArrayBuffer>): Promise<boolean>;
	/** A new bearer, good for so many seconds. */
	give(email: string, seconds: number): string;
	/** Whose bearer this is; undefined = nobody's, or it has ended. */
	holderOf(bearer: string): string | undefined;
	/** Whom a bearer names, whether or not it is good. */
	namedIn(bearer: string): string;
	/** Ends every bearer of an account. */
	revoke(email: string): void;
}

/** @param adopts believes every account: the stand-ins' memory does not know the key of a local run */
export function createGoogleAccounts(adopts: boolean): GoogleAccounts {
	const keys = new Map<string, Record<string, unknown>>();
	const bearers = new Map<string, { email: string; endsAt: number }>();
	return {
		register: (email, key) => void keys.set(email, key),
		async hasSigned(email, signed, signature) {
			const jwk = keys.get(email);
			if (jwk === undefined) return adopts;
			const members = { kty: "RSA", n: String(jwk.n), e: String(jwk.e) };
			const key = await crypto.subtle.importKey("jwk", members, RS256, false, ["verify"]);
			return crypto.subtle.verify(RS256.name, key, signature, new TextEncoder().encode(signed));
		},
		give(email, seconds) {
			const bearer = `ya29.${btoa(email).replaceAll("=", "")}.${randomId("", 40)}`;
			bearers.set(bearer, { email, endsAt: Date.now() + seconds * 1000 });
			return bearer;
		},
		holderOf(bearer) {
			const known = bearers.get(bearer);
			return known !== undefined && known.endsAt > Date.now() ? known.email : undefined;
		},
		namedIn: (bearer) => decoded(bearer.split(".")[1] ?? ""),
		revoke(email) {
			for (const [bearer, known] of bearers) if (known.email === email) bearers.delete(bearer);
		},
	};
}

function decoded(base64: string): string {
	try {
		return atob(base64);
	} catch {
		return "";
	}
}
