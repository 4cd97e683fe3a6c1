import { beforeAll, describe, expect, it } from "vitest";
import { callsOf, setKeys, unexpectedRequests } from "../../../local/stand-ins/control.ts";
import { verifySessionToken } from "../clerk-token.ts";
import { JWKS_COOL_DOWN_MS, JWKS_FRESH_MS } from "../jwks.ts";
import { createInstance, KEY_UNKNOWN, LET_IN, madeUpKeyId, renamed } from "./clerk-instance.ts";
import { createSigningKey, mintToken } from "../../../lib/test/tokens.ts";
import type { SigningKey } from "../../../lib/test/tokens.ts";

const T0 = 1_800_000_000_000;

let key: SigningKey;
let otherKey: SigningKey;

beforeAll(async () => {
	[key, otherKey] = await Promise.all([createSigningKey(), createSigningKey()]);
});

describe("the key set", () => {
	it("is fetched once, at the issuer's own address and without credentials", async () => {
		const { host, ask } = await createInstance(key);
		for (let second = 0; second < 50; second++) expect(await ask(T0 + second * 1000)).toBe(LET_IN);
		const [call, ...others] = await callsOf(host);
		expect(others).toEqual([]);
		expect(call).toMatchObject({ method: "GET", path: "/.well-known/jwks.json" });
		expect(call?.headers).not.toHaveProperty("authorization");
	});

	it("is fetched once for callers that arrive together on a cold isolate", async () => {
		const { ask, fetches } = await createInstance(key);
		expect(await Promise.all(Array.from({ length: 20 }, () => ask(T0)))).toEqual(Array(20).fill(LET_IN));
		expect(await fetches()).toBe(1);
	});

	it("is fetched again after five minutes, and a key withdrawn by then is refused", async () => {
		const { host, ask, fetches } = await createInstance(key);
		expect(await ask(T0)).toBe(LET_IN);
		await setKeys(host, [otherKey.jwk]);
		expect(await ask(T0 + JWKS_FRESH_MS - 1)).toBe(LET_IN);
		expect(await fetches()).toBe(1);
		expect(await ask(T0 + JWKS_FRESH_MS)).toEqual(KEY_UNKNOWN);
		expect(await fetches()).toBe(2);
	});

	it("is fetched again for a new key id, and both keys pass", async () => {
		const { host, ask, fetches } = await createInstance(key);
		expect(await ask(T0)).toBe(LET_IN);
		await setKeys(host, [key.jwk, otherKey.jwk]);
		expect(await ask(T0 + JWKS_COOL_DOWN_MS, { key: otherKey })).toBe(LET_IN);
		expect(await ask(T0 + JWKS_COOL_DOWN_MS)).toBe(LET_IN);
		expect(await fetches()).toBe(2);
	});

	it("is fetched once per 30 s however many key ids are made up", async () => {
		const { ask, fetches } = await createInstance(key);
		const together = await Promise.all(Array.from({ length: 50 }, () => ask(T0, madeUpKeyId())));
		expect(together).toEqual(Array(50).fill(KEY_UNKNOWN));
		for (let count = 0; count < 50; count++)
			expect(await ask(T0 + JWKS_COOL_DOWN_MS - 1, madeUpKeyId())).toEqual(KEY_UNKNOWN);
		expect(await fetches()).toBe(1);
		expect(await ask(T0 + JWKS_COOL_DOWN_MS, madeUpKeyId())).toEqual(KEY_UNKNOWN);
		expect(await ask(T0 + JWKS_COOL_DOWN_MS, madeUpKeyId())).toEqual(KEY_UNKNOWN);
		expect(await fetches()).toBe(2);
		expect(await ask(T0 + JWKS_COOL_DOWN_MS)).toBe(LET_IN);
	});

	it("is not asked for a token that its header already refuses", async () => {
		const { ask, fetches } = await createInstance(key);
		for (const kid of [undefined, "", 7, null, [key.kid]]) {
			expect(await ask(T0, { header: { kid } })).toMatchObject({ status: 401, reason: "key_id_missing" });
		}
		expect(await ask(T0, { header: { cat: "cl_B7d4PD222AAA" } })).toMatchObject({ reason: "category_refused" });
		expect(await ask(T0, { signature: "none" })).toMatchObject({ reason: "algorithm_refused" });
		expect(await fetches()).toBe(0);
	});

	it("is fetched from nowhere that a token names", async () => {
		const { ask, fetches } = await createInstance(key);
		const { host: elsewhere } = await createInstance(otherKey);
		const jku = `https://${elsewhere}/.well-known/jwks.json`;
		expect(
			await ask(T0, { key: otherKey, issuer: `https://${elsewhere}`, header: { jku, x5u: jku, jwk: otherKey.jwk } }),
		).toEqual(KEY_UNKNOWN);
		expect([await fetches(), (await callsOf(elsewhere)).length]).toEqual([1, 0]);
		expect((await unexpectedRequests()).requests.join()).not.toContain(elsewhere);
	});

	it("is one issuer's own: another instance's key under our key id stays out", async () => {
		const forger = renamed(otherKey, key.kid);
		const ours = await createInstance(key);
		const theirs = await createInstance(forger);
		expect(await theirs.ask(T0)).toBe(LET_IN);
		expect(await ours.ask(T0, { key: forger })).toMatchObject({ status: 401, reason: "signature_invalid" });
		await setKeys(ours.host, [key.jwk, otherKey.jwk]);
		const foreign = { key: otherKey, issuer: theirs.settings.issuer };
		expect(await ours.ask(T0 + JWKS_COOL_DOWN_MS, foreign)).toMatchObject({ status: 401, reason: "issuer_mismatch" });
	});

	it("counts only RSA signature keys of 2048 bits and more with a key id", async () => {
		const short = await createSigningKey("ins_short", 1024);
		const others = [
			{ ...otherKey.jwk, kid: "enc", use: "enc" },
			{ ...otherKey.jwk, kid: "ps", alg: "PS256" },
			{ ...otherKey.jwk, kid: "ops", key_ops: ["sign"] },
			{ ...otherKey.jwk, kid: "text", n: "%%%" },
			{ ...otherKey.jwk, kid: "none", n: undefined },
			{ ...otherKey.jwk, kid: "number", e: 65537 },
			{ kty: "EC", crv: "P-256", kid: "ec", x: "AA", y: "AA" },
			{ kty: "oct", kid: "oct", alg: "HS256", k: otherKey.jwk.n },
			short.jwk,
		];
		const nameless = [
			{ ...otherKey.jwk, kid: 5 },
			{ ...otherKey.jwk, kid: "" },
			{ ...otherKey.jwk, kid: undefined },
		];
		const bare = { kty: "RSA", kid: key.kid, n: key.jwk.n, e: key.jwk.e };
		const keys: JsonWebKey[] = JSON.parse(JSON.stringify([...others, ...nameless, bare]));
		const { ask } = await createInstance(key, keys);
		expect(await ask(T0)).toBe(LET_IN);
		for (const { kid } of others) expect(await ask(T0, { key: otherKey, header: { kid } })).toEqual(KEY_UNKNOWN);
	});

	it("is never fetched where CLERK_JWT_KEY is set", async () => {
		const { host, settings } = await createInstance(key);
		const token = await mintToken({ key, issuer: settings.issuer, now: T0, header: { kid: undefined } });
		await expect(verifySessionToken(`Bearer ${token}`, { ...settings, jwtKey: key.pem }, T0)).resolves.toMatchObject({
			userId: "user_2abcDEF",
		});
		expect(await callsOf(host)).toEqual([]);
	});
});
