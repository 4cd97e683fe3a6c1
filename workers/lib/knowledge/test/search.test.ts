import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { indexUnsearchable, passageStatements } from "../index.ts";
import { foundPassages, searchStatement } from "../search.ts";
import type { FoundPassage, SearchQuestion } from "../search.ts";
import { readQuestion } from "../question.ts";
import { rankPassages } from "../rank.ts";
import { passagesOf } from "../passages.ts";
import { resetDatabase } from "../../test/database.ts";
import { articleStatements } from "./knowledge-samples.ts";

const NOW = "2026-08-20T12:00:00.000Z";
const KEY = "sk_chadis_live_abc123";

beforeEach(() => resetDatabase(env.DB));

async function add(orgId: string, id: string, title: string, body: string): Promise<void> {
	await env.DB.batch(articleStatements(env.DB, orgId, { id, title, body }));
}

/** A question of its own, asked of an org whose knowledge is never shown whole. */
function alone(text: string): SearchQuestion {
	return { ...readQuestion(text), conversationId: null, wholeTokens: 0 };
}

async function search(text: string, siteKey = KEY): Promise<FoundPassage[]> {
	const { results } = await searchStatement(env.DB, { siteKey, now: NOW }, alone(text)).all();
	const found = foundPassages(results);
	// Words alone leave none of them without its score.
	return rankPassages(found).passages.flatMap(({ key }) => found.byWords.filter((passage) => passage.key === key));
}

async function rows(sql: string): Promise<Record<string, unknown>[]> {
	return (await env.DB.prepare(sql).all()).results;
}

const counters = () => rows("SELECT knowledge_version, knowledge_passages FROM orgs WHERE id = 'org_chadis'");

describe("a search", () => {
	it("gives passages whole, the best first", async () => {
		await add("org_chadis", "a", "Refunds", "You get your money back within a week.");
		await add("org_chadis", "b", "Opening hours", "We are open from nine to five. Refunds take a week.");
		await add("org_chadis", "c", "Parking", "There is a garage.");
		const found = await search("How do refunds work?");
		expect(found).toMatchObject([
			{
				knowledgeId: "a",
				kind: "article",
				title: "Refunds",
				content: "You get your money back within a week.",
				sourceUrl: "https://www.example.com/a",
				answer: null,
				score: expect.any(Number),
			},
			{
				knowledgeId: "b",
				kind: "article",
				title: "Opening hours",
				content: "We are open from nine to five. Refunds take a week.",
				sourceUrl: "https://www.example.com/b",
				answer: null,
				score: expect.any(Number),
			},
		]);
		expect(found[0]?.score).toBeGreaterThan(found[1]?.score ?? Number.NaN);
	});

	it("counts a rare word for more than one that is everywhere", async () => {
		for (const n of [1, 2, 3, 4, 5]) await add("org_chadis", `c${n}`, "About us", "The dentist.");
		await add("org_chadis", "rare", "About us", "The giraffe of the zoo.");
		expect((await search("dentist giraffe")).map(({ knowledgeId }) => knowledgeId)[0]).toBe("rare");
	});

	it("scores a passage by each of a question's words, whichever of them has led to it", async () => {
		await add("org_chadis", "both", "Zoo", `The giraffe. ${"Keepers feed animals. ".repeat(25)} A refund.`);
		await add("org_chadis", "rare", "Zoo", `The giraffe. ${"Keepers feed animals. ".repeat(25)} A lion.`);
		for (let n = 0; n < 60; n++) await add("org_chadis", `common${n}`, "Refund", `Refund, case ${n}.`);
		const found = await search("giraffe refund");
		expect(found.map(({ knowledgeId }) => knowledgeId)[0]).toBe("both");
		expect(found.map(({ coverage }) => coverage)[0]).toBeCloseTo(1);
		expect(found.find(({ knowledgeId }) => knowledgeId === "rare")?.coverage).toBeLessThan(1);
	});

	it("gives 24 passages at most, and the third of one article after those of others", async () => {
		const section = (n: number): string => `Refund ${n}. ${"Refund money and weeks and cards. ".repeat(18)}`;
		await add("org_chadis", "long", "Refunds", [1, 2, 3, 4].map(section).join("\n\n"));
		for (let n = 0; n < 30; n++) await add("org_chadis", `short${n}`, "Other", `A refund in case ${n}.`);
		const ids = (await search("refund")).map(({ knowledgeId }) => knowledgeId);
		expect(ids).toHaveLength(24);
		expect(ids.slice(0, 3)).toEqual(["long", "long", expect.stringContaining("short")]);
		expect(ids.slice(-2)).toEqual(["long", "long"]);
	});

	it("finds nothing of another org's, by an unknown key, or without words", async () => {
		await add("org_pannu_dental", "theirs", "Refunds", "You get a refund.");
		expect(await search("refund")).toEqual([]);
		expect(await search("refund", "sk_nobody_live_abc123")).toEqual([]);
		expect(await search("?!", "sk_pannu_live_def456")).toEqual([]);
		expect(await search("refund", "sk_pannu_live_def456")).toHaveLength(1);
	});

	it("finds nothing by a term that says it is of one org and leads to the text of another", async () => {
		for (const n of [1, 2, 3]) await add("org_chadis", `own${n}`, "Parking", "There is a garage.");
		await add("org_pannu_dental", "theirs", "Refunds", "You get a refund.");
		await env.DB.prepare(
			"INSERT INTO knowledge_terms (org_id, term, weight, passage_id) SELECT 'org_chadis', term, weight, passage_id FROM knowledge_terms WHERE org_id = 'org_pannu_dental'",
		).run();
		expect(await search("refund")).toEqual([]);
	});

	it("knows the key before the last rotation while its grace lasts", async () => {
		await add("org_chadis", "a", "Refunds", "You get a refund.");
		const rotate =
			"UPDATE portal_sites SET previous_key = 'sk_chadis_live_old', previous_key_expires_at = ?1 WHERE id = 'site_chadis'";
		await env.DB.prepare(rotate).bind("2026-08-20T12:00:00.001Z").run();
		expect(await search("refund", "sk_chadis_live_old")).toHaveLength(1);
		await env.DB.prepare(rotate).bind(NOW).run();
		expect(await search("refund", "sk_chadis_live_old")).toEqual([]);
	});

	it.each([
		"'; DROP TABLE knowledge; --",
		'"]}\\',
		"\u0000refund",
		"NEAR(refund AND OR *",
		"__proto__ constructor",
		"%_",
		"?1 ?2",
	])("takes %j for words", async (text) => {
		await add("org_chadis", "a", "Refunds", "You get a refund, __proto__ constructor.");
		expect((await search(`${text} refund`)).map(({ knowledgeId }) => knowledgeId)).toEqual(["a"]);
	});

	it("reads no more rows the more there are", async () => {
		const read = async (): Promise<number> =>
			(await searchStatement(env.DB, { siteKey: KEY, now: NOW }, alone("refund card week")).all()).meta.rows_read;
		await fill(400);
		const before = await read();
		await fill(4000);
		expect(await read()).toBeLessThan(before * 1.1);
		expect(await search("refund")).toHaveLength(24);
	});
});

