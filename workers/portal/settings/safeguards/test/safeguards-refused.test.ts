import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { NO_TEXTS, bad, faultyFields } from "../../../test/bad-body.ts";
import type { Case } from "../../../test/bad-body.ts";
import { checksum } from "../../../test/checksum.ts";
import { createPortal, NOW } from "../../../test/portal.ts";
import { seedTwins } from "../../../test/seed.ts";
import { configClient, forgetConfig } from "../../test/config-client.ts";
import type { ConfigClient } from "../../test/config-client.ts";

let client: ConfigClient;

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	client = configClient(await createPortal());
	await seedTwins(env.DB);
});

beforeEach(() => forgetConfig(env.DB));

const oneOf = (values: string) => `must be null or one of ${values}`;
const NO_FIELD = "is not a field of the configuration";
const URL_RULE = "must be an https URL of at most 500 characters, without user name and password";
const PATHS =
	"must be a list of at most 50 paths of at most 80 characters such as /kids/*, where * stands for any characters";
const PHONE = "must be a phone number of 3 to 15 digits, such as +1 555 010 0199";
const COUNTRY = "must be a country's code of two letters, such as US";
const CONTROLS = "must hold fewer control characters";
const PHRASES =
	'must be a list of at most 100 objects {"phrase","class"}, each phrase a single line of 2 to 80 characters with two letters at least and none twice, each class one of self_harm, medical_emergency, poisoning, abuse, dental_emergency';
const PHRASES_SIZE = "must take at most 14500 bytes in all; shorten some or leave some out";

const phrase = (text: unknown, name: unknown = "abuse", more = {}) =>
	JSON.stringify([{ phrase: text, class: name, ...more }]);
const many = (count: number, text: (n: number) => string) =>
	JSON.stringify(Array.from({ length: count }, (_, n) => ({ phrase: text(n), class: "abuse" })));
const list = (...values: unknown[]) => JSON.stringify(values);

const CASES: Case[] = [
	...bad("privacy", oneOf("standard, redact, no_store"), ['"none"', '"Redact"', '""', "true", '["redact"]', "0"]),
	...bad("consent", oneOf("none, notice, required"), ['"off"', "false", '"required "', '{"required":1}']),
	...bad("audience", oneOf("general, adults"), ['"children"', '"all"', "18"]),
	...bad("provider_policy", oneOf("any, baa"), ['"BAA"', '"none"', "[]"]),
	...bad("ai_notice", "must be text", NO_TEXTS),
	...bad("ai_notice", "must be 1 to 500 characters", ['""', '" \\u200b "', `"${"x".repeat(501)}"`]),
	...bad("emergency_text", "must be 1 to 500 characters", ['""', `"${"x".repeat(501)}"`]),
	...["ai_notice", "emergency_text", "greeting"].flatMap((field) =>
		bad(field, CONTROLS, [`"x${"\\u0001".repeat(498)}x"`]),
	),
	...bad("instructions", CONTROLS, [`"x${"\\u001f".repeat(7998)}x"`]),
	...["privacy_url", "terms_url"].flatMap((field) =>
		bad(field, URL_RULE, [
			...['"http://x.example"', '"javascript:alert(1)"', '"//x.example"', '"/privacy"', '"https://u:p@x.example"'],
			...['""', '"https://x.exa\\nmple"', "5", list("https://x.example")],
			...[`"https://x.example/${"p".repeat(500)}"`, `"https://x.example/${"é".repeat(100)}"`],
		]),
	),
	...bad("hidden_paths", PATHS, [
		...['"/kids"', "{}", "[1]", "[null]", '[["/a"]]', '["/\\ud800"]', list("kids/*"), list("*"), list("")],
		...[list("//evil.example"), list("/a?b=c"), list("/a#b"), list("/a b"), list("/a\\b"), list("/a\nb")],
		...[list(`/${"p".repeat(80)}`), list(`/${"é".repeat(20)}`)],
		JSON.stringify(Array.from({ length: 51 }, (_, n) => `/${n}`)),
	]),
	...bad("emergency_number", PHONE, [
		...['"12"', '"1234567890123456"', '"call us"', '"+1 555 CALL NOW"', '"tel:911"', '"9+11"', '"555-"', '""', "911"],
		...['"911\\n911"', '"٩١١"', `"1${" ".repeat(40)}911"`],
	]),
	...bad("country", COUNTRY, ['"USA"', '"UK"', '"EU"', '"XX"', '"ZZ"', '""', '"u"', '"ß"', "1", '["US"]']),
	...bad("safety_phrases", PHRASES, [
		...['"x"', "{}", "[1]", "[null]", '["he hits me"]', '[["he hits me","abuse"]]', '[{"phrase":"he hits me"}]'],
		...[
			'[{"class":"abuse"}]',
			'[{"__proto__":{"phrase":"he hits me"},"class":"abuse"}]',
			'[{"phrase":"\\ud800aa","class":"abuse"}]',
		],
		...[phrase("he hits me", "self-harm"), phrase("he hits me", null), phrase("he hits me", "abuse", { tier: 1 })],
		...[phrase(""), phrase("x"), phrase("5 7"), phrase("!!"), phrase("a\nb"), phrase(5), phrase("x".repeat(81))],
		list({ phrase: "He hits me", class: "abuse" }, { phrase: "he hits me ", class: "self_harm" }),
		many(101, (n) => `he hits me ${n}`),
	]),
	...bad("safety_phrases", PHRASES_SIZE, [
		many(100, (n) => `${n} ${"字".repeat(70)}`),
		many(90, (n) => `${n}x${'"'.repeat(60)}x`),
	]),
	...bad("self_harm", NO_FIELD, ["false", "null"]),
	...bad("safety", NO_FIELD, ['{"self_harm":false}', "null"]),
];

describe("what protects visitors, badly written", () => {
	it("is refused by name, with what to do, and nothing is written", async () => {
		await client.patch({ privacy: "redact", consent: "required" });
		const before = await checksum(env.DB);
		for (const [body, ...faults] of CASES) {
			const fields = faultyFields(faults);
			expect(await client.patch(body), body.slice(0, 100)).toMatchObject({
				status: 422,
				body: { error: { code: "invalid_request", fields } },
			});
		}
		expect(await checksum(env.DB)).toBe(before);
	});
});
