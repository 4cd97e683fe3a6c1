import { beforeAll, describe, expect, it } from "vitest";
import { harness } from "./harness.ts";

const RS256 = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
const EMAIL = "bot@koby.iam.gserviceaccount.com";
const TOKEN_URL = "https://oauth2.googleapis.com/token";
const HOST = "https://aiplatform.us.rep.googleapis.com";
const MODEL = "/v1/projects/koby/locations/us/publishers/google/models/gemini-3.5-flash-lite";
const ASKING = { contents: [{ role: "user", parts: [{ text: "Hi" }] }] };

let keys: { publicKey: CryptoKey; privateKey: CryptoKey };
let publicKey: object;

beforeAll(async () => {
	const parameters = { ...RS256, modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) };
	keys = await crypto.subtle.generateKey(parameters, true, ["sign", "verify"]);
	publicKey = await crypto.subtle.exportKey("jwk", keys.publicKey);
});

function base64Url(bytes: Uint8Array): string {
	return Buffer.from(bytes).toString("base64url");
}

async function assertion(claims: Record<string, unknown> = {}, header: Record<string, unknown> = {}): Promise<string> {
	const now = Math.floor(Date.now() / 1000);
	const scope = "https://www.googleapis.com/auth/cloud-platform";
	const all = { iss: EMAIL, scope, aud: TOKEN_URL, iat: now, exp: now + 3600, ...claims };
	const utf8 = new TextEncoder();
	const parts = [{ alg: "RS256", typ: "JWT", kid: "k1", ...header }, all];
	const signed = parts.map((part) => base64Url(utf8.encode(JSON.stringify(part)))).join(".");
	const signature = await crypto.subtle.sign(RS256.name, keys.privateKey, utf8.encode(signed));
	return `${signed}.${base64Url(new Uint8Array(signature))}`;
}

async function google() {
	const { fetch, post, control, faults, calls } = harness();
	expect((await control("google/accounts", { email: EMAIL, key: publicKey })).status).toBe(204);
	const exchange = (jwt: string, url = TOKEN_URL) => {
		const grant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
		return fetch(url, { method: "POST", body: new URLSearchParams({ grant_type: grant, assertion: jwt }) });
	};
	const bearer = async (): Promise<string> => {
		const body: { access_token: string } = JSON.parse(await (await exchange(await assertion())).text());
		return body.access_token;
	};
	const ask = (token: string, url = `${HOST}${MODEL}:generateContent`, body: unknown = ASKING) =>
		post(url, body, { authorization: `Bearer ${token}` });
	return { post, control, faults, calls, exchange, bearer, ask };
}

describe("Google's token endpoint", () => {
	it("gives a bearer for a signed assertion", async () => {
		const { exchange } = await google();
		const response = await exchange(await assertion());
		expect(response.status).toBe(200);
		expect(await response.json()).toEqual({
			access_token: expect.stringMatching(/^ya29\./),
			expires_in: 3599,
			token_type: "Bearer",
		});
	});

	it.each([
		["of an account that nobody registered", { iss: "other@koby.iam.gserviceaccount.com" }, {}],
		["made out to somebody else", { aud: "https://example.com" }, {}],
		["without the scope", { scope: "email" }, {}],
		["good for two hours", { exp: Math.floor(Date.now() / 1000) + 7200 }, {}],
		["of another day", { iat: 1, exp: 3601 }, {}],
		["of another algorithm", {}, { alg: "none" }],
	])("refuses an assertion %s", async (_, claims, header) => {
		const { exchange } = await google();
		const response = await exchange(await assertion(claims, header));
		expect(response.status).toBe(400);
		expect(await response.json()).toMatchObject({ error: "invalid_grant" });
	});

	it("refuses an assertion whose signature is another's", async () => {
		const { exchange } = await google();
		const [header, , signature] = (await assertion()).split(".");
		const [, claims] = (await assertion({ sub: "someone" })).split(".");
		expect((await exchange(`${header}.${claims}.${signature}`)).status).toBe(400);
	});

	it("fails as it is told to, by the account's address", async () => {
		const { exchange, faults, calls } = await google();
		await faults(EMAIL, { status: 503 }, { expires_in: 60 });
		expect((await exchange(await assertion())).status).toBe(503);
		expect(await (await exchange(await assertion())).json()).toMatchObject({ expires_in: 60 });
		expect((await calls(EMAIL)).map(({ vendor, path }) => [vendor, path])).toEqual([
			["google-token", "/token"],
			["google-token", "/token"],
		]);
	});
});

describe("Vertex AI", () => {
	it("answers who has a bearer, whole and streamed", async () => {
		const { ask, bearer } = await google();
		const token = await bearer();
		expect(await (await ask(token)).json()).toMatchObject({ candidates: [{ finishReason: "STOP" }] });
		const streamed = await ask(token, `${HOST}${MODEL}:streamGenerateContent?alt=sse`);
		expect(streamed.headers.get("content-type")).toBe("text/event-stream");
		expect(await streamed.text()).toMatch(/^data: \{/);
	});

	it.each([
		["no bearer", "", 401],
		["a bearer of nobody", "ya29.Ym90.made-up", 401],
	])("refuses %s", async (_, token, status) => {
		expect((await (await google()).ask(token)).status).toBe(status);
	});

	it("refuses a bearer that was revoked, and one beside a key", async () => {
		const { ask, bearer, control, post } = await google();
		const token = await bearer();
		const both = { authorization: `Bearer ${token}`, "x-goog-api-key": "key" };
		expect((await post(`${HOST}${MODEL}:generateContent`, ASKING, both)).status).toBe(401);
		await control("google/revoke", { email: EMAIL });
		expect((await ask(token)).status).toBe(401);
	});

	it("serves a location on its own host, models that exist, and contents with a role", async () => {
		const { ask, bearer } = await google();
		const token = await bearer();
		const at = async (url: string, body?: unknown) => (await ask(token, url, body)).status;
		expect(await at(`https://us-central1-aiplatform.googleapis.com${MODEL}:generateContent`)).toBe(400);
		expect(await at(`https://aiplatform.googleapis.com${MODEL.replace("/us/", "/global/")}:generateContent`)).toBe(200);
		expect(await at(`${HOST}${MODEL.replace("gemini-3.5-flash-lite", "gemini-2.0-flash")}:generateContent`)).toBe(404);
		expect(await at(`${HOST}${MODEL}:generateContent`, { contents: [{ parts: [{ text: "Hi" }] }] })).toBe(400);
	});
});
