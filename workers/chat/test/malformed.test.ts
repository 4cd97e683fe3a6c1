import { env } from "cloudflare:workers";
import { SCHEMA_VERSION } from "../../lib/d1/schema-version.ts";
import { beforeEach, describe, expect, it } from "vitest";
import { resetDatabase } from "../../lib/test/database.ts";
import { CHADIS_KEY, expectError, newClient } from "./client.ts";
import { NOTHING_WRITTEN, written } from "./tables.ts";

beforeEach(() => resetDatabase(env.DB));

const bytes = (text: string, ...more: number[]): Uint8Array =>
	new Uint8Array([...new TextEncoder().encode(text), ...more]);
const json = (value: string): string => `{"message":${value}}`;

const BAD_BODIES: [string, string | Uint8Array, number, string, string[]?][] = [
	["not JSON", "hello", 400, "invalid_json"],
	["nothing", "", 400, "invalid_json"],
	["an array", "[]", 400, "invalid_json"],
	["null", "null", 400, "invalid_json"],
	["a text", '"hello"', 400, "invalid_json"],
	["not UTF-8", bytes('{"message":"', 0xc3, 0x28, 0x22, 0x7d), 400, "invalid_json"],
	["1 MB", json(`"${"a".repeat(1_000_000)}"`), 413, "payload_too_large"],
	["20 MB", json(`"${"a".repeat(20_000_000)}"`), 413, "payload_too_large"],
	["65,536 fields", `{${Array.from({ length: 65_536 }, (_, n) => `"${n}":0`).join()}}`, 413, "payload_too_large"],
	["a number of 30,000 digits", json("9".repeat(30_000)), 422, "invalid_request", ["message"]],
	["one byte over the cap", json(`"a"`).padEnd(32_769), 413, "payload_too_large"],
	["100,000 deep", json("[".repeat(100_000) + "]".repeat(100_000)), 413, "payload_too_large"],
	["as deep as fits", json("[".repeat(16_000) + "]".repeat(16_000)), 422, "invalid_request", ["message"]],
	["an empty object", "{}", 422, "invalid_request", ["message"]],
	["a prototype", '{"__proto__":{"message":"hello"}}', 422, "invalid_request", ["message"]],
	["a null message", json("null"), 422, "invalid_request", ["message"]],
	["a number as message", json("1"), 422, "invalid_request", ["message"]],
	["a list as message", json('["hello"]'), 422, "invalid_request", ["message"]],
	["an empty message", json('""'), 422, "invalid_request", ["message"]],
	["white space as message", json(String.raw`" \n\t "`), 422, "invalid_request", ["message"]],
	["2,001 characters", json(`"${"é".repeat(2001)}"`), 422, "invalid_request", ["message"]],
	["NUL in the message", json(String.raw`"a\u0000b"`), 422, "invalid_request", ["message"]],
	["a lone surrogate in the message", json(String.raw`"a\ud800b"`), 422, "invalid_request", ["message"]],
	[
		"all fields wrong",
		'{"message":{},"visitor_id":1,"session_id":true}',
		422,
		"invalid_request",
		["message", "visitor_id", "session_id"],
	],
	["a long visitor", json(`"a","visitor_id":"${"v".repeat(129)}"`), 422, "invalid_request", ["visitor_id"]],
	["NUL in the visitor", json(String.raw`"a","visitor_id":"\u0000"`), 422, "invalid_request", ["visitor_id"]],
	["a list as session", json('"a","session_id":["x"]'), 422, "invalid_request", ["session_id"]],
];

describe.each([
	["with a site key", CHADIS_KEY],
	["without a site key", undefined],
])("a body %s", (_, key) => {
	it.each(BAD_BODIES)("of %s is refused", async (_name, body, status, code, fields) => {
		const client = newClient();
		await expectError(await client.call({ key, body }), status, code, fields);
		expect(await client.asked()).toEqual([]);
		expect(await written()).toEqual(NOTHING_WRITTEN);
	});

	it.each([
		["text/plain", {}],
		["application/x-www-form-urlencoded", {}],
		["multipart/form-data; boundary=x", {}],
		["application/json; charset=utf-16", {}],
		["application/json", { "Content-Encoding": "gzip" }],
	])("sent as %s %j is refused", async (type, headers) => {
		await expectError(
			await newClient().call({ key, headers: { "Content-Type": type, ...headers } }),
			415,
			"unsupported_media_type",
		);
	});

	it.each([
		["2,000 characters of two units each", { message: "😀".repeat(2000) }],
		["a visitor of 128 characters", { message: "hello", visitor_id: "v".repeat(128) }],
		["nulls for the fields that may be absent", { message: "hello", visitor_id: null, session_id: null }],
		["an empty visitor", { message: "hello", visitor_id: "" }],
		["one character", { message: "a" }],
		[
			"2,000 fields that nobody knows",
			{ ...Object.fromEntries(Array.from({ length: 2000 }, (_, n) => [n, 0])), message: "hello" },
		],
	])("with %s is answered", async (_name, body) => {
		expect(
			(await newClient().call({ key, body, headers: { "Content-Type": "application/json; charset=UTF-8" } })).status,
		).toBe(200);
	});
});

describe("a path", () => {
	it.each(["/portal", "//", "/index.html", "/.env", "/%2e%2e%2f", "/health/"])(
		"%s that nobody serves is a 404",
		async (path) => {
			await expectError(await newClient().call({ path }), 404, "not_found");
		},
	);

	it.each([
		["/", "GET", "POST, OPTIONS"],
		["/", "HEAD", "POST, OPTIONS"],
		["/", "PUT", "POST, OPTIONS"],
		["/health", "POST", "GET, HEAD, OPTIONS"],
	])("%s refuses %s and says what it takes", async (path, method, allow) => {
		const response = await newClient().call({ path, method });
		expect(response.status).toBe(405);
		expect(response.headers.get("Allow")).toBe(allow);
	});

	it("/health tells whether the database answers", async () => {
		const response = await newClient().call({ path: "/health", method: "GET" });
		expect(await response.json()).toEqual({
			status: "ok",
			worker: "chadis-chat",
			checks: { db: "ok" },
			schema: { expected: SCHEMA_VERSION, found: SCHEMA_VERSION },
		});
		expect(response.status).toBe(200);
	});

	it("/health has nothing to check where no database is bound", async () => {
		const response = await newClient().call({ path: "/health", method: "GET", env: { DB: undefined } });
		expect(await response.json()).toEqual({ status: "ok", worker: "chadis-chat", checks: {} });
	});
});
