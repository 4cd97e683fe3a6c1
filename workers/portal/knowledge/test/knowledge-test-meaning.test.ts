import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { articleStatements } from "../../../lib/knowledge/test/knowledge-samples.ts";
import type { TokenOptions } from "../../../lib/test/tokens.ts";
import { callsOf, setFaults } from "../../../local/stand-ins/control.ts";
import type { Fault } from "../../../local/stand-ins/wire.ts";
import { createPortal, NOW } from "../../test/portal.ts";
import type { Call, Portal } from "../../test/portal.ts";
import { CHADIS, PANNU, STAFF, member, seedTwins } from "../../test/seed.ts";
import { embedKnowledge } from "./embedded-knowledge.ts";

let portal: Portal;

/** By meaning it finds the aligners, by words nothing: as the stand-in knows. */
const QUESTION = "What of wonky ones?";
const EMBEDDED = `task: search result | query: ${QUESTION}`;
const COST = Math.ceil((Math.ceil(EMBEDDED.length / 3) * 200_000) / 1_000_000);

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seedTwins(env.DB);
	for (const { id, mark } of [CHADIS, PANNU]) {
		const fillers = Array.from({ length: 20 }, (_, n) => ({
			id: `${mark}-${n}`,
			title: `Notice ${n}`,
			body: `Notice ${n} of ${mark} tells of matter${n} and subject${n}.`,
		}));
		const trays = { id: `trays-${mark}`, title: "Clear trays", body: `The aligners of ${mark} take months.` };
		await env.DB.batch([trays, ...fillers].flatMap((article) => articleStatements(env.DB, id, article)));
	}
});
beforeEach(async () => {
	await env.DB.prepare("UPDATE usage_daily SET cost_usd_micros = 0").run();
	for (const { id } of [CHADIS, PANNU]) await embedKnowledge(id);
});

/** A test with a vendor key of its own, and what it cost. */
async function test(
	{ faults = [], ...variables }: Call["env"] & { faults?: Fault[] } = {},
	as: Partial<TokenOptions> = member(CHADIS),
	{ query = "", ...body }: { query?: string; question?: string; session?: string } = {},
) {
	const key = `key-${crypto.randomUUID()}`;
	await setFaults(key, ...faults);
	const answer = await portal.call(`/portal/knowledge/test${query}`, {
		...{ method: "POST", as, body: { question: QUESTION, ...body } },
		env: { GEMINI_API_KEY: key, KNOWLEDGE_WHOLE_TOKENS: "0", ...variables },
	});
	const { ranking = undefined, passages = [] } = Object(answer.body);
	const first: Record<string, unknown> = passages[0] ?? {};
	return { ...answer, ranking, first, passages, calls: await callsOf(key) };
}

async function costs(): Promise<Record<string, unknown>> {
	const { results } = await env.DB.prepare(
		"SELECT org_id, messages, cost_usd_micros AS cost FROM usage_daily WHERE date = '2026-08-20' ORDER BY org_id",
	).all();
	return Object.fromEntries(results.map(({ org_id: org, messages, cost }) => [String(org), [messages, cost]]));
}

const NOTHING = { org_chadis: [21, 0], org_pannu_dental: [210_000, 0] };

describe("a question by its meaning", () => {
	it("shows what words do not find, with all scores, in one round trip and one call, at the brake's cost alone", async () => {
		const numbers = () => env.DB.prepare("SELECT * FROM metrics_daily").all();
		const before = await numbers();
		const { status, roundTrips, ranking, first, calls, body } = await test();
		expect({ status, roundTrips, ranking }).toEqual({ status: 200, roundTrips: 1, ranking: "both" });
		expect(first).toMatchObject({ knowledge_id: "trays-alpha", score: 1, word_score: null, shown: true });
		expect(Number(first["meaning_score"])).toBeGreaterThan(0.3);
		expect(body).toMatchObject({ kind: "best", near: true });
		expect(calls.map(({ path, body: sent }) => [path, sent])).toEqual([
			[
				"/v1beta/models/gemini-embedding-2:embedContent",
				{ content: { parts: [{ text: EMBEDDED }] }, outputDimensionality: 768 },
			],
		]);
		expect(await costs()).toEqual({ ...NOTHING, org_chadis: [21, COST] });
		expect((await numbers()).results).toEqual(before.results);
	});

	it("ranks by both what words find as well, and shows each score", async () => {
		const { first, passages } = await test({}, undefined, { question: "Clear trays?" });
		expect(first).toMatchObject({ knowledge_id: "trays-alpha", score: 1 });
		expect(Number(first["word_score"])).toBeGreaterThan(0);
		expect(Number(first["meaning_score"])).toBeGreaterThan(0);
		const scores = passages.map(({ score }: { score: number }) => score);
		expect(scores).toEqual(scores.toSorted((one: number, other: number) => other - one));
	});

	it("leaves without what tells who somebody is", async () => {
		const { calls } = await test({}, undefined, { question: "Call 443-555-0182: clear trays?" });
		const [sent] = calls;
		expect(JSON.stringify(sent)).toContain("clear trays");
		expect(JSON.stringify(sent)).not.toContain("0182");
	});

	it("is found by meaning alone where the deployment says so, and still gets its curated answer", async () => {
		expect((await test({ KNOWLEDGE_RANKING: "meaning" })).ranking).toBe("meaning");
		const { body } = await test({ KNOWLEDGE_RANKING: "meaning" }, undefined, { question: "Are you currently alpha?" });
		expect(body).toMatchObject({ curated: { id: "kn-alpha-b" } });
	});

	it("is compared beyond 2,000 passages with what words have found alone", async () => {
		const count = (passages: string) =>
			env.DB.prepare(`UPDATE orgs SET knowledge_passages = ${passages} WHERE id = 'org_chadis'`).run();
		await count("2001");
		const { ranking, passages } = await test({}, undefined, { question: "Are clear trays aligners?" });
		expect(ranking).toBe("both");
		for (const { word_score: word, meaning_score: meaning } of passages)
			expect([word, meaning]).toEqual([expect.any(Number), expect.any(Number)]);
		await count(
			"(SELECT COUNT(*) FROM knowledge_passages p JOIN knowledge k ON k.id = p.knowledge_id WHERE k.org_id = 'org_chadis')",
		);
	});

	it("finds nothing of another organization's, and costs staff's the one that they name", async () => {
		const { first, text } = await test({}, STAFF, { query: `?orgId=${PANNU.clerkId}` });
		expect(first).toMatchObject({ knowledge_id: "trays-omega" });
		expect(text).not.toContain(CHADIS.mark);
		expect(await costs()).toEqual({ ...NOTHING, org_pannu_dental: [210_000, COST] });
	});
});

