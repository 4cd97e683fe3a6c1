import { describe, expect, it } from "vitest";
import { rows } from "../local-run.ts";
import { CHADIS, PANNU } from "./stage.ts";
import type { Stage } from "./stage.ts";

/** What the local default answers out of the demo customers' knowledge. */
export function answerTests(stage: Stage): void {
	async function ask(site: typeof CHADIS, message: string, session?: string): Promise<Record<string, unknown>> {
		const response = await stage
			.client()
			.post(
				"/chat",
				{ message, visitor_id: "reader", ...(session === undefined ? {} : { session_id: session }) },
				{ ...site },
			);
		expect(response.status).toBe(200);
		return response.json();
	}

	const suggested = async (site: typeof CHADIS): Promise<unknown> => {
		const config = await (await stage.client().send(`/chat/config?site_key=${site["X-Site-Key"]}`)).json();
		return Object(config).suggested_questions;
	};
	const titles = ({ sources }: Record<string, unknown>): unknown[] =>
		Array.isArray(sources) ? sources.map((source) => source.title) : [];

	const FACTS = {
		chadis: {
			"What is CHADIS?": ["a system of online screening questionnaires", "What CHADIS is"],
			"How do I complete a questionnaire?": ["answer the questions", "Completing a questionnaire"],
			"How do I reset my password?": ['Choose "Forgot password"', undefined],
		},
		pannu: {
			"What are your opening hours?": ["from 8 am to 5 pm", undefined],
			"Do you take new patients?": ["New patients are welcome", "Our services"],
			"How do I book an appointment?": ["Call us at 555-0123", "Booking an appointment"],
		},
	} as const;

	describe("the demo customers' bots", () => {
		it.each([
			["CHADIS", CHADIS, FACTS.chadis],
			["Pannu Dental", PANNU, FACTS.pannu],
		])("answer every suggested question of %s with its fact and its source", async (_, site, facts) => {
			expect(await suggested(site)).toEqual(Object.keys(facts));
			for (const [question, [fact, title]] of Object.entries(facts)) {
				const answer = await ask(site, question);
				expect(answer).toMatchObject({ response: expect.stringContaining(fact) });
				expect(answer).not.toHaveProperty("unanswered");
				// A curated answer that links to no page is its own source.
				if (title === undefined) expect(answer.finish).toBe("curated");
				else expect(titles(answer)).toContain(title);
			}
		});

		it.each([
			[CHADIS, "Does it work with our health record system?"],
			[PANNU, "How much is a crown?"],
		])("say of %o that they do not know: %s", async (site, question) => {
			const count = (): unknown =>
				rows(
					stage.folder,
					`SELECT COALESCE(SUM(m.unanswered), 0) AS n FROM metrics_daily m JOIN portal_sites s ON s.id = m.site_id WHERE s.site_key = '${site["X-Site-Key"]}'`,
				)[0]?.["n"];
			const before = Number(count());
			expect(await ask(site, question)).toMatchObject({
				response: expect.stringMatching(/^I am sorry, I do not know that/),
				unanswered: true,
				sources: [],
			});
			await expect.poll(count).toBe(before + 1);
		});

		it("go on with what was spoken of", async () => {
			const first = await ask(CHADIS, "Can a questionnaire be completed in Spanish?");
			expect(first).toMatchObject({ response: expect.stringContaining("in English or in Spanish") });
			const next = await ask(CHADIS, "And how long does that take?", String(first.session_id));
			expect(next).toMatchObject({
				session_id: first.session_id,
				response: expect.stringContaining("between five and fifteen minutes"),
			});
		});

		it("answer a courtesy with one, and name no source", async () => {
			expect(await ask(PANNU, "Hello there!")).toMatchObject({ response: "Hello! How can I help you?", sources: [] });
			expect(await ask(PANNU, "ok thanks")).toMatchObject({
				response: expect.stringMatching(/^You are welcome!/),
				sources: [],
			});
		});

		it("answer in Spanish around what the page says", async () => {
			expect(await ask(PANNU, "¿Dónde puedo estacionar?")).toMatchObject({
				response: expect.stringMatching(/^Esto es lo que dice nuestra página: «.*free parking behind the building.*»$/),
			});
			expect(await ask(PANNU, "¿Cuánto cuesta una corona?")).toMatchObject({
				response: expect.stringMatching(/^Lo siento, no lo sé/),
				unanswered: true,
			});
		});
	});

	it("the Gemini stand-in embeds with a model that tells meaning from words", async () => {
		const texts = [
			"Is there somewhere to leave my car?",
			"There is free parking behind the building.",
			"We fill root canals.",
		];
		const requests = texts.map((text) => ({
			model: "models/gemini-embedding-2",
			content: { parts: [{ text }] },
			outputDimensionality: 768,
		}));
		const response = await stage
			.client()
			.post("/v1beta/models/gemini-embedding-2:batchEmbedContents", { requests }, { "x-goog-api-key": "any" });
		expect(response.status).toBe(200);
		const { embeddings } = Object(await response.json());
		const [question = [], parking = [], canals = []]: number[][] = embeddings.map(
			({ values }: { values: number[] }) => values,
		);
		const near = (one: number[], other: number[]): number =>
			one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0);
		expect([question.length, near(question, question)]).toEqual([768, expect.closeTo(1, 5)]);
		expect(near(question, parking)).toBeGreaterThan(near(question, canals) + 0.1);
	});
}
