import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { indexUnsearchable } from "../../../lib/knowledge/index.ts";
import { resetDatabase } from "../../../lib/test/database.ts";
import { cachingClient } from "../../turn/test/caching.ts";
import { CHADIS_KEY, PANNU_KEY, STREAMED, eventsOf, newClient } from "../../test/client.ts";
import type { Client } from "../../test/client.ts";
import { rows, run, watched } from "../../test/tables.ts";

beforeEach(async () => {
	await resetDatabase(env.DB);
	await run(`
		INSERT INTO knowledge (id, org_id, kind, title, question_key, body, source_url)
		VALUES ('kn_hours', 'org_pannu_dental', 'answer', 'What are your opening hours?', 'what are your opening hours', 'From 8 to 5.', 'https://www.example.com/hours'),
			('kn_cancel', 'org_pannu_dental', 'answer', 'How do I cancel?', 'how do i cancel', 'Please call us.', NULL)
	`);
});

async function ask(client: Client, message: string, more: object = {}): Promise<Record<string, unknown>> {
	return await (await client.call({ key: PANNU_KEY, body: { message, ...more } })).json();
}

describe("a curated answer", () => {
	it.each(["What are your opening hours?", "  what are your OPENING hours"])(
		"is given word for word to %s, without the model, and counted",
		async (message) => {
			const client = newClient();
			const { db, trips } = watched();
			const answer = await (await client.call({ key: PANNU_KEY, body: { message }, env: { DB: db } })).json();
			expect(answer).toMatchObject({
				response: "From 8 to 5.",
				finish: "curated",
				sources: [{ title: "What are your opening hours?", url: "https://www.example.com/hours" }],
			});
			expect(await client.asked()).toEqual([]);
			expect(trips()).toBe(2);
			expect(await rows("SELECT id, hits FROM knowledge WHERE hits > 0")).toEqual([{ id: "kn_hours", hits: 1 }]);
			expect(await rows("SELECT messages, curated, unanswered, cost_usd_micros FROM metrics_daily")).toEqual([
				{ messages: 1, curated: 1, unanswered: 0, cost_usd_micros: 0 },
			]);
			expect(await rows("SELECT content, finish, model FROM chat_messages WHERE role = 'assistant'")).toEqual([
				{ content: "From 8 to 5.", finish: "curated", model: null },
			]);
		},
	);

	it("is streamed as any, names no source where it has none, and comes within a conversation as well", async () => {
		const client = newClient();
		const { session_id } = await ask(client, "Hello");
		const response = await client.call({
			key: PANNU_KEY,
			headers: STREAMED,
			body: { message: "How do I cancel?", session_id },
		});
		const events = eventsOf(await response.text());
		expect(events.slice(1)).toMatchObject([
			{ event: "delta", data: { text: "Please call us." } },
			{ event: "done", data: { session_id, finish: "curated", sources: [] } },
		]);
		expect(await client.asked()).toHaveLength(1);
	});

	it("comes before a cached one, so that a change shows at once", async () => {
		const client = cachingClient();
		await client.ask("Do you take walk-ins?", { key: PANNU_KEY });
		await run(
			"INSERT INTO knowledge (id, org_id, kind, title, question_key, body) VALUES ('kn_walk', 'org_pannu_dental', 'answer', 'Walk-ins', 'do you take walk ins', 'Yes.')",
		);
		expect(await client.ask("Do you take walk-ins?", { key: PANNU_KEY })).toMatchObject({
			response: "Yes.",
			finish: "curated",
		});
	});

	it("of another org is none", async () => {
		const client = newClient();
		const answer = await (
			await client.call({ key: CHADIS_KEY, body: { message: "What are your opening hours?" } })
		).json();
		expect(answer).toMatchObject({ finish: "stop", sources: [] });
		expect(await rows("SELECT id FROM knowledge WHERE hits > 0")).toEqual([]);
	});
});

describe("a curated answer to a question in other words", () => {
	it.each([
		["the knowledge shown whole", "6000"],
		["the knowledge searched", "0"],
	])("is given whole without the model, with %s", async (_, KNOWLEDGE_WHOLE_TOKENS) => {
		// Longer than a passage, so that only the whole answer ends so.
		await run(
			"UPDATE knowledge SET body = ?1 WHERE id = 'kn_hours'",
			`${"From 8 to 5, but on holidays. ".repeat(50)}The end.`,
		);
		await indexUnsearchable(env.DB, 10);
		const client = newClient();
		const { db, trips } = watched();
		const call = {
			key: PANNU_KEY,
			body: { message: "when do you open please" },
			env: { DB: db, KNOWLEDGE_WHOLE_TOKENS },
		};
		expect(await (await client.call(call)).json()).toMatchObject({
			response: expect.stringMatching(/^From 8 to 5.*The end\.$/s),
			finish: "curated",
			sources: [{ title: "What are your opening hours?", url: "https://www.example.com/hours" }],
		});
		expect(await client.asked()).toEqual([]);
		expect(trips()).toBe(2);
		expect(await rows("SELECT id, hits FROM knowledge WHERE hits > 0")).toEqual([{ id: "kn_hours", hits: 1 }]);
		expect(await rows("SELECT curated, unanswered FROM metrics_daily")).toEqual([{ curated: 1, unanswered: 0 }]);
	});

	it.each(["Are you open on Sunday?", "Why are your opening hours so short?", "Can I cancel?", "How do I not cancel?"])(
		"is not given to %s, which asks something else",
		async (message) => {
			expect(await ask(newClient(), message)).toMatchObject({ finish: "stop" });
		},
	);

	it("is not given where two curated questions ask the same", async () => {
		await run(`
			INSERT INTO knowledge (id, org_id, kind, title, question_key, body)
			VALUES ('kn_open', 'org_pannu_dental', 'answer', 'When are you open?', 'when are you open', 'Daily.')`);
		expect(await ask(newClient(), "when do you open please")).toMatchObject({ finish: "stop" });
		expect(await ask(newClient(), "When are you open?")).toMatchObject({ finish: "curated", response: "Daily." });
	});

	it("is given as nearly as the configuration wants it, or never", async () => {
		const finish = async (CURATED_LEAST_SCORE: string, message: string) => {
			const call = { key: PANNU_KEY, body: { message }, env: { CURATED_LEAST_SCORE } };
			return await (await newClient().call(call)).json();
		};
		expect(await finish("101", "when do you open please")).toMatchObject({ finish: "stop" });
		expect(await finish("101", "what are your OPENING hours")).toMatchObject({ finish: "curated" });
		expect(await finish("50", "When do you open tomorrow?")).toMatchObject({ finish: "curated" });
	});
});
