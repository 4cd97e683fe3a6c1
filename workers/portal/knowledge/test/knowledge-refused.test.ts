import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { HOSTILE_NAMES, NO_TEXTS, faulty } from "../../test/bad-body.ts";
import type { Case } from "../../test/bad-body.ts";
import { checksum } from "../../test/checksum.ts";
import { ANSWER, ARTICLE, PATH, find, knowledgeClient } from "./knowledge-client.ts";
import type { KnowledgeClient } from "./knowledge-client.ts";
import { createPortal, NOW, refusal } from "../../test/portal.ts";
import { seedTwins } from "../../test/seed.ts";

let client: KnowledgeClient;
let before: string;

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	client = knowledgeClient(await createPortal());
	await seedTwins(env.DB);
	before = await checksum(env.DB);
});

/** The good article with one field as the text says, so that it can say what JSON.stringify would not. */
function withField(field: string, value: string): string {
	const fields = Object.entries(ARTICLE)
		.filter(([name]) => name !== field)
		.map(([name, text]) => `${JSON.stringify(name)}:${JSON.stringify(text)}`);
	return `{${[...fields, `${JSON.stringify(field)}:${value}`].join(",")}}`;
}

function cases(field: string, message: string, values: string[]): Case[] {
	return values.map((value) => [withField(field, value), [field, message]]);
}

const NO_FIELD = "is not a field of an article or answer";
const KIND = "must be one of article, answer";
const TEXT = "must be text";
const TITLE = "must be 1 to 200 characters";
const BODY = "must be 1 to 50000 characters";
const URL_FAULT = "must be an https URL of at most 2000 characters, without user name and password";
const STORABLE = "must be well-formed text without NUL";
const OTHERS = NO_TEXTS.slice(0, 7);

const CASES: Case[] = [
	...cases("kind", KIND, ['"faq"', '"Article"', '"__proto__"', "null", ...OTHERS]),
	...cases("title", TEXT, ["null", ...OTHERS]),
	...cases("title", TITLE, ['""', '"   "', JSON.stringify("x".repeat(201))]),
	...cases("title", STORABLE, ['"a\\u0000b"', '"\\ud800"']),
	...cases("body", TEXT, ["null", ...OTHERS]),
	...cases("body", BODY, ['""', '" \\n "', JSON.stringify("x".repeat(50_001))]),
	...cases("body", STORABLE, ['"a\\u0000b"', '"\\ud800"']),
	...cases("source_url", URL_FAULT, [
		'"http://x.example"',
		'"javascript:alert(1)"',
		'"https://user:pw@x.example"',
		'"x"',
		'""',
		...OTHERS,
	]),
	...HOSTILE_NAMES.flatMap((name) => cases(name, NO_FIELD, ["1", '{"staff":true}'])),
	...["id", "org_id", "version", "hits", "passages", "question_key", "updated_by"].flatMap((name) =>
		cases(name, NO_FIELD, ['"x"']),
	),
	["{}", ["kind", KIND], ["title", "is required"], ["body", "is required"]],
	['{"kind":"answer","title":"?!","body":"Yes."}', ["title", "must hold a word: it is the question"]],
	[JSON.stringify({ kind: "answer", title: "Who?", body: "x".repeat(2001) }), ["body", "must be 1 to 2000 characters"]],
	[
		'{"kind":1,"title":2,"body":3,"source_url":4,"x":5}',
		["x", NO_FIELD],
		["kind", KIND],
		["title", TEXT],
		["body", TEXT],
		["source_url", URL_FAULT],
	],
];

