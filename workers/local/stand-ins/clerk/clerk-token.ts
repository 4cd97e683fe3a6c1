import { randomId } from "../wire.ts";

const RSA = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
const MODULUS_BITS = 2_048;
const LIFETIME_SECONDS = 60;
const NOT_BEFORE_SECONDS = 10;
const SESSION_CATEGORY = "cl_B7d4PD111AAA";

/** Workers and Node name the same class differently. */
type PrivateKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

/** A public key as a JWKS lists it. */
interface PublicJwk {
	use: string;
	kty: string;
	kid: string;
	alg: string;
	n: string;
	e: string;
}

export interface SigningKey {
	privateKey: PrivateKey;
	publicJwk: PublicJwk;
}

/** What a session token says; anything in `claims` or `header` is laid over it, null takes a claim away. */
export interface TokenRequest {
	/** The Clerk Frontend host; the issuer is https, for a loopback host http. */
	host: string;
	user_id: string;
	/** The active organization; without it the token has no organization claims at all. */
	org_id?: string;
	org_slug?: string;
	/** `admin`, `member` or a custom role; an `org:` prefix is put on or taken off as the version asks. */
	org_role?: string;
	/** Default 2. */
	version?: 1 | 2;
	/** The custom claim that carries the user's public metadata. */
	metadata?: Record<string, unknown>;
	claims?: Record<string, unknown>;
	header?: Record<string, unknown>;
	/** Default 60 as Clerk's; negative for an expired one. */
	expires_in?: number;
	/** Origin that asked for the token, default http://localhost:3000. */
	azp?: string;
}

/** An RSA key pair as a Clerk instance has one; its kid is the instance's id. */
export async function createSigningKey(kid = randomId("ins_", 27)): Promise<SigningKey> {
	const algorithm = { ...RSA, modulusLength: MODULUS_BITS, publicExponent: new Uint8Array([1, 0, 1]) };
	const pair = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
	if (!("privateKey" in pair)) throw new Error("An RSA key comes as a pair.");
	const jwk = await crypto.subtle.exportKey("jwk", pair.publicKey);
	if (!("n" in jwk)) throw new Error("An RSA key exports its modulus.");
	const { n = "", e = "" } = jwk;
	return { privateKey: pair.privateKey, publicJwk: { use: "sig", kty: "RSA", kid, alg: "RS256", n, e } };
}

/** The issuer of a Frontend host. */
function issuerOf(host: string): string {
	return /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(host) ? `http://${host}` : `https://${host}`;
}

/**
 * Claims of a Clerk session token of version 1 or 2.
 * @param nowSeconds Unix time
 */
export function sessionClaims(request: TokenRequest, nowSeconds: number): Record<string, unknown> {
	const claims: Record<string, unknown> = {
		azp: request.azp ?? "http://localhost:3000",
		exp: nowSeconds + (request.expires_in ?? LIFETIME_SECONDS),
		fva: [1, -1],
		iat: nowSeconds,
		iss: issuerOf(request.host),
		nbf: nowSeconds - NOT_BEFORE_SECONDS,
		sid: randomId("sess_", 27),
		sub: request.user_id,
		...(request.version === 1
			? organizationV1(request)
			: { jti: randomId("", 20), v: 2, pla: "u:free", ...organizationV2(request) }),
		...(request.metadata === undefined ? {} : { metadata: request.metadata }),
		...request.claims,
	};
	return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== null));
}

function organizationV1({ org_id, org_slug, org_role = "org:member" }: TokenRequest): Record<string, unknown> {
	if (org_id === undefined) return {};
	const role = org_role.startsWith("org:") ? org_role : `org:${org_role}`;
	return { org_id, org_role: role, org_permissions: [], ...(org_slug === undefined ? {} : { org_slug }) };
}

function organizationV2({ org_id, org_slug, org_role = "member" }: TokenRequest): Record<string, unknown> {
	if (org_id === undefined) return {};
	return {
		o: { id: org_id, rol: org_role.replace(/^org:/, ""), ...(org_slug === undefined ? {} : { slg: org_slug }) },
	};
}

/** Signs any claims as RS256 in Clerk's header; `header` is laid over it, null takes a field away. */
export async function signToken(
	key: SigningKey,
	claims: Record<string, unknown>,
	header: Record<string, unknown> = {},
): Promise<string> {
	const full = { alg: "RS256", cat: SESSION_CATEGORY, kid: key.publicJwk.kid, typ: "JWT", ...header };
	const kept = Object.fromEntries(Object.entries(full).filter(([, value]) => value !== null));
	const input = `${encodeText(JSON.stringify(kept))}.${encodeText(JSON.stringify(claims))}`;
	const signature = await crypto.subtle.sign(RSA.name, key.privateKey, new TextEncoder().encode(input));
	return `${input}.${encodeBytes(new Uint8Array(signature))}`;
}

function encodeText(text: string): string {
	return encodeBytes(new TextEncoder().encode(text));
}

function encodeBytes(bytes: Uint8Array): string {
	const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
	return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
