import { beforeAll, describe, expect, it } from "vitest";
import { callsOf, setFaults, setKeys } from "../../../local/stand-ins/control.ts";
import type { Fault } from "../../../local/stand-ins/wire.ts";
import { JWKS_COOL_DOWN_MS, JWKS_FRESH_MS, JWKS_MAX_BYTES, JWKS_STALE_LIMIT_MS, JWKS_TIMEOUT_MS } from "../jwks.ts";
import { createInstance, KEY_UNKNOWN, keysUnavailable, LET_IN, madeUpKeyId } from "./clerk-instance.ts";
import { createSigningKey } from "../../../lib/test/tokens.ts";
import type { SigningKey } from "../../../lib/test/tokens.ts";

const T0 = 1_800_000_000_000;
const ALWAYS = 1000;
const TOO_LONG_MS = JWKS_TIMEOUT_MS + 500;

let key: SigningKey;
let otherKey: SigningKey;

beforeAll(async () => {
	[key, otherKey] = await Promise.all([createSigningKey(), createSigningKey()]);
});

/** Each makes a fetch of the key set fail, though the right key may well be in what arrives. */
const FAULTS: [string, (keys: string) => Fault][] = [
	["an error", () => ({ status: 500 })],
	["too many requests", () => ({ status: 429, retry_after_seconds: 1 })],
	["the keys under another status", (keys) => ({ status: 203, body: keys })],
	["an HTML page", () => ({ replace: "html" })],
	["bytes that are no text", () => ({ replace: "garbage" })],
	["nothing", () => ({ replace: "empty" })],
	["no key list", () => ({ body: "{}" })],
	["a list of no keys", () => ({ body: '{"keys":[]}' })],
	["null", () => ({ body: "null" })],
	["a list of no objects", () => ({ body: '{"keys":[null,1,"x",[]]}' })],
	["two keys of one id", (keys) => ({ body: keys.replace("[", `[${keys.slice(keys.indexOf("[") + 1, -2)},`) })],
	["more than 64 KiB", (keys) => ({ body: keys.padEnd(JWKS_MAX_BYTES + 1) })],
	[
		"more than 64 KiB of unknown length",
		(keys) => ({ chunks_base64: [keys, " ".repeat(40_000), " ".repeat(40_000)].map((text) => btoa(text)) }),
	],
	["half a body", (keys) => ({ chunks_base64: [btoa(keys.slice(0, 99)), btoa(keys.slice(99))], cut_after: 1 })],
	["a dropped connection", () => ({ reset: true })],
	["no answer in time", () => ({ delay_ms: TOO_LONG_MS })],
	["no end of the body in time", (keys) => ({ chunks_base64: [btoa(keys), btoa(" ")], chunk_delay_ms: TOO_LONG_MS })],
];

function published(...keys: SigningKey[]): string {
	return JSON.stringify({ keys: keys.map(({ jwk }) => jwk) });
}

describe.concurrent("while Clerk answers the key request with", () => {
	it.each(FAULTS)("%s: known keys serve on, others wait, and one fetch per 30 s is tried", async (_name, fault) => {
		const { host, ask, fetches } = await createInstance(key);
		expect(await ask(T0)).toBe(LET_IN);
		await setFaults(host, fault(published(key, otherKey)));
		const now = T0 + JWKS_FRESH_MS;
		expect(await ask(now)).toBe(LET_IN);
		expect(await ask(now + 1000, { key: otherKey })).toEqual(keysUnavailable(29));
		expect(await ask(now + JWKS_COOL_DOWN_MS - 1)).toBe(LET_IN);
		expect(await fetches()).toBe(2);
		expect(await ask(now + JWKS_COOL_DOWN_MS, { key: otherKey })).toEqual(KEY_UNKNOWN);
	});

	it.each(FAULTS)("%s: a cold isolate asks callers to come back", async (_name, fault) => {
		const { host, ask, fetches } = await createInstance(key);
		await setFaults(host, fault(published(key)));
		expect(await Promise.all([ask(T0), ask(T0), ask(T0, madeUpKeyId())])).toEqual(Array(3).fill(keysUnavailable(30)));
		expect(await ask(T0 + 10_000)).toEqual(keysUnavailable(20));
		expect(await ask(T0 + JWKS_COOL_DOWN_MS - 1)).toEqual(keysUnavailable(1));
		expect(await fetches()).toBe(1);
		expect(await ask(T0 + JWKS_COOL_DOWN_MS)).toBe(LET_IN);
	});
});

describe.concurrent("while Clerk is down", () => {
	it("keys serve for one hour and not a moment longer", async () => {
		const { host, ask } = await createInstance(key);
		expect(await ask(T0)).toBe(LET_IN);
		await setFaults(host, { status: 503, times: ALWAYS });
		expect(await ask(T0 + JWKS_STALE_LIMIT_MS)).toBe(LET_IN);
		expect(await ask(T0 + JWKS_STALE_LIMIT_MS + 1)).toEqual(keysUnavailable(30));
	});

	it("made-up key ids cause one fetch per 30 s", async () => {
		const { host, ask, fetches } = await createInstance(key);
		expect(await ask(T0)).toBe(LET_IN);
		await setFaults(host, { status: 503, times: ALWAYS });
		const now = T0 + JWKS_COOL_DOWN_MS;
		expect(await Promise.all(Array.from({ length: 50 }, () => ask(now, madeUpKeyId())))).toEqual(
			Array(50).fill(keysUnavailable(30)),
		);
		expect(await ask(now + 1000)).toBe(LET_IN);
		expect(await fetches()).toBe(2);
	});

	it("known callers do not wait for a fetch that another caller set off", async () => {
		const { host, ask, fetches } = await createInstance(key);
		expect(await ask(T0)).toBe(LET_IN);
		await setFaults(host, { delay_ms: TOO_LONG_MS });
		const now = T0 + JWKS_FRESH_MS;
		let firstIsDone = false;
		const first = ask(now).finally(() => (firstIsDone = true));
		await expect.poll(fetches).toBe(2);
		expect(await ask(now)).toBe(LET_IN);
		expect(firstIsDone).toBe(false);
		expect(await first).toBe(LET_IN);
		expect(await fetches()).toBe(2);
	});

	it("a redirect is not followed", async () => {
		const { host: elsewhere } = await createInstance(key);
		const { host, ask } = await createInstance(key);
		await setFaults(host, { redirect: `https://${elsewhere}/.well-known/jwks.json` });
		expect(await ask(T0)).toEqual(keysUnavailable(30));
		expect(await callsOf(elsewhere)).toEqual([]);
	});

	it("keys that come back are taken up", async () => {
		const { host, ask } = await createInstance(key);
		await setFaults(host, { status: 503 });
		expect(await ask(T0)).toEqual(keysUnavailable(30));
		await setKeys(host, [otherKey.jwk]);
		expect(await ask(T0 + JWKS_COOL_DOWN_MS, { key: otherKey })).toBe(LET_IN);
		expect(await ask(T0 + JWKS_COOL_DOWN_MS)).toEqual(KEY_UNKNOWN);
	});
});
