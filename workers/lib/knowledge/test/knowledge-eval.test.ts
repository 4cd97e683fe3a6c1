import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { resetDatabase } from "../../test/database.ts";
import type { Article } from "./knowledge-articles.ts";
import { CHADIS_ARTICLES } from "./knowledge-chadis.ts";
import { PANNU_ARTICLES } from "./knowledge-pannu.ts";
import { ranked } from "./knowledge-search.ts";
import {
	CHADIS_FOLLOW_UPS,
	CHADIS_QUESTIONS,
	PANNU_FOLLOW_UPS,
	PANNU_QUESTIONS,
	UNANSWERABLE,
} from "./knowledge-questions.ts";
import { articleStatements } from "./knowledge-samples.ts";

const FIRST = 3;
const LEAST_RECALL = 0.85;
/** What no word and no synonym leads to. */
const MISSED = ["I just moved here and need a dentist"];

const CUSTOMERS = [
	{
		orgId: "org_chadis",
		siteKey: "sk_chadis_live_abc123",
		articles: CHADIS_ARTICLES,
		questions: CHADIS_QUESTIONS,
		followUps: CHADIS_FOLLOW_UPS,
	},
	{
		orgId: "org_pannu_dental",
		siteKey: "sk_pannu_live_def456",
		articles: PANNU_ARTICLES,
		questions: PANNU_QUESTIONS,
		followUps: PANNU_FOLLOW_UPS,
	},
];

beforeAll(async () => {
	await resetDatabase(env.DB);
	for (const { orgId, articles } of CUSTOMERS) {
		await env.DB.batch(articles.flatMap((article) => articleStatements(env.DB, orgId, own(orgId, article))));
	}
});

function own(orgId: string, article: Article): Article {
	return { ...article, id: `${orgId}/${article.id}` };
}

/** The articles of the first passages. */
async function answersTo(siteKey: string, ...messages: string[]): Promise<string[]> {
	const { passages } = await ranked(env.DB, siteKey, ...messages);
	return passages.slice(0, FIRST).map(({ knowledgeId }) => knowledgeId);
}

describe("questions in other words than the articles'", () => {
	it(`find the article that answers them among the first ${FIRST} passages, at least ${100 * LEAST_RECALL} of 100 times`, async () => {
		const missed: string[] = [];
		let asked = 0;
		for (const { orgId, siteKey, questions } of CUSTOMERS) {
			for (const { text, expected } of questions) {
				asked += 1;
				const found = await answersTo(siteKey, text);
				if (found.includes(`${orgId}/${expected}`)) continue;
				missed.push(text);
				console.log(`missed: ${text} (${expected}); found instead: ${found.join(", ")}`);
			}
		}
		const recall = 1 - missed.length / asked;
		console.log(`recall@${FIRST}: ${recall.toFixed(3)} of ${asked} questions`);
		expect(asked).toBe(40);
		expect(recall).toBeGreaterThanOrEqual(LEAST_RECALL);
		expect(missed).toEqual(MISSED);
	});

	it("find nothing of another org's", async () => {
		for (const { siteKey, orgId } of CUSTOMERS) {
			for (const { questions } of CUSTOMERS) {
				for (const { text } of questions) {
					const found = await answersTo(siteKey, text);
					expect(found.filter((id) => !id.startsWith(`${orgId}/`))).toEqual([]);
				}
			}
		}
	});
});

describe("questions that go on with a conversation", () => {
	it(`find what they are about among the first ${FIRST}, and a new topic is not dragged back to the old one`, async () => {
		const missed: string[] = [];
		for (const { siteKey, orgId, followUps } of CUSTOMERS) {
			for (const { said, asked, expected } of followUps) {
				const found = await answersTo(siteKey, ...said, asked);
				if (!found.includes(`${orgId}/${expected}`)) missed.push(asked);
			}
		}
		expect(missed).toEqual([]);
	});

	it("find something else alone", async () => {
		const alone = await Promise.all(
			CUSTOMERS.flatMap(({ siteKey, orgId, followUps }) =>
				followUps.map(async ({ asked, expected }) =>
					(await answersTo(siteKey, asked)).includes(`${orgId}/${expected}`),
				),
			),
		);
		expect(alone.filter((isFound) => !isFound).length).toBeGreaterThanOrEqual(8);
	});
});

describe("a question that nothing answers", () => {
	it("mostly finds nothing near, and one that something answers mostly does", async () => {
		const verdicts = async (of: (customer: (typeof CUSTOMERS)[number]) => readonly string[]): Promise<boolean[]> =>
			Promise.all(
				CUSTOMERS.flatMap((customer) =>
					of(customer).map(async (text) => (await ranked(env.DB, customer.siteKey, text)).isNear),
				),
			);
		const near = (await verdicts(() => UNANSWERABLE)).filter(Boolean).length;
		const far = (await verdicts(({ questions }) => questions.map(({ text }) => text))).filter((is) => !is).length;
		expect(near).toBeLessThanOrEqual(4);
		expect(far).toBeLessThanOrEqual(2);
	});
});
