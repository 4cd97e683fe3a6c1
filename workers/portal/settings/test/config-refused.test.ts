import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { HOSTILE_NAMES, NO_TEXTS, bad, faultyFields } from "../../test/bad-body.ts";
import type { Case } from "../../test/bad-body.ts";
import { checksum } from "../../test/checksum.ts";
import { configClient, forgetConfig } from "./config-client.ts";
import type { ConfigClient } from "./config-client.ts";
import { createPortal, NOW } from "../../test/portal.ts";
import type { Call } from "../../test/portal.ts";
import { CHADIS, member, seedTwins } from "../../test/seed.ts";

let client: ConfigClient;

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	client = configClient(await createPortal());
	await seedTwins(env.DB);
});

beforeEach(() => forgetConfig(env.DB));

const NO_FIELD = "is not a field of the configuration";
const TIMEZONE = "must be a time zone's name, such as Europe/Berlin";
const LOCALE = "must be the tag of a language that exists, such as en or de-CH";
const ONE_LINE = "must be a single line without control characters";
const COLOUR = "must be a colour such as #1a2b3c";
const URL_RULE = "must be an https URL of at most 2000 characters, without user name and password";
const QUESTIONS = "must be a list of at most 6 texts of 1 to 120 characters";
const DAYS = "must be null or a whole number of days from 7 to 3650";
const VERSION = "must be the version that you read";

const FOREIGN = [
	"plan",
	"status",
	"status_locked",
	"stripe_customer_id",
	"clerk_org_id",
	"org_id",
	"id",
	"role",
	"site_key",
	"slug",
	"name",
];
const KEPT_BY_US = ["created_at", "updated_at", "updated_by", "config"];
const HOSTILE = [...HOSTILE_NAMES, "Greeting", "greeting "];

const MEMORY = "must be null or one of device, tab, none";

const CASES: Case[] = [
	...[...FOREIGN, ...KEPT_BY_US, ...HOSTILE].flatMap((field) =>
		bad(field, NO_FIELD, ['"x"', "null", '{"greeting":"x","prototype":{"staff":true}}']),
	),
	...bad("greeting", "must be text", NO_TEXTS),
	...bad("greeting", "must be 1 to 500 characters", ['""', '" \\n\\t\\u00a0 "', `"${"x".repeat(501)}"`]),
	...bad("greeting", "must be well-formed text without NUL", ['"a\\u0000b"', '"\\ud800"', '"\\udc00x"']),
	...bad("display_name", "must be 1 to 100 characters", [`"${"x".repeat(101)}"`]),
	...bad("instructions", "must be 1 to 8000 characters", [`"${"x".repeat(8001)}"`]),
	...bad("fallback_message", "must be 1 to 500 characters", [`"${"x".repeat(501)}"`]),
	...bad("limit_message", "must be text", ["5"]),
	...bad("visitor_memory", MEMORY, ['"session"', '"None"', '""', '" tab"', "true", "0", '["tab"]', '{"tab":1}']),
	...bad("contact", "must be 1 to 300 characters", ['""', `"${"x".repeat(301)}"`]),
	...bad("answer_mode", "must be null, strict or free", ['"Strict"', '""', "1", '["free"]']),
	...bad("display_name", ONE_LINE, ['"a\\nb"', '"\\u0001x"', '"a\\u009fb"', '"a\\u2029b"']),
	...bad("locale", LOCALE, [
		'"xq"',
		'"qaa"',
		'"und"',
		'"mul-US"',
		'"en-XX"',
		'"de-ZZ"',
		'"sr-Zzzz"',
		'"zh-Abcd-CN"',
		'"x-klingon"',
	]),
	...bad("timezone", TIMEZONE, [
		'"Mars/Olympus"',
		'"+05:00"',
		'"UTC; DROP"',
		'""',
		"1",
		'"Europe/Berlin\\u0000"',
		`"${"A".repeat(65)}"`,
	]),
	...bad("locale", LOCALE, ['"not a locale"', '"e"', '""', "1", '["en"]', '"en-US-"', `"en-${"a".repeat(40)}"`]),
	...bad("brand_color", COLOUR, [
		'"red"',
		'"#fff"',
		'"#1234567"',
		'"#12345g"',
		'"#123456\\n"',
		'"#123456;color:red"',
		"123456",
		'["#123456"]',
	]),
	...bad("logo_url", URL_RULE, [
		'"javascript:alert(1)"',
		'"data:image/png;base64,AA"',
		'"//cdn.example.com/x.png"',
		'"https://cdn.exa\\nmple.com/x.png"',
		'"https://cdn.example.com/a\\tb.png"',
		'"https://"',
		'""',
		"{}",
	]),
	...bad("logo_url", URL_RULE, [
		'"http://cdn.example.com/x.png"',
		'"https://user@cdn.example.com/x"',
		'"https://u:p@cdn.example.com/x"',
	]),
	...bad("logo_url", URL_RULE, [
		`"https://cdn.example.com/${"x".repeat(2000)}"`,
		`"https://cdn.example.com/${"é".repeat(600)}"`,
	]),
	...bad("suggested_questions", QUESTIONS, [
		'"x"',
		"{}",
		"[1]",
		"[null]",
		'[["x"]]',
		'[""]',
		'["\\ud800"]',
		'["a\\nb"]',
		'{"length":1,"0":"x"}',
	]),
	...bad("suggested_questions", QUESTIONS, [JSON.stringify(Array(7).fill("x")), JSON.stringify(["x".repeat(121)])]),
	...bad("retention_days", DAYS, ["6", "3651", "90.5", "1e999", "-1", '"90"', "true", "[90]", "9007199254740993"]),
	...bad("min_pass_rate", "must be null or a whole number from 0 to 100", [
		"-1",
		"101",
		"0.5",
		'"80"',
		"true",
		"1e999",
	]),
	...bad("version", VERSION, ["null", '"0"', "-1", "0.5", "1e999", "[]", "true"]),
	[
		'{"greeting":"good","plan":"enterprise","timezone":5,"version":"x"}',
		["plan", NO_FIELD],
		["timezone", TIMEZONE],
		["version", VERSION],
	],
	['{"greeting":"good","greeting":7}', ["greeting", "must be text"]],
	[`{"${"n".repeat(500)}":1}`, ["n".repeat(100), NO_FIELD]],
];

