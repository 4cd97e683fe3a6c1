import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { HOSTILE_NAMES, NO_TEXTS, bad, faulty } from "../../test/bad-body.ts";
import type { Case } from "../../test/bad-body.ts";
import { checksum } from "../../test/checksum.ts";
import { engineClient, resetEngines } from "./engine-client.ts";
import type { EngineClient } from "./engine-client.ts";
import { createPortal, NOW } from "../../test/portal.ts";
import type { Call } from "../../test/portal.ts";
import { CHADIS, STAFF, admin, seedTwins } from "../../test/seed.ts";

let client: EngineClient;

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	client = engineClient(await createPortal());
	await seedTwins(env.DB);
});

beforeEach(() => resetEngines(env.DB));

const NO_FIELD = "is not a field of an engine";
const STATUS = "must be active or paused";
const COLOUR = "must be a colour such as #1a2b3c";
const QUESTIONS = "must be a list of at most 6 texts of 1 to 120 characters";
const ORIGINS = "must be null or a list of at most 50 origins such as https://www.example.com, without a path";
const LOCAL_ORIGINS =
	"must be null or a list of at most 50 origins such as https://www.example.com or http://localhost:3000, without a path";
const STAFF_ONLY = "can be set by Koby's staff only";
const AGENT = "must be null or an agent's id of 1 to 100 letters, digits, _ or -";
const MODEL = "must be null or a model's name, such as gemini-3.5-flash-lite";
const VERSION = "must be the version that you read";

const OTHER_COLUMNS = [
	"id",
	"org_id",
	"site_key",
	"previous_key",
	"previous_key_expires_at",
	"environment",
	"type",
	"last_active_date",
	"origins_open",
];
const FOREIGN = [
	"plan",
	"role",
	"stripe_customer_id",
	"created_at",
	"updated_at",
	"engine",
	"allowed_origin",
	"Name",
	"name ",
];
const LONG = (length: number) => `"${"x".repeat(length)}"`;
const ORIGIN_LISTS = [
	...[
		"www.example.com",
		"//www.example.com",
		"http://www.example.com",
		"https://",
		"https:/a.example",
		"https:www.example.com",
		"https:\\\\a.example",
		"null",
		"*",
		"",
	],
	...[
		"https://*.example.com",
		"https://*",
		"https://%2A.example.com",
		"https://\uff0a.example.com",
		"https://a.example/path",
		"https://a.example//",
		"https://a.example?x",
		"https://a.example/?",
		"https://a.example#x",
	],
	...[
		"https://user@a.example",
		"https://u:p@a.example",
		"https://a.example\\b",
		"https://a .example",
		"https://a.\nexample",
		"https://a.example,https://b.example",
	],
	...[
		"ftp://a.example",
		"javascript:alert(1)",
		"data:text/html,x",
		"file:///etc/passwd",
		"chrome-extension://abc",
		"https://a.example:99999",
		"https://a.example%00",
	],
	...[
		"http://localhost",
		"http://localhost:3000",
		"https://localhost",
		"http://127.0.0.1:8080",
		"http://[::1]",
		"http://2130706433",
		"\ud800",
		"https://\ud800.example",
	],
	`https://${"a.".repeat(150)}example`,
].map((origin) => JSON.stringify([origin]));

const CASES: Case[] = [
	...[...OTHER_COLUMNS, ...FOREIGN].flatMap((field) => bad(field, NO_FIELD, ['"x"'])),
	...["site_key", ...HOSTILE_NAMES].flatMap((field) =>
		bad(field, NO_FIELD, ["null", '{"name":"x","prototype":{"staff":true}}']),
	),
	...bad("name", "must be text", [...NO_TEXTS, "null"]),
	...["greeting", "instructions"].flatMap((field) => bad(field, "must be text", ["1", "{}"])),
	...bad("name", "must be 1 to 200 characters", ['""', '" \\n\\u00a0 "', LONG(201)]),
	...bad("name", "must be well-formed text without NUL", ['"a\\u0000b"', '"\\ud800"', '"\\udc00x"']),
	...bad("name", "must be a single line without control characters", [
		'"a\\tb"',
		'"a\\r\\nb"',
		'"a\\u007fb"',
		'"a\\u0085b"',
		'"a\\u2028b"',
	]),
	...bad("greeting", "must be 1 to 500 characters", ['""', LONG(501)]),
	...bad("instructions", "must be 1 to 8000 characters", ['" "', LONG(8001)]),
	...bad("status", STATUS, ["null", '"archived"', '"Active"', '"active "', '""', "1", "true", '["active"]', "{}"]),
	...bad("visitor_memory", "must be null or one of device, tab, none", ['"browser"', '"TAB"', "false", "[]"]),
	...bad("brand_color", COLOUR, [
		'"red"',
		'"#fff"',
		'"#12345g"',
		'"#123456\\n"',
		'"#123456;color:red"',
		"123456",
		'["#123456"]',
	]),
	...bad("suggested_questions", QUESTIONS, [
		'"x"',
		"{}",
		"[1]",
		"[null]",
		'[["x"]]',
		'[""]',
		'["\\ud800"]',
		'{"length":1,"0":"x"}',
		JSON.stringify(Array(7).fill("x")),
		`[${LONG(121)}]`,
	]),
	...bad("allowed_origins", ORIGINS, [
		...ORIGIN_LISTS,
		'"https://a.example"',
		"{}",
		"[1]",
		"[null]",
		'[["https://a.example"]]',
		"1e999",
		'["https://a.example", "x"]',
	]),
	...bad("allowed_origins", ORIGINS, [
		JSON.stringify(Array.from({ length: 51 }, (_, n) => `https://${n}.example`)),
		JSON.stringify(Array(51).fill("https://a.example")),
	]),
	...["agent_id", "model"].flatMap((field) => bad(field, STAFF_ONLY, ['"gemini-3.5-flash-lite"', "1", "{}"])),
	...bad("version", VERSION, ["null", '"2"', "-1", "0.5", "1e999", "[]", "true"]),
	[
		'{"name":"good","plan":"enterprise","status":"off","model":"m","version":"x"}',
		["plan", NO_FIELD],
		["status", STATUS],
		["model", STAFF_ONLY],
		["version", VERSION],
	],
	['{"name":"good","name":7}', ["name", "must be text"]],
	[`{"${"n".repeat(500)}":1}`, ["n".repeat(100), NO_FIELD]],
];

