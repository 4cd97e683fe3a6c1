import { isRecord, jsonAnswer, parseJson } from "../wire.ts";
import type { Answer, Fault, Incoming, Vendor } from "../wire.ts";
import type { GoogleAccounts } from "./accounts.ts";

const GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const AUDIENCE = "https://oauth2.googleapis.com/token";
const SCOPE = "https://www.googleapis.com/auth/cloud-platform";
const MAX_LIFE_SECONDS = 3600;
const SKEW_SECONDS = 300;
/** As Google has it: an hour, less what the exchange took. */
const EXPIRES_IN = 3599;

/** Google's error codes by status; a fault's `code` names another. */
const CODES: Record<number, string> = {
	400: "invalid_grant",
	401: "invalid_client",
	403: "access_denied",
	500: "internal_failure",
	503: "temporarily_unavailable",
};

/**
 * Google's token endpoint: an assertion of a service account for a bearer (developers.google.com/identity/protocols/oauth2/service-account).
 * Who calls is the account's address.
 */
export function createTokenEndpoint(accounts: GoogleAccounts): Vendor {
	return {
		name: "google-token",
		credential: () => "",
		credentialInBody: (text) => String(partOf(assertionIn(text), 1)?.iss ?? ""),
		answer: (call) => answer(call, accounts),
		failure,
	};
}

async function answer(call: Incoming, accounts: GoogleAccounts): Promise<Answer | undefined> {
	if (call.method !== "POST" || call.url.pathname !== "/token") return undefined;
	const isForm = (call.headers.get("content-type") ?? "").startsWith("application/x-www-form-urlencoded");
	if (!isForm || new URLSearchParams(call.text).get("grant_type") !== GRANT_TYPE)
		return refused("unsupported_grant_type", "Invalid grant_type.");
	const assertion = assertionIn(call.text);
	const wrong = wrongIn(assertion, call.url);
	if (wrong !== undefined) return refused("invalid_grant", wrong);
	const [header = "", claims = "", signature = ""] = assertion.split(".");
	if (!(await accounts.hasSigned(call.credential, `${header}.${claims}`, bytesOf(signature))))
		return refused("invalid_grant", "Invalid JWT Signature.");
	const seconds = call.fault?.expires_in ?? EXPIRES_IN;
	return jsonAnswer({
		access_token: accounts.give(call.credential, seconds),
		expires_in: seconds,
		token_type: "Bearer",
	});
}

function assertionIn(text: string): string {
	return new URLSearchParams(text).get("assertion") ?? "";
}

/** The header (0) or the claims (1) of a JWT. */
function partOf(jwt: string, index: number): Record<string, unknown> | undefined {
	const part = parseJson(new TextDecoder().decode(bytesOf(jwt.split(".")[index] ?? "")));
	return isRecord(part) ? part : undefined;
}

function bytesOf(base64Url: string): Uint8Array<ArrayBuffer> {
	if (!/^[\w-]*$/.test(base64Url)) return new Uint8Array();
	return Uint8Array.from(atob(base64Url.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
}

/** What Google would say is wrong with an assertion, its signature aside. */
function wrongIn(assertion: string, url: URL): string | undefined {
	const [header, claims] = [partOf(assertion, 0), partOf(assertion, 1)];
	if (header === undefined || claims === undefined || assertion.split(".").length !== 3) return "Bad Request";
	if (header.alg !== "RS256" || header.typ !== "JWT" || typeof header.kid !== "string") return "Invalid JWT header.";
	if (claims.aud !== AUDIENCE && claims.aud !== url.href) return "Invalid JWT: Failed audience check.";
	if (typeof claims.scope !== "string" || !claims.scope.split(" ").includes(SCOPE)) return "Invalid scope.";
	const [issuedAt, endsAt, now] = [Number(claims.iat), Number(claims.exp), Date.now() / 1000];
	const isShort = issuedAt <= now + SKEW_SECONDS && endsAt > now && endsAt - issuedAt <= MAX_LIFE_SECONDS;
	return isShort
		? undefined
		: "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.";
}

function refused(error: string, description: string): Answer {
	return jsonAnswer({ error, error_description: description }, 400);
}

function failure(status: number, { code, retry_after_seconds: seconds }: Fault): Answer {
	const body = { error: code ?? CODES[status] ?? "server_error", error_description: "Refused by fault." };
	return jsonAnswer(body, status, seconds === undefined ? {} : { "retry-after": String(seconds) });
}
