import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { bad, faultyFields } from "../../../test/bad-body.ts";
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

const SHAPE =
	"must be an object whose names are among en, es, fr, de, pt, it, nl, pl, zh, ar, each an object of greeting and suggested_questions";
const NAMES =
	"must be an object whose names are among theme, corner, offset_x, offset_y, launcher_icon, launcher_text, logo_url, radius, talk_to_person";
const QUESTIONS = "es: suggested_questions must be a list of at most 6 texts of 1 to 120 characters";
const SIZE = "must take at most 8000 bytes in all; shorten some or leave some out";
const pixels = (name: string, max: number) => `${name} must be null or a whole number of pixels from 0 to ${max}`;

const es = (member: string, value: unknown) => JSON.stringify({ es: { [member]: value } });
const look = (member: string, ...values: unknown[]) => values.map((value) => JSON.stringify({ [member]: value }));
const all = (greeting: string) =>
	JSON.stringify(Object.fromEntries("en es fr de pt it nl pl zh ar".split(" ").map((name) => [name, { greeting }])));

const CASES: Case[] = [
	...bad("translations", SHAPE, [
		...['"es"', "[]", "5", "true", '{"xx":{"greeting":"x"}}', '{"es-MX":{"greeting":"x"}}', '{"ES":{}}'],
		...['{"es":"Hola"}', '{"es":[]}', '{"es":{"greeting":"x","farewell":"y"}}', '{"__proto__":{"greeting":"x"}}'],
	]),
	...bad("translations", "es: greeting must be text", [es("greeting", 5), es("greeting", ["x"]), es("greeting", {})]),
	...bad("translations", "es: greeting must be 1 to 500 characters", [
		es("greeting", ""),
		es("greeting", " \u200b "),
		es("greeting", "x".repeat(501)),
	]),
	...bad("translations", "es: greeting must hold fewer control characters", [
		es("greeting", `x${"\u0001".repeat(498)}x`),
	]),
	...bad("translations", QUESTIONS, [
		...[es("suggested_questions", "x"), es("suggested_questions", {}), es("suggested_questions", [5])],
		...[es("suggested_questions", ["x".repeat(121)]), es("suggested_questions", ["a\nb"])],
		es("suggested_questions", "1234567".split("")),
	]),
	...bad("translations", SIZE, [all("字".repeat(270)), all('"'.repeat(200))]),
	...bad("widget", NAMES, ['"dark"', "[]", "5", '{"color":"#fff"}', '{"__proto__":1}', '{"constructor":1}']),
	...bad("widget", "theme must be null or one of auto, light, dark", look("theme", "sepia", "", 1, ["dark"])),
	...bad("widget", "corner must be null or one of right, left", look("corner", "top", "bottom-left", false)),
	...bad(
		"widget",
		"launcher_icon must be null or one of chat, question, heart, tooth",
		look("launcher_icon", "bell", "<svg/>"),
	),
	...["offset_x", "offset_y"].flatMap((name) =>
		bad("widget", pixels(name, 200), look(name, -1, 201, 1.5, "20", "20px", true, [])),
	),
	...bad("widget", pixels("radius", 32), look("radius", -1, 33, 0.5, "16")),
	...bad("widget", "launcher_text must be text", look("launcher_text", 5, ["x"], {})),
	...bad("widget", "launcher_text must be 1 to 30 characters", look("launcher_text", "", "x".repeat(31))),
	...bad(
		"widget",
		"launcher_text must be a single line without control characters",
		look("launcher_text", "a\nb", "a\u0007b"),
	),
	...bad(
		"widget",
		"logo_url must be an https URL of at most 500 characters, without user name and password",
		look(
			"logo_url",
			"http://x.example",
			"data:image/png,x",
			"//x",
			"https://u:p@x.example",
			`https://x.example/${"p".repeat(500)}`,
		),
	),
	...bad("widget", "talk_to_person must be null, true or false", look("talk_to_person", 1, "true", 0)),
];

describe("translations and looks, badly written", () => {
	it("are refused by name, with what to do, and nothing is written", async () => {
		await client.patch({ translations: { fr: { greeting: "Bonjour" } }, widget: { theme: "dark" } });
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
