import { notConfigured } from "../../lib/http/errors.ts";

const MIN_MODULUS_BITS = 2048;
const RS256 = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };

/** The key of a JWK's members; undefined when they make none that is long enough. */
export function importMembers(n: string, e: string): Promise<CryptoKey | undefined> {
	return importPublicKey(() => crypto.subtle.importKey("jwk", { kty: "RSA", n, e }, RS256, false, ["verify"]));
}

async function importPublicKey(load: () => Promise<CryptoKey>): Promise<CryptoKey | undefined> {
	try {
		const key = await load();
		// jose refuses a shorter key too, but with an error that says our code is wrong.
		const bits = "modulusLength" in key.algorithm ? key.algorithm.modulusLength : 0;
		return bits >= MIN_MODULUS_BITS ? key : undefined;
	} catch {
		return undefined;
	}
}

let pinned: { pem: string; key: CryptoKey } | undefined;

/**
 * The key of CLERK_JWT_KEY, imported once per isolate.
 * @param pem SPKI public key, RSA ≥ 2048 bits; with or without its armour, line breaks also as `\n`
 * @throws {ApiError} not_configured
 */
export async function pinnedKey(pem: string): Promise<CryptoKey> {
	if (pinned?.pem === pem) return pinned.key;
	const base64 = pem.replaceAll(/-----(?:BEGIN|END) PUBLIC KEY-----|\\[rn]|\s/g, "");
	const key = await importPublicKey(() =>
		crypto.subtle.importKey(
			"spki",
			Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)),
			RS256,
			false,
			["verify"],
		),
	);
	if (key === undefined) throw notConfigured("CLERK_JWT_KEY");
	pinned = { pem, key };
	return key;
}
