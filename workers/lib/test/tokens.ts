/** A Clerk instance's key pair, made at run time: the private half never leaves the process. */
export interface SigningKey {
	kid: string;
	privateKey: CryptoKey;
	/** As it stands in the instance's key set. */
	jwk: { use: string; kty: string; kid: string; alg: string; n: string; e: string };
	/** The same public key as CLERK_JWT_KEY takes it. */
	pem: string;
}

export interface TokenOptions {
	key: SigningKey;
	issuer: string;
	/** When the token is minted, epoch ms. */
	now: number;
	/** Version of the claims' layout, default 2. */
	version?: 1 | 2;
	userId?: string;
	/** The active organization, default none; `role` without its `org:` prefix. */
	org?: { id: string; role: string };
	/** Public metadata says staff. */
	staff?: boolean;
	/** Someone else acts in this person's name. */
	impersonated?: boolean;
	/** Laid over the header; undefined leaves a member out. */
	header?: Record<string, unknown>;
	/** Laid over the claims; undefined leaves a claim out. */
	claims?: Record<string, unknown>;
	/** The payload as it is, instead of the claims. */
	payload?: string | Uint8Array;
	/** How it is signed, default RS256. `HS256` takes the public key as the secret, which an attacker has. */
	signature?: "RS256" | "none" | "HS256";
}

const RS256 = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };

export async function createSigningKey(
	kid = `ins_${crypto.randomUUID().replaceAll("-", "")}`,
	modulusLength = 2048,
): Promise<SigningKey> {
	const algorithm = { ...RS256, modulusLength, publicExponent: new Uint8Array([1, 0, 1]) };
	const pair = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
	if (!("privateKey" in pair)) throw new TypeError("not a key pair");
	const exported = await crypto.subtle.exportKey("jwk", pair.publicKey);
	const spki = await crypto.subtle.exportKey("spki", pair.publicKey);
	if (!(spki instanceof ArrayBuffer) || !("n" in exported)) throw new TypeError("not an RSA key");
	const jwk = { use: "sig", kty: "RSA", kid, alg: "RS256", n: exported.n ?? "", e: exported.e ?? "" };
	return { kid, privateKey: pair.privateKey, jwk, pem: armoured(new Uint8Array(spki)) };
}

/** Making an RSA key takes a tenth of a second: who needs only one that is not ours gets the same one each time, under the key id it asks for. */
let stranger: Promise<SigningKey> | undefined;

async function strangersKey(kid: string): Promise<SigningKey> {
	stranger ??= createSigningKey();
	return { ...(await stranger), kid };
}

function armoured(der: Uint8Array): string {
	const lines = base64(der).match(/.{1,64}/g) ?? [];
	return ["-----BEGIN PUBLIC KEY-----", ...lines, "-----END PUBLIC KEY-----"].join("\n");
}

function base64(bytes: Uint8Array): string {
	return btoa(String.fromCharCode(...bytes));
}

export function base64url(value: string | Uint8Array): string {
	const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
	return base64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** A session token as Clerk mints it, or with any part of it broken. */
export async function mintToken(options: TokenOptions): Promise<string> {
	const algorithm = options.signature ?? "RS256";
	const header = { alg: algorithm, cat: "cl_B7d4PD111AAA", kid: options.key.kid, typ: "JWT", ...options.header };
	const payload = options.payload ?? JSON.stringify({ ...claimsOf(options), ...options.claims });
	const input = `${base64url(JSON.stringify(header))}.${base64url(payload)}`;
	const known = minted.get(options.key.privateKey) ?? new Map<string, string>();
	minted.set(options.key.privateKey, known);
	const signature = known.get(input) ?? base64url(await signatureOf(input, options.key, algorithm));
	known.set(input, signature);
	return `${input}.${signature}`;
}

/** Signing costs more than all else that a request of a test does, and in a test time stands still: the same words are signed once. */
const minted = new WeakMap<CryptoKey, Map<string, string>>();

function claimsOf({
	issuer,
	now,
	version = 2,
	userId = "user_2abcDEF",
	org,
	staff,
	impersonated,
}: TokenOptions): Record<string, unknown> {
	const seconds = Math.floor(now / 1000);
	return {
		iss: issuer,
		sub: userId,
		sid: "sess_2abcDEF",
		azp: "https://portal.koby.ai",
		iat: seconds,
		nbf: seconds - 10,
		exp: seconds + 60,
		fva: [1, -1],
		...(version === 2 ? { v: 2, jti: "0123456789abcdef" } : {}),
		...(org === undefined ? {} : orgClaims(version, org)),
		...(staff === true ? { metadata: { role: "staff" } } : {}),
		...(impersonated === true
			? { act: { iss: "https://dashboard.clerk.com", sid: "sess_2act", sub: "user_2act" } }
			: {}),
	};
}

function orgClaims(version: 1 | 2, { id, role }: { id: string; role: string }): Record<string, unknown> {
	if (version === 2) return { o: { id, rol: role, slg: "a-slug" } };
	return { org_id: id, org_role: `org:${role}`, org_slug: "a-slug", org_permissions: [] };
}

/** The signature of a token's first two parts, however wrong they are. */
export async function signatureOf(
	input: string,
	key: SigningKey,
	algorithm: "RS256" | "none" | "HS256",
): Promise<Uint8Array> {
	const bytes = new TextEncoder().encode(input);
	if (algorithm === "none") return new Uint8Array();
	if (algorithm === "RS256") return new Uint8Array(await crypto.subtle.sign(RS256, key.privateKey, bytes));
	const secret = new TextEncoder().encode(key.pem);
	const hmac = await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
	return new Uint8Array(await crypto.subtle.sign("HMAC", hmac, bytes));
}

/** One way to call without being let in. `authorization` gets what would make a good token and breaks one thing; null = no header. */
export interface RefusedCaller {
	name: string;
	authorization(good: TokenOptions): Promise<string | null>;
}

async function bearer(options: TokenOptions): Promise<string> {
	return `Bearer ${await mintToken(options)}`;
}

function withClaims(good: TokenOptions, claims: Record<string, unknown>): Promise<string> {
	return bearer({ ...good, claims: { ...good.claims, ...claims } });
}

/** For every route that asks who calls: all of these are answered by the same 401. */
export const refusedCallers: readonly RefusedCaller[] = [
	{ name: "no header", authorization: async () => null },
	{ name: "garbage", authorization: async () => "Bearer garbage" },
	{ name: "an expired token", authorization: (good) => bearer({ ...good, now: good.now - 3_600_000 }) },
	{
		name: "a token of another issuer",
		authorization: (good) => withClaims(good, { iss: "https://clerk.elsewhere.test" }),
	},
	{
		name: "a token made for another page",
		authorization: (good) => withClaims(good, { azp: "https://elsewhere.test" }),
	},
	{
		name: "a token signed by another key under our key id",
		authorization: async (good) => bearer({ ...good, key: await strangersKey(good.key.kid) }),
	},
	{ name: "alg none", authorization: (good) => bearer({ ...good, signature: "none" }) },
	{ name: "HS256 with the public key as secret", authorization: (good) => bearer({ ...good, signature: "HS256" }) },
	{ name: "a pending session", authorization: (good) => withClaims(good, { sts: "pending" }) },
];
