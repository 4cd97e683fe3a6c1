const utf8 = new TextEncoder();
const HMAC = { name: "HMAC", hash: "SHA-256" };
/** Bytes of a digest that are kept: enough that no two clients of a day share one. */
const DIGEST_BYTES = 16;

/** The key of the last secret, imported once per isolate. */
let imported: { secret: string; key: CryptoKey } | undefined;

/**
 * What stands for a client's address in the database for one UTC day, 32 hexadecimal digits: the same on every isolate without
 * a round trip, different each day, and, as the key is a secret that the database does not hold, of no use to whoever reads the
 * database, its export or its backups.
 * @param secret any secret of the deployment
 * @param date UTC day
 * @param address as `clientKey` gives it
 */
export async function clientDigest(secret: string, date: string, address: string): Promise<string> {
	const key = imported?.secret === secret ? imported.key : await importKey(secret);
	const mac = await crypto.subtle.sign(HMAC.name, key, utf8.encode(`client ${date} ${address}`));
	return new Uint8Array(mac, 0, DIGEST_BYTES).toHex();
}

async function importKey(secret: string): Promise<CryptoKey> {
	const key = await crypto.subtle.importKey("raw", utf8.encode(secret), HMAC, false, ["sign"]);
	imported = { secret, key };
	return key;
}
