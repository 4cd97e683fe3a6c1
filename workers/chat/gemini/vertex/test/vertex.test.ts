import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { resetDatabase } from "../../../../lib/test/database.ts";
import { revokeBearers } from "../../../../local/stand-ins/control.ts";
import type { Fault } from "../../../../local/stand-ins/wire.ts";
import { CHADIS_KEY, STREAMED, eventsOf, expectError, newClient } from "../../../test/client.ts";
import { newAccount, pemOf, spyOnLog } from "./google.ts";

beforeEach(() => resetDatabase(env.DB));
afterEach(() => vi.useRealTimers());
afterEach(() => vi.restoreAllMocks());

const MODELS = "/v1/projects/koby-test/locations/us/publishers/google/models";
const TOKEN = { path: "/token" };
const MODEL = { path: "/v1/projects" };

describe("a deployment with a service account and no key", () => {
	it("asks Vertex AI with a bearer, whole and streamed", async () => {
		const account = await newAccount();
		const client = newClient();
		const whole = await client.call({ key: CHADIS_KEY, env: account.env });
		expect(await whole.json()).toMatchObject({
			finish: "stop",
			response: expect.stringContaining("When do you open?"),
		});
		const streamed = await client.call({
			key: CHADIS_KEY,
			env: account.env,
			headers: STREAMED,
			body: { message: "And on Sundays?" },
		});
		expect(eventsOf(await streamed.text()).map(({ event }) => event)).toEqual(
			expect.arrayContaining(["session", "delta", "done"]),
		);
		const asked = await account.asked();
		expect(asked.map(({ path }) => path)).toEqual([
			`${MODELS}/gemini-3.5-flash-lite:generateContent`,
			`${MODELS}/gemini-3.5-flash-lite:streamGenerateContent?alt=sse`,
		]);
		for (const { headers, body } of asked) {
			expect(headers.host).toBe("aiplatform.us.rep.googleapis.com");
			expect(headers.authorization).toMatch(/^Bearer ya29\./);
			expect(headers).not.toHaveProperty("x-goog-api-key");
			expect(body).toMatchObject({
				systemInstruction: {},
				safetySettings: {},
				generationConfig: { maxOutputTokens: 1024 },
			});
		}
		expect(await client.asked()).toEqual([]);
	});

	it("answers without a site key as well", async () => {
		const account = await newAccount();
		expect((await newClient().call({ env: account.env })).status).toBe(200);
		expect(await account.asked()).toHaveLength(1);
	});

	it("makes its assertion out to Google's token endpoint, for one hour and one scope", async () => {
		const account = await newAccount();
		await newClient().call({ key: CHADIS_KEY, env: account.env });
		const [exchange] = await account.exchanges();
		const { grant_type: grant, assertion } = Object(exchange?.body);
		expect(grant).toBe("urn:ietf:params:oauth:grant-type:jwt-bearer");
		const [header, claims] = String(assertion)
			.split(".", 2)
			.map((part) => JSON.parse(atob(part.replaceAll("-", "+").replaceAll("_", "/"))));
		expect(header).toEqual({ alg: "RS256", typ: "JWT", kid: account.file.private_key_id });
		expect(claims).toEqual({
			iss: account.email,
			scope: "https://www.googleapis.com/auth/cloud-platform",
			aud: "https://oauth2.googleapis.com/token",
			iat: expect.any(Number),
			exp: claims.iat + 3600,
		});
	});

	it("exchanges once for many turns at once, and for those after them", async () => {
		const account = await newAccount();
		await account.faults({ ...TOKEN, delay_ms: 300 });
		const answers = await Promise.all(
			Array.from({ length: 8 }, () => newClient().call({ key: CHADIS_KEY, env: account.env })),
		);
		expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
		await newClient().call({ key: CHADIS_KEY, env: account.env });
		expect(await account.exchanges()).toHaveLength(1);
		expect(await account.asked()).toHaveLength(9);
	});

	it("keeps a bearer until five minutes before its end", async () => {
		vi.useFakeTimers({ toFake: ["Date"] });
		const account = await newAccount();
		await account.faults({ ...TOKEN, expires_in: 360 });
		const ask = async () => (await newClient().call({ key: CHADIS_KEY, env: account.env })).status;
		expect(await ask()).toBe(200);
		vi.setSystemTime(Date.now() + 59_000);
		expect(await ask()).toBe(200);
		expect(await account.exchanges()).toHaveLength(1);
		vi.setSystemTime(Date.now() + 2000);
		expect(await ask()).toBe(200);
		expect(await account.exchanges()).toHaveLength(2);
	});

	it("uses a bearer that ends in less than five minutes for who waits for it, and no longer", async () => {
		const account = await newAccount();
		await account.faults({ ...TOKEN, expires_in: 60, times: 2 });
		for (const exchanges of [1, 2]) {
			expect((await newClient().call({ key: CHADIS_KEY, env: account.env })).status).toBe(200);
			expect(await account.exchanges()).toHaveLength(exchanges);
		}
	});
});

