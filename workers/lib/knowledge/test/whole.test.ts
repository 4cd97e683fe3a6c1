import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { resetDatabase } from "../../test/database.ts";
import { indexUnsearchable } from "../index.ts";
import { readQuestion } from "../question.ts";
import { foundPassages, searchStatement } from "../search.ts";
import { shownKnowledge } from "../shown.ts";
import { wholeEntries, wholeStatement } from "../whole.ts";
import { articleStatements } from "./knowledge-samples.ts";

const NOW = "2026-08-20T12:00:00.000Z";
const KEY = "sk_chadis_live_abc123";

beforeEach(() => resetDatabase(env.DB));

async function add(orgId: string, id: string, title: string, body: string): Promise<void> {
	await env.DB.batch(articleStatements(env.DB, orgId, { id, title, body }));
}

async function rows(sql: string): Promise<Record<string, unknown>[]> {
	return (await env.DB.prepare(sql).all()).results;
}

/** How many passages a search finds. */
async function found(text: string, wholeTokens: number): Promise<number> {
	const question = { ...readQuestion(text), conversationId: null, wholeTokens };
	return (await searchStatement(env.DB, { siteKey: KEY, now: NOW }, question).all()).results.length;
}

/** The texts that are read whole. */
async function whole(tokens: number, siteKey = KEY): Promise<string[]> {
	const { results } = await wholeStatement(env.DB, { siteKey, now: NOW }, tokens).all();
	return wholeEntries(results).map(({ knowledgeId }) => knowledgeId);
}

describe("knowledge that is little", () => {
	beforeEach(async () => {
		await add("org_chadis", "b", "Refunds", "Ten bytes.");
		await add("org_chadis", "a", "Cards", "Ten bytes.");
		await add("org_pannu_dental", "theirs", "Fees", "What a filling costs.");
		await env.DB.prepare("UPDATE knowledge SET updated_at = '2026-01-0' || CASE id WHEN 'a' THEN 1 ELSE 2 END").run();
	});
	// Titles of 7 and 5 bytes, texts of 10 each, and 16 for each entry: 64 bytes, 16 tokens.

	it("is read whole, what was changed last at the end, and not searched", async () => {
		expect(await whole(16)).toEqual(["a", "b"]);
		expect(await found("bytes", 16)).toBe(0);
	});

	it("is searched, and not read, from the first token too many", async () => {
		expect(await whole(15)).toEqual([]);
		expect(await found("bytes", 15)).toBe(2);
	});

	it("is measured by the plan where that names a number of tokens", async () => {
		await env.DB.prepare("UPDATE plans SET knowledge_whole_tokens = 15 WHERE id = 'enterprise'").run();
		expect(await whole(8000)).toEqual([]);
		await env.DB.prepare("UPDATE plans SET knowledge_whole_tokens = 16 WHERE id = 'enterprise'").run();
		expect(await whole(0)).toEqual(["a", "b"]);
		expect(await whole(8000, "sk_nobody_live_abc123")).toEqual([]);
	});

	it("is counted in bytes, whoever writes it and however it changes", async () => {
		const bytes = async () =>
			(await rows("SELECT knowledge_bytes FROM orgs WHERE id = 'org_chadis'"))[0]?.knowledge_bytes;
		expect(await bytes()).toBe(64);
		await env.DB.prepare("UPDATE knowledge SET title = 'Größe', body = '한글' WHERE id = 'a'").run();
		expect(await bytes()).toBe(64 - 15 + 7 + 6);
		await env.DB.prepare("UPDATE knowledge SET hits = hits + 1").run();
		await indexUnsearchable(env.DB, 10);
		expect(await bytes()).toBe(62);
		await env.DB.prepare("DELETE FROM knowledge WHERE id = 'a'").run();
		expect(await bytes()).toBe(33);
	});
});

describe("of knowledge that is more", () => {
	/** Titles of the passages that fit into so many tokens. */
	async function shown(tokens: number): Promise<string[]> {
		const question = { ...readQuestion("refund"), conversationId: null, wholeTokens: 0 };
		const { results } = await searchStatement(env.DB, { siteKey: KEY, now: NOW }, question).all();
		const read = { whole: [], found: foundPassages(results), isSmallTalk: false, exists: true };
		return shownKnowledge(read, tokens).passages.map(({ title }) => title);
	}

	it.each([
		["of ASCII", "refund aaaa", 11],
		["with letters of two bytes and of four", "refund é🦷", 13],
	])(
		"passages %s are shown as long as their UTF-8 bytes fit, a smaller one also behind one too many",
		async (_, body, bytes) => {
			// Twice in the text, so that it is found first.
			await add("org_chadis", "a", "First", `${body} refund`);
			await add("org_chadis", "b", "Next", `${body}${" abcd".repeat(20)}`);
			await add("org_chadis", "c", "Last", `${body} abcd`);
			const [first, next, last] = [5 + bytes + 7 + 16, 4 + bytes + 100 + 16, 4 + bytes + 5 + 16];
			const roomFor = (size: number): number => size / 4;
			expect(await shown(roomFor(first + next + last))).toHaveLength(3);
			expect(await shown(roomFor(first + last + next - 1))).toHaveLength(2);
			expect(await shown(roomFor(first + last))).toEqual(["First", "Last"]);
			expect(await shown(roomFor(first + last - 1))).toEqual(["First"]);
			expect(await shown(roomFor(first - 1))).not.toContain("First");
		},
	);
});