describe("PATCH /portal/config with a bad body", () => {
	it.each<[string, unknown, string]>([
		["greeting", 5, "must be text, not a number"],
		["greeting", "x".repeat(501), "must be 1 to 500 characters, not 501"],
		["brand_color", 5, "must be a colour such as #1a2b3c, not a number"],
		["brand_color", "blue", "must be a colour such as #1a2b3c"],
		["suggested_questions", "Hours?", "must be a list of at most 6 texts of 1 to 120 characters, not text"],
		["answer_mode", {}, "must be null, strict or free, not an object"],
		["min_pass_rate", "90", "must be null or a whole number from 0 to 100, not text"],
		["min_pass_rate", 101, "must be null or a whole number from 0 to 100"],
	])("says of %s = %j what kind of thing came, and not what it says", async (field, value, message) => {
		expect(await client.patch({ [field]: value })).toMatchObject({
			status: 422,
			body: { error: { fields: [{ field, message }] } },
		});
	});

	it("names every faulty field and writes nothing", async () => {
		await client.patch({ greeting: "kept" });
		const before = await checksum(env.DB);
		for (const [body, ...faults] of CASES) {
			const fields = faultyFields(faults);
			const message = `Please correct: ${fields.map(({ field }) => field).join(", ")}.`;
			expect(await client.patch(body), body.slice(0, 100)).toEqual({
				status: 422,
				body: { error: { code: "invalid_request", message, request_id: expect.any(String), fields } },
				etag: null,
				roundTrips: 1,
			});
		}
		expect(await checksum(env.DB)).toBe(before);
		expect(Object.hasOwn(Object.prototype, "greeting")).toBe(false);
	});

	it.each<[number, string, unknown, Call]>([
		[400, "invalid_json", "{", {}],
		[400, "invalid_json", "", {}],
		[400, "invalid_json", "[]", {}],
		[400, "invalid_json", '"x"', {}],
		[400, "invalid_json", "null", {}],
		[400, "invalid_json", "[".repeat(60_000), {}],
		[400, "invalid_json", new Uint8Array([0x7b, 0xff, 0x7d]), {}],
		[413, "payload_too_large", "x".repeat(65_537), {}],
		[415, "unsupported_media_type", "{}", { headers: { "Content-Type": "text/plain" } }],
		[415, "unsupported_media_type", "{}", { headers: { "Content-Type": "application/json-patch+json" } }],
		[415, "unsupported_media_type", "{}", { headers: { "Content-Type": "application/json; charset=utf-16" } }],
		[415, "unsupported_media_type", "{}", { headers: { "Content-Encoding": "gzip" } }],
	])("answers %i %s to a body that is none", async (status, code, body, call) => {
		const before = await checksum(env.DB);
		expect(await client.patch(body, call)).toMatchObject({ status, body: { error: { code } } });
		expect(await checksum(env.DB)).toBe(before);
	});

	it("counts the bytes that arrive before it asks who sends them, and reads them after", async () => {
		const endless = new ReadableStream<Uint8Array>({
			pull: (controller) => controller.enqueue(new Uint8Array(16_384)),
		});
		expect(await client.patch(endless, { as: null })).toMatchObject({ status: 413 });
		expect(await client.patch("{", { as: null })).toMatchObject({ status: 401 });
		expect(await client.patch("{", { as: member(CHADIS) })).toMatchObject({ status: 403 });
	});

	it("takes a body of exactly the cap", async () => {
		const padding = " ".repeat(65_536 - 2);
		expect(await client.patch(`{${padding}}`)).toMatchObject({ status: 200 });
	});
});
