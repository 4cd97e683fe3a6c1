import { beforeAll, describe, expect, it } from "vitest";
import { setFaults, setKeys } from "../../../local/stand-ins/control.ts";
import { JWKS_COOL_DOWN_MS, JWKS_FRESH_MS } from "../jwks.ts";
import { createInstance, LET_IN, madeUpKeyId, renamed } from "./clerk-instance.ts";
import { createSigningKey } from "../../../lib/test/tokens.ts";
import type { SigningKey } from "../../../lib/test/tokens.ts";

const T0 = 1_800_000_000_000;
const T1 = T0 + JWKS_COOL_DOWN_MS;
const REFUSED = {
	code: "unauthenticated",
	status: 401,
	reason: "signature_invalid",
	headers: { "WWW-Authenticate": "Bearer" },
};

let key: SigningKey;
let successor: SigningKey;
let stranger: SigningKey;

beforeAll(async () => {
	key = await createSigningKey();
	const [other, foreign] = await Promise.all([createSigningKey(), createSigningKey()]);
	successor = renamed(other, key.kid);
	stranger = renamed(foreign, key.kid);
});

/** An instance whose key this isolate knows since T0. */
async function known() {
	const instance = await createInstance(key);
	expect(await instance.ask(T0)).toBe(LET_IN);
	return instance;
}

/** An instance that has put its successor in the place of its key since. */
async function rotated() {
	const instance = await known();
	await setKeys(instance.host, [successor.jwk]);
	return instance;
}

describe("a new key under the same key id", () => {
	it("is taken up at its first token, and the old one is refused from then on", async () => {
		const { ask, fetches } = await rotated();
		expect(await ask(T1, { key: successor })).toBe(LET_IN);
		expect(await ask(T1)).toEqual(REFUSED);
		for (let second = 0; second < 60; second++) expect(await ask(T1 + second, { key: successor })).toBe(LET_IN);
		expect(await fetches()).toBe(2);
	});

	it("is taken up by all who come with it together", async () => {
		const { ask, fetches } = await rotated();
		const answers = await Promise.all(Array.from({ length: 30 }, () => ask(T1, { key: successor })));
		expect(answers).toEqual(Array(30).fill(LET_IN));
		expect(await fetches()).toBe(2);
	});

	it("waits for the end of the cool-down, whatever set that off", async () => {
		const { ask, fetches } = await rotated();
		expect(await ask(T1 - 1, { key: successor })).toEqual(REFUSED);
		expect(await fetches()).toBe(1);
		expect(await ask(T1, madeUpKeyId())).toMatchObject({ status: 401 });
		expect(await ask(T1 + 1, { key: successor })).toBe(LET_IN);
		expect(await fetches()).toBe(2);
	});

	it("shows after five minutes at the latest, when the old one's token asks", async () => {
		const { ask } = await rotated();
		expect(await ask(T0 + JWKS_FRESH_MS - 1)).toBe(LET_IN);
		expect(await ask(T0 + JWKS_FRESH_MS)).toEqual(REFUSED);
	});

	it("leaves the keys beside it as they are", async () => {
		const beside = await createSigningKey();
		const { host, ask } = await createInstance(key, [key.jwk, beside.jwk]);
		expect(await ask(T0, { key: beside })).toBe(LET_IN);
		await setKeys(host, [beside.jwk, successor.jwk]);
		expect(await ask(T1, { key: successor })).toBe(LET_IN);
		expect(await ask(T1, { key: beside })).toBe(LET_IN);
	});
});

describe("a signature that does not hold", () => {
	it("costs one fetch per 30 s, however many come at once and one after the other", async () => {
		const { ask, fetches } = await known();
		for (const [round, at] of [T1, T1 + JWKS_COOL_DOWN_MS].entries()) {
			const flood = Array.from({ length: 100 }, () => ask(at, { key: stranger }));
			expect(await Promise.all(flood)).toEqual(Array(100).fill(REFUSED));
			for (let n = 1; n <= 20; n++) expect(await ask(at + n * 1000, { key: stranger })).toEqual(REFUSED);
			expect(await fetches()).toBe(2 + round);
		}
		expect(await ask(T1 + JWKS_COOL_DOWN_MS)).toBe(LET_IN);
	});

	it("shares its cool-down with made-up key ids", async () => {
		const { ask, fetches } = await known();
		const mixed = Array.from({ length: 60 }, (_, n) => ask(T1, n % 2 === 0 ? { key: stranger } : madeUpKeyId()));
		for (const answer of await Promise.all(mixed)) expect(answer).toMatchObject({ status: 401 });
		expect(await fetches()).toBe(2);
	});

	it("is refused, and known keys serve on, when the keys cannot be had", async () => {
		const { host, ask, fetches } = await known();
		await setFaults(host, { status: 503, times: 9 });
		expect(await ask(T1, { key: stranger })).toEqual(REFUSED);
		expect(await ask(T1 + 1000, { key: stranger })).toEqual(REFUSED);
		expect(await ask(T1 + 1000)).toBe(LET_IN);
		expect(await fetches()).toBe(2);
	});

	it("asks for nothing where it is the first to come: the keys are a moment old", async () => {
		const { ask, fetches } = await createInstance(key);
		const flood = Array.from({ length: 40 }, () => ask(T0, { key: stranger }));
		expect(await Promise.all(flood)).toEqual(Array(40).fill(REFUSED));
		expect(await fetches()).toBe(1);
	});

	it("asks for nothing where the key is pinned", async () => {
		const { settings, ask, fetches } = await createInstance(key);
		settings.jwtKey = key.pem;
		expect(await ask(T1, { key: stranger })).toEqual(REFUSED);
		expect(await fetches()).toBe(0);
	});
});