describe("a body with faults", () => {
	it.each(CASES)("is refused, all of them named, and nothing is written: %.80s", async (body, ...faults) => {
		for (const answer of [await client.post(body), await client.put(PATH, body)]) {
			expect({ status: answer.status, body: answer.body }).toEqual({ status: 422, body: faulty(faults) });
		}
		expect(await checksum(env.DB)).toBe(before);
	});

	it.each(["", "{", "[]", "null", '"x"', "\ufeff[]", NO_TEXTS.at(-1) ?? ""])(
		"is refused when it is no JSON object: %.20j",
		async (body) => {
			for (const answer of [await client.post(body), await client.put(PATH, body)]) {
				expect(answer).toMatchObject({ status: 400, body: { error: { code: "invalid_json" } } });
			}
			expect(await checksum(env.DB)).toBe(before);
		},
	);

	it("is refused over 64 KiB, which fewer letters of some scripts fill", async () => {
		const answer = await client.post({ ...ARTICLE, body: "字".repeat(22_000) });
		expect({ status: answer.status, body: answer.body, roundTrips: answer.roundTrips }).toEqual({
			status: 413,
			body: refusal("payload_too_large", "The body is too large; send at most 65536 bytes."),
			roundTrips: 0,
		});
		expect(await checksum(env.DB)).toBe(before);
	});

	it.each([
		["apostrophes", "'", 2],
		["apostrophes and line breaks", "''\n", 6],
		["backslashes beside line breaks", "'\\n\n", 9],
	])("is refused where a backup could not hold it, with how much to cut: %s", async (_, piece, bytes) => {
		const entry = { ...ARTICLE, title: "'".repeat(200), source_url: `https://a.example/${"'".repeat(1000)}` };
		const pieces = Math.ceil(90_000 / bytes);
		const { status, body } = await client.post({ ...entry, body: piece.repeat(pieces) });
		const excess = Number(/"must be (\d+) bytes shorter, /.exec(JSON.stringify(body))?.[1]);
		const message = `must be ${excess} bytes shorter, where an apostrophe or a line break takes two: a backup could not hold it`;
		expect({ status, body }).toEqual({ status: 422, body: faulty([["body", message]]) });
		expect(await client.put(PATH, { ...entry, body: piece.repeat(pieces) })).toMatchObject({ status: 422 });
		expect(await checksum(env.DB)).toBe(before);
		const shorter = piece.repeat(pieces - Math.ceil(excess / bytes) - 1);
		expect(await client.put(PATH, { ...entry, body: shorter })).toMatchObject({ status: 200 });
		expect(await client.post({ ...entry, body: shorter })).toMatchObject({ status: 201 });
		await seedTwins(env.DB);
		before = await checksum(env.DB);
	});
});

describe("what there is no room for", () => {
	beforeEach(async () => {
		await seedTwins(env.DB);
	});

	async function expectConflict(message: string, ...answers: { status: number; body: unknown }[]): Promise<void> {
		for (const { status, body } of answers)
			expect({ status, body }).toEqual({ status: 409, body: refusal("conflict", message) });
		expect(await find("refund")).toEqual([]);
		expect(await env.DB.prepare("SELECT COUNT(*) AS n FROM audit_log").first("n")).toBe(0);
	}

	it("is a second answer to a question, however it is spelt", async () => {
		const answer = { ...ANSWER, title: "ARE you: alpha" };
		const before = await checksum(env.DB);
		await expectConflict(
			"There is an answer to this question already; change that one.",
			await client.post(answer),
			await client.put(PATH, answer),
		);
		expect(await checksum(env.DB)).toBe(before);
	});

	it("is not the question of another org", async () => {
		expect((await client.post({ ...ANSWER, title: "Are you omega?" })).status).toBe(201);
	});

	async function fill(count: number, body: string): Promise<void> {
		const sql = `
			WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?1)
			INSERT INTO knowledge (id, org_id, title, body) SELECT 'bulk' || n, 'org_chadis', 'Title', ?2 FROM n`;
		await env.DB.prepare(sql).bind(count, body).run();
	}

	it("is the 501st entry; another can still be changed", async () => {
		await fill(497, "Body");
		expect((await client.post({ ...ANSWER, title: "The 500th?" })).status).toBe(201);
		await env.DB.prepare("DELETE FROM audit_log").run();
		await expectConflict(
			"An organization can have 500 articles and answers; delete one first.",
			await client.post(ARTICLE),
		);
		expect((await client.put(PATH, { ...ARTICLE, title: "Changed" })).status).toBe(200);
	});

	it("is a text that takes all of them over 4 MiB", async () => {
		// The seeds hold 31 and 27 bytes, each of these 50,005.
		await fill(83, "é".repeat(25_000));
		const room = 4_194_304 - 83 * 50_005 - 58;
		const message = "All texts of an organization together can have 4 MiB; delete or shorten one first.";
		const sized = (bytes: number) => ({ kind: "article", title: "é", body: "x".repeat(bytes - 2) });
		await expectConflict(message, await client.post(sized(room + 1)), await client.put(PATH, sized(room + 32)));
		expect((await client.put(PATH, sized(room + 31))).status).toBe(200);
		await client.delete(PATH);
		expect((await client.post(sized(room + 31))).status).toBe(201);
	});

	it("is one of two answers that are given to a question at once", async () => {
		const answers = await Promise.all(Array.from({ length: 6 }, () => client.post(ANSWER)));
		expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(5).fill(409)]);
	});
});