describe("a bearer that Vertex AI refuses", () => {
	it("is dropped, and the turn asks once more with a new one", async () => {
		const account = await newAccount();
		await newClient().call({ key: CHADIS_KEY, env: account.env });
		await revokeBearers(account.email);
		const answer = await newClient().call({ key: CHADIS_KEY, env: account.env });
		expect(await answer.json()).toMatchObject({ finish: "stop" });
		expect((await account.asked()).map(({ status }) => status)).toEqual([200, 401, 200]);
		expect(await account.exchanges()).toHaveLength(2);
	});

	it("is dropped once by all turns that had it", async () => {
		const account = await newAccount();
		await newClient().call({ key: CHADIS_KEY, env: account.env });
		await revokeBearers(account.email);
		const answers = await Promise.all(
			Array.from({ length: 5 }, () => newClient().call({ key: CHADIS_KEY, env: account.env })),
		);
		expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
		expect(await account.exchanges()).toHaveLength(2);
	});

	it("is not exchanged for another time and again where the account lacks a right", async () => {
		const account = await newAccount();
		const log = spyOnLog();
		await account.faults({ ...MODEL, status: 403, times: 50 });
		for (let turn = 0; turn < 4; turn++)
			await expectError(await newClient().call({ key: CHADIS_KEY, env: account.env }), 503, "model_unavailable");
		expect(await account.exchanges()).toHaveLength(2);
		// The first turn asks twice, the others once.
		expect(await account.asked()).toHaveLength(5);
		expect(log()).toContain("gemini 403 PERMISSION_DENIED");
	});
});

describe("while Google's token endpoint", () => {
	const once: [string, Fault][] = [
		["is busy", { status: 503 }],
		["is over its limit", { status: 429 }],
		["breaks the connection off", { reset: true }],
		["answers no bearer", { body: '{"access_token":"","expires_in":3599,"token_type":"Bearer"}' }],
		["answers a page", { replace: "html" }],
	];
	it.each(once)("%s once, the turn's second try is answered", async (_, fault) => {
		const account = await newAccount();
		await account.faults({ ...TOKEN, ...fault });
		expect((await newClient().call({ key: CHADIS_KEY, env: account.env })).status).toBe(200);
		expect([(await account.exchanges()).length, (await account.asked()).length]).toEqual([2, 1]);
	});

	it("is down, the visitor is told to come back, and the next turn after it is answered", async () => {
		const account = await newAccount();
		const log = spyOnLog();
		await account.faults({ ...TOKEN, status: 500, retry_after_seconds: 17, times: 2 });
		const refused = await newClient().call({ key: CHADIS_KEY, env: account.env });
		expect(refused.headers.get("Retry-After")).toBe("17");
		await expectError(refused, 503, "model_unavailable");
		expect(await account.asked()).toEqual([]);
		expect(log()).toContain('"event":"vertex_token_not_got"');
		expect(log()).toContain('"secret":"VERTEX_SERVICE_ACCOUNT","reason":"token 500');
		expect((await newClient().call({ key: CHADIS_KEY, env: account.env })).status).toBe(200);
	});

	it("says nothing at all, a turn ends within its time", async () => {
		const account = await newAccount();
		await account.faults({ ...TOKEN, hang: true });
		const bindings = { ...account.env, GEMINI_TIMEOUT_MS: "500" };
		await expectError(await newClient().call({ key: CHADIS_KEY, env: bindings }), 503, "model_unavailable");
		expect(await account.asked()).toEqual([]);
	});

	it("refuses the account, it is not asked again in the same turn, and the log says which secret", async () => {
		const account = await newAccount();
		const log = spyOnLog();
		// Signed by the key of another account's file.
		const other = await crypto.subtle.generateKey(
			{ name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
			true,
			["sign", "verify"],
		);
		if (!("privateKey" in other)) throw new Error("One key in place of two.");
		const file = { ...account.file, private_key: await pemOf(other.privateKey) };
		const bindings = { ...account.env, VERTEX_SERVICE_ACCOUNT: JSON.stringify(file) };
		await expectError(await newClient().call({ key: CHADIS_KEY, env: bindings }), 503, "model_unavailable");
		expect(await account.exchanges()).toHaveLength(1);
		expect(log()).toContain('"secret":"VERTEX_SERVICE_ACCOUNT","reason":"token 400 invalid_grant"');
		expect(log()).not.toMatch(/Signature|eyJ|PRIVATE/);
	});
});
