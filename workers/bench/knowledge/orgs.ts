import type { Miniflare } from "miniflare";
import { packVectors, vectorsPerText } from "../../lib/knowledge/meaning/vectors.ts";
import { passagesOf } from "../../lib/knowledge/passages.ts";
import { readArticles } from "../trial/eval/data.ts";
import { createDice } from "../trial/parts/random.ts";
import type { Dice } from "../trial/parts/random.ts";
import { mixedTexts } from "./texts.ts";
import type { BenchText } from "./texts.ts";

/** A D1 of Miniflare's. */
export type Database = Awaited<ReturnType<Miniflare["getD1Database"]>>;
type Statement = ReturnType<Database["prepare"]>;

/** Any: a run is like the one before. */
const SEED = 20261129;
/** As wrangler-chat.toml has it. */
const SPACE = { model: "gemini-embedding-2", dimensions: 768 };

/** The key of the one site of an org that the benchmark makes. @param name its number of passages, where it has mixed ones alone */
export function benchSiteKey(name: string | number): string {
	return `sk_bench${name}_live_abc123`;
}

/**
 * Makes an org with so many passages (`mixedTexts`).
 * @param isEmbedded with a vector for each passage: at random, since it is what comparing costs that is measured
 */
export function makeMixedOrg(db: Database, passages: number, isEmbedded: boolean): Promise<void> {
	return makeOrg(db, String(passages), mixedTexts(passages, SEED), isEmbedded);
}

/** Makes an org whose own articles stand among so many passages of the other customers' sentences, mixed. */
export function makeOrgAmongOthers(db: Database, customer: string, others: number): Promise<void> {
	const texts = [...readArticles(customer), ...mixedTexts(others, SEED, customer)];
	return makeOrg(db, `${customer}${others}`, texts, false);
}

/** Makes an org with one site and these texts, with the rows that the portal writes. */
async function makeOrg(db: Database, name: string, texts: readonly BenchText[], isEmbedded: boolean): Promise<void> {
	const id = `org_bench${name}`;
	await db.batch([
		db
			.prepare("INSERT INTO orgs (id, name, slug, plan) VALUES (?1, 'Bench', ?2, 'enterprise')")
			.bind(id, `bench-${name}`),
		db
			.prepare("INSERT INTO portal_sites (id, org_id, site_key, name, type) VALUES (?1, ?2, ?3, 'Chat', 'chatbot')")
			.bind(`site_bench${name}`, id, benchSiteKey(name)),
	]);
	const dice = createDice(SEED);
	for (const [index, text] of texts.entries())
		await db.batch(textStatements(db, id, `${id}_${index}`, text, isEmbedded ? dice : undefined));
}

function textStatements(
	db: Database,
	orgId: string,
	id: string,
	{ title, body }: BenchText,
	dice: Dice | undefined,
): Statement[] {
	const cut = passagesOf(title, body);
	const contents = JSON.stringify(cut.map(({ content }) => content));
	const weights = JSON.stringify(cut.map((passage) => Object.fromEntries(passage.weights)));
	return [
		db
			.prepare("INSERT INTO knowledge (id, org_id, title, body, passages) VALUES (?1, ?2, ?3, ?4, ?5)")
			.bind(id, orgId, title, body, cut.length),
		db
			.prepare(
				"INSERT INTO knowledge_passages (knowledge_id, position, content) SELECT ?1, key, value FROM json_each(?2)",
			)
			.bind(id, contents),
		db
			.prepare(`
				INSERT INTO knowledge_terms (org_id, term, weight, passage_id)
				SELECT ?1, word.key, word.value, p.id
				FROM json_each(?3) listed
				CROSS JOIN knowledge_passages p ON p.knowledge_id = ?2 AND p.position = listed.key
				CROSS JOIN json_each(listed.value) word
			`)
			.bind(orgId, id, weights),
		...(dice === undefined ? [] : vectorStatements(db, orgId, id, cut.length, dice)),
	];
}

function vectorStatements(db: Database, orgId: string, id: string, count: number, dice: Dice): Statement[] {
	const { model, dimensions } = SPACE;
	const vectors = Array.from({ length: count }, () => Array.from({ length: dimensions }, () => dice.next() - 0.5));
	return packVectors(vectors).map((packed, index) =>
		db
			.prepare(
				"INSERT INTO knowledge_vectors (org_id, model, dimensions, knowledge_id, first_position, vectors) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
			)
			.bind(orgId, model, dimensions, id, index * vectorsPerText(dimensions), packed),
	);
}