/** So many texts, each with one passage that holds the same three words. */
async function fill(count: number): Promise<void> {
	const numbers = "WITH RECURSIVE n (n) AS (SELECT ?1 UNION ALL SELECT n + 1 FROM n WHERE n < ?1 + ?2 - 1)";
	await env.DB.batch([
		env.DB.prepare(
			`${numbers} INSERT INTO knowledge (id, org_id, title, body, passages) SELECT 'k' || n, 'org_chadis', 'Case', 'A case.', 1 FROM n`,
		).bind(count, count),
		env.DB.prepare(
			`${numbers} INSERT INTO knowledge_passages (id, knowledge_id, position, content) SELECT n, 'k' || n, 0, 'A case.' FROM n`,
		).bind(count, count),
		env.DB.prepare(`
			${numbers} INSERT INTO knowledge_terms (org_id, term, weight, passage_id)
			SELECT 'org_chadis', word.value, 1 + (n % 997) / 1000.0, n FROM n, json_each('["refund","card","week"]') word
		`).bind(count, count),
	]);
}

describe("the plan of a search", () => {
	it("scans nothing that grows", async () => {
		const queries: string[] = [];
		const db = new Proxy(env.DB, {
			get: (target, name) => {
				if (name !== "prepare") return Reflect.get(target, name);
				return (sql: string) => {
					queries.push(sql);
					return target.prepare(sql);
				};
			},
		});
		searchStatement(db, { siteKey: KEY, now: NOW }, alone(""));
		const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${queries[0]}`)
			.bind(KEY, NOW, "[]", null, 0, 0)
			.all<{ detail: string }>();
		const scanned = results.map(({ detail }) => detail).filter((detail) => detail.startsWith("SCAN"));
		expect(
			scanned.filter(
				(detail) =>
					!/^SCAN (?:asked|miss|meant|near|sought|weighed|ranked|told|found|said|q|letter|\(subquery-\d+\)|\d+ CONSTANT ROWS|[amwlj] VIRTUAL TABLE.*)$/.test(
						detail,
					),
			),
		).toEqual([]);
	});
});

describe("the passages of a text", () => {
	it("are counted for its org, whose knowledge changes its version with every write but of hits", async () => {
		expect(await counters()).toEqual([{ knowledge_version: 0, knowledge_passages: 0 }]);
		await add("org_chadis", "a", "Refunds", "A refund.");
		expect(await counters()).toEqual([{ knowledge_version: 1, knowledge_passages: 1 }]);
		await env.DB.prepare("UPDATE knowledge SET hits = hits + 1").run();
		expect(await counters()).toEqual([{ knowledge_version: 1, knowledge_passages: 1 }]);
		await env.DB.prepare("UPDATE knowledge SET source_url = NULL").run();
		expect(await counters()).toEqual([{ knowledge_version: 2, knowledge_passages: 1 }]);
		await env.DB.prepare("DELETE FROM knowledge").run();
		expect(await counters()).toEqual([{ knowledge_version: 3, knowledge_passages: 0 }]);
		expect(await rows("SELECT id FROM knowledge_passages UNION ALL SELECT passage_id FROM knowledge_terms")).toEqual(
			[],
		);
	});

	it("are only written for the text that is there, of the org it is of", async () => {
		await add("org_chadis", "a", "Refunds", "A refund.");
		const stored = () =>
			rows(
				"SELECT p.content, t.org_id, t.term FROM knowledge_passages p JOIN knowledge_terms t ON t.passage_id = p.id",
			);
		const before = await stored();
		const write = (orgId: string, id: string, title: string, body: string) =>
			env.DB.batch(passageStatements(env.DB, { orgId, id, title, body }, passagesOf("Cards", "A card.")));
		await write("org_chadis", "a", "Refunds", "Another text.");
		await write("org_chadis", "a", "Another title", "A refund.");
		await write("org_pannu_dental", "a", "Refunds", "A refund.");
		await write("org_chadis", "b", "Refunds", "A refund.");
		expect(await stored()).toEqual(before);
		await write("org_chadis", "a", "Refunds", "A refund.");
		expect(await search("card")).toHaveLength(1);
		expect(await search("refund")).toEqual([]);
	});

	it("go when the text is changed by hand, and come with the next run", async () => {
		await add("org_chadis", "a", "Refunds", "A refund.");
		await env.DB.prepare("UPDATE knowledge SET body = 'A card.' WHERE id = 'a'").run();
		expect(await search("refund")).toEqual([]);
		expect(await rows("SELECT version, passages FROM knowledge")).toEqual([{ version: 2, passages: 0 }]);
		expect(await indexUnsearchable(env.DB, 10)).toBe(1);
		expect(await search("card")).toHaveLength(1);
		expect(await counters()).toMatchObject([{ knowledge_passages: 1 }]);
		expect(await indexUnsearchable(env.DB, 10)).toBe(0);
	});

	it("are made for what was inserted by hand, a few at a time, blank ones as well", async () => {
		const insert =
			"INSERT INTO knowledge (id, org_id, kind, title, question_key, body) VALUES (?1, 'org_chadis', ?2, ?3, ?4, ?5)";
		await env.DB.batch([
			env.DB.prepare(insert).bind("1", "article", "Refunds", null, "A refund."),
			env.DB.prepare(insert).bind("2", "answer", "Do you take cards?", "do you take cards", "Yes, all of them."),
			env.DB.prepare(insert).bind("3", "article", "Blank", null, "  "),
		]);
		expect([
			await indexUnsearchable(env.DB, 2),
			await indexUnsearchable(env.DB, 2),
			await indexUnsearchable(env.DB, 2),
		]).toEqual([2, 1, 0]);
		expect(await search("which cards")).toMatchObject([
			{ kind: "answer", title: "Do you take cards?", content: "Yes, all of them.", sourceUrl: null },
		]);
		expect(await counters()).toMatchObject([{ knowledge_passages: 3 }]);
	});

	it("come with the key by which a curated answer is found, whatever was written by hand; a key that is taken stays as it is", async () => {
		const insert =
			"INSERT INTO knowledge (id, org_id, kind, title, question_key, body) VALUES (?1, 'org_chadis', 'answer', ?2, ?3, 'Yes.')";
		await env.DB.batch([
			env.DB.prepare(insert).bind("1", "Do you take walk-ins?", "Do you take walk-ins?"),
			env.DB.prepare(insert).bind("2", "Do you take WALK-INS", "walk-ins"),
		]);
		await indexUnsearchable(env.DB, 10);
		const keys = () => rows("SELECT question_key FROM knowledge ORDER BY id");
		expect(await keys()).toEqual([{ question_key: "do you take walk ins" }, { question_key: "walk-ins" }]);
		await env.DB.prepare("UPDATE knowledge SET title = 'Do you take cards?' WHERE id = '1'").run();
		await indexUnsearchable(env.DB, 10);
		expect(await keys()).toEqual([{ question_key: "do you take cards" }, { question_key: "walk-ins" }]);
	});

	it("leave the cache's version of the other org alone", async () => {
		await add("org_chadis", "a", "Refunds", "A refund.");
		expect(await rows("SELECT knowledge_version, knowledge_passages FROM orgs WHERE id = 'org_pannu_dental'")).toEqual([
			{ knowledge_version: 0, knowledge_passages: 0 },
		]);
	});
});
