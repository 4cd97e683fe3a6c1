import { beforeAll, describe, expect, it } from "vitest";
import type { ClerkSettings } from "../clerk-config.ts";
import { MAX_TOKEN_CHARS, verifySessionToken } from "../clerk-token.ts";
import { base64url, createSigningKey, mintToken, refusedCallers } from "../../../lib/test/tokens.ts";
import type { SigningKey, TokenOptions } from "../../../lib/test/tokens.ts";

const NOW = 1_800_000_000_000;
const ISSUER = "https://clerk.koby.test";
const GOOD_CLAIMS = JSON.stringify({ iss: ISSUER, sub: "user_2abc", sid: "sess_1", exp: NOW / 1000 + 60, note: "?" });

let key: SigningKey;
let good: TokenOptions;
let settings: ClerkSettings;

beforeAll(async () => {
	key = await createSigningKey();
	good = { key, issuer: ISSUER, now: NOW };
	settings = {
		issuer: ISSUER,
		jwksUrl: "https://pinned.clerk.test/.well-known/jwks.json",
		jwtKey: key.pem,
		authorizedParties: new Set(["https://portal.koby.ai"]),
		admitsLoopbackParties: false,
		staffUserIds: new Set(),
	};
});

async function verify(options: Partial<TokenOptions>) {
	return verifySessionToken(`Bearer ${await mintToken({ ...good, ...options })}`, settings, NOW);
}

function refusal(reason: string) {
	return expect.objectContaining({
		code: "unauthenticated",
		status: 401,
		message: "Sign in and send a valid session token as a Bearer token.",
		headers: { "WWW-Authenticate": "Bearer" },
		fields: undefined,
		reason,
	});
}

describe("a good token", () => {
	it("names its caller", async () => {
		expect(await verify({ org: { id: "org_2xyz", role: "admin" } })).toEqual({
			userId: "user_2abcDEF",
			sessionId: "sess_2abcDEF",
			orgId: "org_2xyz",
			role: "admin",
			staff: false,
			impersonated: false,
			impersonatorId: null,
		});
	});

	it.each([
		["no typ", { typ: undefined }],
		["no category", { cat: undefined }],
		['the category "no information"', { cat: "cl_I7d4PD111III" }],
		["a header it does not know", { oiat: 1, extra: "x" }],
		["no key id where the key is pinned", { kid: undefined }],
		["another key id where the key is pinned", { kid: "ins_other" }],
	])("may have %s", async (_name, header) => {
		expect(await verify({ header })).toMatchObject({ userId: "user_2abcDEF" });
	});

	it("may hold no more than what is required", async () => {
		expect(await verify({ payload: GOOD_CLAIMS })).toMatchObject({ userId: "user_2abc", sessionId: "sess_1" });
	});

	it.each(["Bearer  TOKEN", "bearer TOKEN", "BEARER TOKEN"])("may stand in the header as %j", async (form) => {
		const header = form.replace("TOKEN", await mintToken(good));
		expect(await verifySessionToken(header, settings, NOW)).toMatchObject({ userId: "user_2abcDEF" });
	});

	it.each([
		["bare base64", (pem: string) => pem.replaceAll(/-----.*-----|\n/g, "")],
		["\\n escapes", (pem: string) => pem.replaceAll("\n", "\\n")],
		["Windows line ends", (pem: string) => `${pem.replaceAll("\n", "\r\n")}\r\n`],
	])("verifies against a CLERK_JWT_KEY with %s", async (_name, form) => {
		const token = await mintToken(good);
		expect(await verifySessionToken(`Bearer ${token}`, { ...settings, jwtKey: form(key.pem) }, NOW)).toMatchObject({
			role: null,
		});
	});
});

