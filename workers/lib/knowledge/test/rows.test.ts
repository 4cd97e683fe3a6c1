import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { resetDatabase } from "../../test/database.ts";
import { articleStatements } from "./knowledge-samples.ts";
import { searchStatement } from "../search.ts";

const NOW = "2026-08-20T12:00:00.000Z";
const FEW = { orgId: "org_chadis", siteKey: "sk_chadis_live_abc123", passages: 50 };
const MANY = { orgId: "org_pannu_dental", siteKey: "sk_pannu_live_def456", passages: 5000 };
/** A word is in one of so many passages, however many there are. */
const SHARES = [2, 3, 5, 7, 9, 11, 13, 17, 19, 23];

beforeEach(() => resetDatabase(env.DB));

const wordOf = (share: number): string => `word${"abcdefghijklmnopqrstuvwx".charAt(share)}`;

/** An org with so many texts of one passage each. */
async function fill({ orgId, passages }: typeof FEW): Promise<void> {
	const numbers = "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?2)";
	const words = JSON.stringify(SHARES.map((share) => [share, wordOf(share)]));
	await env.DB.batch([
		env.DB.prepare(
			`${numbers} INSERT INTO knowledge (id, org_id, title, body, passages) SELECT ?1 || n, ?1, 'Case', 'A case.', 1 FROM n`,
		).bind(orgId, passages),
		env.DB.prepare(
			`${numbers} INSERT INTO knowledge_passages (id, knowledge_id, position, content) SELECT ?2 * 10 + n, ?1 || n, 0, 'A case.' FROM n`,
		).bind(orgId, passages),
		env.DB.prepare(`
			${numbers} INSERT INTO knowledge_terms (org_id, term, weight, passage_id)
			SELECT ?1, word.value ->> 1, 1 + (n * 31 + word.key * 17) % 997 / 1000.0, ?2 * 10 + n FROM n, json_each(?3) word
			WHERE (n + word.key) % (word.value ->> 0) = 0`).bind(orgId, passages, words),
	]);
}

async function rowsRead({ siteKey }: typeof FEW): Promise<number> {
	const terms = SHARES.map((share) => ({ term: wordOf(share), weight: 1 }));
	const question = { terms, earlierWeight: 0, isSmallTalk: false, conversationId: null, wholeTokens: 0 };
	return (await searchStatement(env.DB, { siteKey, now: NOW }, question).all()).meta.rows_read;
}

/** What the triggers have counted, and what there is. */
async function counts(): Promise<{ counted: unknown[]; real: unknown[] }> {
	const [counted, real] = await env.DB.batch([
		env.DB.prepare("SELECT org_id, term, passages FROM knowledge_term_counts ORDER BY org_id, term"),
		env.DB.prepare("SELECT org_id, term, COUNT(*) AS passages FROM knowledge_terms GROUP BY org_id, term"),
	]);
	return { counted: counted?.results ?? [], real: real?.results ?? [] };
}

describe("the rows that a search reads", () => {
	it("are of a hundred times as many passages not twice as many", async () => {
		await fill(FEW);
		await fill(MANY);
		const [few, many] = [await rowsRead(FEW), await rowsRead(MANY)];
		expect(few).toBeGreaterThan(100);
		expect(many).toBeLessThan(few * 1.8);
		expect(many).toBeLessThan(500);
	});
});

describe("the passages of a term", () => {
	const add = (orgId: string, id: string, body: string) =>
		env.DB.batch(articleStatements(env.DB, orgId, { id, title: "Refunds", body }));

	it("are counted for each org, whoever writes and erases them", async () => {
		await add("org_chadis", "a", "A refund within a week.");
		await add("org_chadis", "b", `A refund by card, b12. ${"A week is seven days. ".repeat(40)}`);
		await add("org_pannu_dental", "c", "A refund.");
		const { counted, real } = await counts();
		expect(counted).toEqual(real);
		expect(counted).toContainEqual({ org_id: "org_pannu_dental", term: "refund", passages: 1 });
		await env.DB.prepare("UPDATE knowledge SET body = 'A card.' WHERE id = 'a'").run();
		await env.DB.prepare("DELETE FROM knowledge WHERE id = 'c'").run();
		const after = await counts();
		expect(after.counted).toEqual(after.real);
		expect(after.counted).not.toContainEqual(expect.objectContaining({ org_id: "org_pannu_dental" }));
		await env.DB.prepare("DELETE FROM knowledge").run();
		expect(await counts()).toEqual({ counted: [], real: [] });
	});
});
