import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { resetDatabase } from "../../../lib/test/database.ts";
import { skipPauses } from "../../../lib/test/pauses.ts";
import type { Fault } from "../../../local/stand-ins/wire.ts";
import { CHADIS_KEY, STREAMED, expectError, newClient } from "../../test/client.ts";
import type { Client } from "../../test/client.ts";

beforeEach(async () => {
	await resetDatabase(env.DB);
	// The shortest wait before a second try.
	vi.spyOn(Math, "random").mockReturnValue(0);
	skipPauses([SHORTEST_PAUSE_MS, ASKED_MS]);
});
afterEach(() => vi.restoreAllMocks());

const SHORTEST_PAUSE_MS = 100;
/** What the vendor asks to be left alone for, where it is little. */
const ASKED_MS = 1000;
const FIRST = "gemini-3.5-flash-lite";
const FALLBACK = "gemini-3.1-flash-lite";
const GOOD: Fault = { reply: { text: "We open at nine." } };
const NO_FALLBACK = { env: { GEMINI_FALLBACK_MODEL: "" } };

async function models(client: Client): Promise<string[]> {
	return (await client.asked()).map(({ path }) => /models\/([^:]+)/.exec(path)?.[1] ?? "");
}

/** Status, models asked and Retry-After of an answer. */
async function told(faults: Fault[], more: object = {}): Promise<[number, string[], string | null]> {
	const client = newClient();
	await client.gemini(...faults);
	const response = await client.call({ key: CHADIS_KEY, ...more });
	await response.text();
	return [response.status, await models(client), response.headers.get("Retry-After")];
}

const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1000).toUTCString();

describe.each([
	["whole", {}],
	["streamed", STREAMED],
])("a vendor that is busy (%s)", (_mode, headers) => {
	it.each([408, 409, 425, 499, 500, 503, 529])("and says %i is asked again, for its other model", async (status) => {
		expect(await told([{ status }, GOOD], { headers })).toEqual([200, [FIRST, FALLBACK], null]);
	});

	it.each([408, 499, 529])("and says %i is asked for the same where there is no other", async (status) => {
		expect(await told([{ status }, GOOD], { headers, ...NO_FALLBACK })).toEqual([200, [FIRST, FIRST], null]);
	});

	it.each([501, 502, 520, 524, 598])("and says %i through a proxy is asked again", async (status) => {
		expect(await told([{ status, body: "<html>" }, GOOD], { headers })).toEqual([200, [FIRST, FIRST], null]);
	});

	it.each([400, 402, 405, 410, 413, 422, 451])(
		"is not asked again after %i, which no waiting mends",
		async (status) => {
			expect(await told([{ status }], { headers })).toEqual([503, [FIRST], "5"]);
		},
	);

	it.each(["UNAVAILABLE", "CANCELLED", "INTERNAL", "SOMETHING_NEW"])(
		"and says only %s in a text after its 200 is asked again",
		async (status) => {
			const body = JSON.stringify({ error: { status, message: "busy" } });
			const faults = [{ body: headers === STREAMED ? `data: ${body}\n\n` : body }, GOOD];
			expect(await told(faults, { headers })).toEqual([200, [FIRST, FALLBACK], null]);
		},
	);

	it("and says after its 200 that the request is at fault is not asked again", async () => {
		const body = JSON.stringify({ error: { status: "INVALID_ARGUMENT" } });
		expect(await told([{ body: headers === STREAMED ? `data: ${body}\n\n` : body }], { headers })).toEqual([
			503,
			[FIRST],
			"5",
		]);
	});
});

describe("a Retry-After of the vendor", () => {
	it.each([
		["seconds", () => "1"],
		["a date", () => inSeconds(1)],
		["a date that has passed", () => inSeconds(-3600)],
	])("that asks for little, in %s, is kept, and the same model asked", async (_, value) => {
		const faults = [{ status: 429, headers: { "Retry-After": value() } }, GOOD];
		expect(await told(faults)).toEqual([200, [FIRST, FIRST], null]);
	});

	it.each([
		["seconds", "40"],
		["a date", inSeconds(40)],
	])("that asks for much, in %s, leads to the other model", async (_, value) => {
		const faults = [{ status: 429, headers: { "Retry-After": value } }, GOOD];
		expect(await told(faults)).toEqual([200, [FIRST, FALLBACK], null]);
	});

	it.each([429, 503, 408])("is told to the caller where there is no other model (%i)", async (status) => {
		expect(await told([{ status, headers: { "Retry-After": "77" } }], NO_FALLBACK)).toEqual([503, [FIRST], "77"]);
	});

	it("in a date is told to the caller in seconds, at most an hour of them", async () => {
		const [status, , seconds] = await told([{ status: 503, headers: { "Retry-After": inSeconds(600) } }], NO_FALLBACK);
		expect(status).toBe(503);
		expect(Number(seconds)).toBeGreaterThan(590);
		expect(Number(seconds)).toBeLessThanOrEqual(601);
		const far = { status: 503, headers: { "Retry-After": "Fri, 31 Dec 9999 23:59:59 GMT" } };
		expect(await told([far], NO_FALLBACK)).toEqual([503, [FIRST], "3600"]);
	});

	it("stands behind the body's own word", async () => {
		const fault = { status: 429, retry_after_seconds: 33, headers: { "Retry-After": "1" } };
		expect(await told([fault], NO_FALLBACK)).toEqual([503, [FIRST], "33"]);
	});

	it.each(["soon", "-1", "1.5", "Tuesday", ""])("that says neither (%j) is none", async (value) => {
		expect(await told([{ status: 503, times: 2, headers: { "Retry-After": value } }])).toEqual([
			503,
			[FIRST, FALLBACK],
			"5",
		]);
	});
});

describe("an error body that is a list", () => {
	it("is read like the object in it: its wait", async () => {
		const listed: Fault = { status: 429, error_shape: "list", retry_after_seconds: 44 };
		expect(await told([listed], NO_FALLBACK)).toEqual([503, [FIRST], "44"]);
	});

	it("is read like the object in it: its reason, for the log", async () => {
		const lines = vi.spyOn(console, "error").mockImplementation(() => undefined);
		const client = newClient();
		await client.gemini({ status: 400, code: "API_KEY_INVALID", error_shape: "list" });
		await expectError(await client.call({ key: CHADIS_KEY }), 503, "model_unavailable");
		expect(lines.mock.calls.join()).toContain("gemini 400 INVALID_ARGUMENT API_KEY_INVALID");
	});
});