describe("a refused caller", () => {
	it.each(refusedCallers)("with $name gets the one 401", async ({ authorization }) => {
		await expect(verifySessionToken(await authorization(good), settings, NOW)).rejects.toThrow(
			refusal(expect.any(String)),
		);
	});

	it.each([
		["", "not_a_bearer_token"],
		["Bearer", "not_a_bearer_token"],
		["Basic dXNlcjpwYXNz", "not_a_bearer_token"],
		["TOKEN", "not_a_bearer_token"],
		["Bearer TOKEN TOKEN", "not_a_bearer_token"],
		["Bearer\tTOKEN", "not_a_bearer_token"],
		["Bearer TOKEN, Bearer TOKEN", "not_a_bearer_token"],
		["Bearer TOKEN,TOKEN", "token_malformed"],
		["Bearer TOKEN.x", "token_malformed"],
		["Bearer TOKEN=", "token_malformed"],
		["Bearer TOKEN\n", "token_malformed"],
		["Bearer aaa.bbb.ccc", "token_malformed"],
		["Bearer a.b", "token_malformed"],
		["Bearer ..", "token_malformed"],
		["Bearer null", "token_malformed"],
		[`Bearer ${"a".repeat(MAX_TOKEN_CHARS + 1)}`, "token_too_long"],
		[`Bearer ${"a".repeat(MAX_TOKEN_CHARS)}`, "token_malformed"],
	])("sending %j is refused as %s", async (form, reason) => {
		const header = form.replaceAll("TOKEN", await mintToken(good));
		await expect(verifySessionToken(header, settings, NOW)).rejects.toThrow(refusal(reason));
	});

	it.each([
		["type_refused", { typ: "jwt" }],
		["type_refused", { typ: "" }],
		["type_refused", { typ: null }],
		["type_refused", { typ: "at+jwt" }],
		["type_refused", { typ: "application/at+jwt" }],
		["category_refused", { cat: "cl_B7d4PD333AAA" }],
		["category_refused", { cat: "cl_B7d4PD222AAA" }],
		["category_refused", { cat: null }],
		["category_refused", { cat: ["cl_B7d4PD111AAA"] }],
		["algorithm_refused", { alg: "RS384" }],
		["algorithm_refused", { alg: "PS256" }],
		["algorithm_refused", { alg: "none" }],
		["algorithm_refused", { alg: "rs256" }],
		["token_malformed", { alg: undefined }],
		["token_malformed", { alg: ["RS256"] }],
		["token_malformed", { crit: ["exp"], exp: 1 }],
		["critical_extension_refused", { crit: ["b64"], b64: true }],
	])("is refused as %s for the header %j", async (reason, header) => {
		await expect(verify({ header })).rejects.toThrow(refusal(reason));
	});

	it("brings its own key in vain", async () => {
		const own = await createSigningKey(key.kid);
		const header = { jwk: own.jwk, jku: "https://evil.test/jwks.json", x5u: "https://evil.test/x", x5c: ["AAAA"] };
		await expect(verify({ key: own, header })).rejects.toThrow(refusal("signature_invalid"));
	});

	it("changes any part of a signed token in vain", async () => {
		const [header = "", payload = "", signature = ""] = (await mintToken(good)).split(".");
		const claims = base64url(JSON.stringify({ iss: ISSUER, sub: "user_other", sid: "sess_1", exp: NOW / 1000 + 60 }));
		const otherBit = `${signature.startsWith("A") ? "B" : "A"}${signature.slice(1)}`;
		const broken = [
			[header, claims, signature],
			[header, payload, otherBit],
			[header, payload, signature.slice(4)],
			[header, payload, ""],
		];
		for (const parts of broken) {
			await expect(verifySessionToken(`Bearer ${parts.join(".")}`, settings, NOW)).rejects.toThrow(
				refusal("signature_invalid"),
			);
		}
	});

	it("respells the last bits of a signature in vain", async () => {
		const token = await mintToken(good);
		const respelled = token.slice(0, -1) + String.fromCharCode(token.charCodeAt(token.length - 1) + 1);
		await expect(verifySessionToken(`Bearer ${respelled}`, settings, NOW)).rejects.toThrow(refusal("token_malformed"));
	});

	it("learns of the signature before any claim", async () => {
		const other = await createSigningKey(key.kid);
		await expect(verify({ key: other, claims: { iss: "x", exp: 1, sts: "pending" } })).rejects.toThrow(
			refusal("signature_invalid"),
		);
	});

	it.each([
		["text", "hello"],
		["a list", "[]"],
		["null", "null"],
		["nothing", ""],
		["behind a byte order mark", `\uFEFF${GOOD_CLAIMS}`],
		["no UTF-8", Uint8Array.from(GOOD_CLAIMS, (char) => (char === "?" ? 0xff : char.charCodeAt(0)))],
	])("is refused when the signed payload is %s", async (_name, payload) => {
		await expect(verify({ payload })).rejects.toThrow(refusal("claims_malformed"));
	});
});

describe("a CLERK_JWT_KEY that is no RSA public key of 2048 bits", () => {
	it("fails closed as our own fault", async () => {
		const short = await createSigningKey("ins_short", 1024);
		for (const jwtKey of [
			"garbage",
			short.pem,
			"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
			"AAAA",
		]) {
			const header = `Bearer ${await mintToken(good)}`;
			const fault = { code: "not_configured", reason: "CLERK_JWT_KEY is missing or unusable" };
			await expect(verifySessionToken(header, { ...settings, jwtKey }, NOW)).rejects.toThrow(
				expect.objectContaining(fault),
			);
		}
	});
});
