import { requiredSecret } from "../../../lib/env.ts";
import { notConfigured } from "../../../lib/http/errors.ts";
import type { ApiError } from "../../../lib/http/errors.ts";
import { isObject, parseJson } from "../../../lib/http/json.ts";
import { vendorBaseUrl } from "../../../lib/vendor/base-url.ts";

const SECRET = "VERTEX_SERVICE_ACCOUNT";
const TOKEN_HOST = "oauth2.googleapis.com";
const RS256 = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
/** Google makes keys of 2,048 bits (docs.cloud.google.com/iam/docs/keys-create-delete); a shorter one is none of its. */
const MIN_MODULUS_BITS = 2048;
const PEM = /^-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\s]{100,8000})-----END PRIVATE KEY-----\s*$/;
/** A project's id, or its number (docs.cloud.google.com/resource-manager/docs/creating-managing-projects). */
export const PROJECT = /^(?:[a-z][a-z0-9-]{4,28}[a-z0-9]|\d{6,20})$/;

/** What of a service account's key file is used (docs.cloud.google.com/iam/docs/keys-create-delete shows a whole one). */
export interface ServiceAccount {
	/** Id of the project that the account belongs to. */
	projectId: string;
	keyId: string;
	email: string;
	/** PKCS #8, DER. */
	privateKey: Uint8Array<ArrayBuffer>;
	/** Where an assertion becomes a bearer, and whom it is made out to. */
	tokenUrl: string;
}

/** The 503 of a key file that is unusable; the detail names what of it is, never what stands there. */
function unusableAccount(detail: string): ApiError {
	return notConfigured(SECRET, detail);
}

/**
 * Reads the secret VERTEX_SERVICE_ACCOUNT, the JSON key file as Google gives it out. Its `token_uri` is believed only where it names
 * Google's own host: an assertion is as good as the key for an hour.
 * @param environment development, staging or production
 * @throws {ApiError} not_configured
 */
export function serviceAccount(text: string | undefined, environment: string): ServiceAccount {
	const file = parseJson(requiredSecret(text, SECRET));
	if (!isObject(file)) throw unusableAccount("it is not the JSON key file");
	if (file.type !== "service_account") throw unusableAccount("type");
	return {
		projectId: field(file, "project_id", PROJECT),
		keyId: field(file, "private_key_id", /^[\w-]{1,100}$/),
		email: field(file, "client_email", /^[\w.%+-]{1,100}@[a-z0-9.-]{1,200}$/),
		privateKey: derOf(field(file, "private_key", PEM)),
		tokenUrl: tokenUrlOf(file.token_uri, environment),
	};
}

function field(file: Record<string, unknown>, name: string, form: RegExp): string {
	const value = file[name];
	if (typeof value !== "string" || !form.test(value)) throw unusableAccount(name);
	return value;
}

function derOf(pem: string): Uint8Array<ArrayBuffer> {
	try {
		const base64 = (PEM.exec(pem)?.[1] ?? "").replaceAll(/\s/g, "");
		return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
	} catch {
		throw unusableAccount("private_key");
	}
}

function tokenUrlOf(value: unknown, environment: string): string {
	const url = vendorBaseUrl(typeof value === "string" ? value : undefined, {
		variable: `${SECRET} (token_uri)`,
		fallback: `https://${TOKEN_HOST}/token`,
		domain: TOKEN_HOST,
		environment,
		throughGateway: false,
	});
	if (new URL(url).pathname !== "/token") throw unusableAccount("token_uri");
	return url;
}

/**
 * The key that assertions are signed with.
 * @throws {ApiError} not_configured
 */
export async function importSigningKey({ privateKey }: ServiceAccount): Promise<CryptoKey> {
	const key = await crypto.subtle.importKey("pkcs8", privateKey, RS256, false, ["sign"]).catch(() => undefined);
	const bits = key !== undefined && "modulusLength" in key.algorithm ? key.algorithm.modulusLength : 0;
	if (key === undefined || typeof bits !== "number" || bits < MIN_MODULUS_BITS) throw unusableAccount("private_key");
	return key;
}

const utf8 = new TextEncoder();
const SCOPE = "https://www.googleapis.com/auth/cloud-platform";
/** No assertion may be good for longer (developers.google.com/identity/protocols/oauth2/service-account, "exp"). */
const ASSERTION_SECONDS = 3600;

/**
 * A JWT by which the account asks for a bearer, RS256 (developers.google.com/identity/protocols/oauth2/service-account).
 * @param now ms since the epoch
 */
export async function assertion(account: ServiceAccount, key: CryptoKey, now: number): Promise<string> {
	const issuedAt = Math.floor(now / 1000);
	const header = { alg: "RS256", typ: "JWT", kid: account.keyId };
	const claims = {
		iss: account.email,
		scope: SCOPE,
		aud: account.tokenUrl,
		iat: issuedAt,
		exp: issuedAt + ASSERTION_SECONDS,
	};
	const signed = [header, claims].map((part) => base64Url(utf8.encode(JSON.stringify(part)))).join(".");
	const signature = await crypto.subtle.sign(RS256.name, key, utf8.encode(signed));
	return `${signed}.${base64Url(new Uint8Array(signature))}`;
}

function base64Url(bytes: Uint8Array): string {
	return btoa(String.fromCharCode(...bytes))
		.replaceAll("+", "-")
		.replaceAll("/", "_")
		.replaceAll("=", "");
}