const STAFF_CASES: Case[] = [
	...bad("agent_id", AGENT, ['""', '"a b"', '"agent/../x"', "1", "[]", LONG(101), '"agent\\n"', '"ägent"']),
	...bad("model", MODEL, [
		'""',
		'"Gemini"',
		'"gemini flash"',
		'"../models/x"',
		'"models/gemini"',
		'"gemini:generateContent"',
		'"-x"',
		'".."',
		'"x?key=1"',
		"1",
		"{}",
		LONG(101),
		'"gemini\\n"',
	]),
	...bad("site_key", NO_FIELD, ['"sk_chadis_live_mine1"']),
];

const GRACE = "must be a whole number of hours from 0 to 72";
const NO_ROTATION = "is not a field of a key's rotation";
const ROTATION_CASES: Case[] = [
	...bad("grace_hours", GRACE, ["-1", "73", "1.5", "1e999", '"24"', "null", "true", "[24]", "{}", "9007199254740993"]),
	...[...HOSTILE_NAMES, "site_key", "version", "previous_key", "Grace_hours"].flatMap((field) =>
		bad(field, NO_ROTATION, ['"x"', "24", "null"]),
	),
	['{"site_key":"sk_chadis_live_mine1","grace_hours":99}', ["site_key", NO_ROTATION], ["grace_hours", GRACE]],
];

describe("a bad body", () => {
	it("of PATCH /portal/engines/{id} has every faulty field named, and nothing written", async () => {
		const before = await checksum(env.DB);
		const as = { ...admin(CHADIS), userId: "user_patcher" };
		for (const [body, ...faults] of CASES) {
			const expected = { status: 422, body: faulty(faults), etag: null, roundTrips: 1 };
			expect(await client.patch(body, { as }), body.slice(0, 100)).toEqual(expected);
		}
		expect(await checksum(env.DB)).toBe(before);
		expect(Object.hasOwn(Object.prototype, "staff")).toBe(false);
	});

	it("is judged by rules of their own when staff send it, or for a test key", async () => {
		const before = await checksum(env.DB);
		for (const [body, ...faults] of STAFF_CASES) {
			const answer = await client.patch(body, { as: STAFF }, "site_chadis?orgId=org_chadis");
			expect(answer, body.slice(0, 100)).toMatchObject({ status: 422, body: faulty(faults) });
		}
		for (const [body] of bad("allowed_origins", "", [
			'["http://www.example.com"]',
			'["http://localhost.example"]',
			'["http://localhost/x"]',
		])) {
			expect(await client.patch(body, {}, "site_alpha_test")).toMatchObject({
				status: 422,
				body: faulty([["allowed_origins", LOCAL_ORIGINS]]),
			});
		}
		expect(await checksum(env.DB)).toBe(before);
	});

	it("of POST /portal/engines/{id}/rotate-key rotates nothing", async () => {
		const before = await checksum(env.DB);
		for (const [body, ...faults] of ROTATION_CASES) {
			expect(await client.rotate(body), body).toEqual({ status: 422, body: faulty(faults), etag: null, roundTrips: 1 });
		}
		expect(await checksum(env.DB)).toBe(before);
	});

	it.each<[number, string, unknown, Call]>([
		[400, "invalid_json", "{", {}],
		[400, "invalid_json", "[]", {}],
		[400, "invalid_json", "null", {}],
		[400, "invalid_json", "[".repeat(60_000), {}],
		[400, "invalid_json", new Uint8Array([0x7b, 0xff, 0x7d]), {}],
		[413, "payload_too_large", "x".repeat(65_537), {}],
		[415, "unsupported_media_type", "{}", { headers: { "Content-Type": "text/plain" } }],
		[415, "unsupported_media_type", "{}", { headers: { "Content-Encoding": "gzip" } }],
	])("answers %i %s to a body that is none", async (status, code, body, call) => {
		const before = await checksum(env.DB);
		expect(await client.patch(body, call)).toMatchObject({ status, body: { error: { code } } });
		expect(await client.rotate(body, call)).toMatchObject({ status, body: { error: { code } } });
		expect(await checksum(env.DB)).toBe(before);
	});
});