describe("words alone rank, at no cost,", () => {
	it.each<[string, Call["env"] & { faults?: Fault[] }, number]>([
		["where there is no key", { GEMINI_API_KEY: "" }, 0],
		["where embeddings are switched off", { GEMINI_EMBEDDING_MODEL: "" }, 0],
		["where the deployment ranks by words", { KNOWLEDGE_RANKING: "words" }, 0],
		["where the vectors are another model's", { GEMINI_EMBEDDING_MODEL: "gemini-embedding-001" }, 0],
		["when the vendor answers with an error", { faults: [{ status: 500, times: 2 }] }, 1],
		["when it never answers", { faults: [{ hang: true }], GEMINI_EMBEDDING_TIMEOUT_MS: "50" }, 1],
		["when it sends a vector of another length", { faults: [{ body: '{"embedding":{"values":[1]}}' }] }, 1],
	])("%s", async (_, variables, calls) => {
		const tested = await test(variables, undefined, { question: "Clear trays?" });
		expect([tested.status, tested.ranking]).toEqual([200, "words"]);
		expect(tested.first).toMatchObject({ knowledge_id: "trays-alpha", meaning_score: null });
		expect(tested.calls.length).toBeLessThanOrEqual(calls);
		expect(await costs()).toEqual(NOTHING);
	});

	it("where the organization's brake, or that of all, has no room: nothing leaves", async () => {
		const limit = (budget: number | null) =>
			env.DB.prepare("UPDATE orgs SET daily_budget_usd_micros = ?1 WHERE id = 'org_chadis'").bind(budget).run();
		for (const [budget, ofAll] of [
			[COST - 1, "300000000"],
			[COST, "0"],
		] as const) {
			await limit(budget);
			const { ranking, calls } = await test({ DAILY_BUDGET_USD_MICROS: ofAll });
			expect([ranking, calls]).toEqual(["words", []]);
		}
		await limit(null);
		expect(await costs()).toEqual(NOTHING);
	});

	it("where the organization lets its words go to covered vendors alone: nothing leaves", async () => {
		const allow = (policy: string | null) =>
			env.DB.prepare("UPDATE org_config SET provider_policy = ?1 WHERE org_id = 'org_chadis'").bind(policy).run();
		await allow("baa");
		const { ranking, calls } = await test();
		await allow(null);
		expect([ranking, calls]).toEqual(["words", []]);
		expect(await costs()).toEqual(NOTHING);
	});

	it("where nothing of the knowledge is embedded", async () => {
		await env.DB.prepare("DELETE FROM knowledge_vectors WHERE org_id = 'org_chadis'").run();
		const { ranking, calls } = await test();
		expect([ranking, calls]).toEqual(["words", []]);
		expect(await costs()).toEqual(NOTHING);
	});
});

describe("nothing leaves and nothing is spent", () => {
	it.each<[string, number, Partial<TokenOptions>, Record<string, string>, Call["env"]]>([
		["for small talk", 200, member(CHADIS), { question: "Thank you!" }, {}],
		["where all is shown", 200, member(CHADIS), {}, { KNOWLEDGE_WHOLE_TOKENS: "8000" }],
		["in a conversation that is not there", 404, member(CHADIS), { session: "session-omega-5" }, {}],
		["for who names another organization", 403, member(CHADIS), { query: `?orgId=${PANNU.id}` }, {}],
		["for an organization that is not there", 404, STAFF, { query: "?orgId=org_none" }, {}],
		["for a question that is none", 422, member(CHADIS), { question: " " }, {}],
	])("%s", async (_, expected, as, asked, variables) => {
		const { status, ranking, calls } = await test(variables, as, asked);
		expect([status, ranking ?? null, calls]).toEqual([expected, null, []]);
		expect(await costs()).toEqual(NOTHING);
	});

	it("with a base URL that is not the vendor's: it is not configured", async () => {
		expect((await test({ GEMINI_BASE_URL: "https://elsewhere.example" })).status).toBe(503);
	});
});
