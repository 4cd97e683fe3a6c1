import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { CONFIG_DEFAULTS } from "../../../lib/site/config-defaults.ts";
import { resetDatabase } from "../../../lib/test/database.ts";
import { articleStatements } from "../../../lib/knowledge/test/knowledge-samples.ts";
import { cachingClient } from "./caching.ts";
import { CHADIS_KEY, PANNU_KEY, STREAMED, eventsOf, newClient } from "../../test/client.ts";
import type { Client } from "../../test/client.ts";
import { rows, run, watched } from "../../test/tables.ts";

const PARKING = {
	id: "kn_parking",
	title: "Parking",
	body: "There is free parking behind the building, and the entrance is at street level.",
};
const WHITENING = {
	id: "kn_whitening",
	title: "Whitening",
	body: "Whitening takes an hour and costs 300 dollars. It lasts about two years.",
};
const SECRET = { id: "kn_secret", title: "Parking of CHADIS", body: "CHADIS-CANARY parking is in the basement." };

beforeEach(async () => {
	await resetDatabase(env.DB);
	await env.DB.batch([
		...[PARKING, WHITENING].flatMap((article) => articleStatements(env.DB, "org_pannu_dental", article)),
		...articleStatements(env.DB, "org_chadis", SECRET),
	]);
	await run(`
		INSERT INTO knowledge (id, org_id, kind, title, question_key, body, source_url)
		VALUES ('kn_hours', 'org_pannu_dental', 'answer', 'What are your opening hours?', 'what are your opening hours', 'From 8 to 5.', 'https://www.example.com/hours'),
			('kn_cancel', 'org_pannu_dental', 'answer', 'How do I cancel?', 'how do i cancel', 'Please call us.', NULL)
	`);
});

async function ask(client: Client, message: string, more: object = {}): Promise<Record<string, unknown>> {
	return await (await client.call({ key: PANNU_KEY, body: { message, ...more } })).json();
}

/** What Gemini was last told beside the visitor's words. */
async function told(client: Client): Promise<string> {
	const body: { systemInstruction: { parts: { text: string }[] } } = JSON.parse(
		JSON.stringify((await client.asked()).at(-1)?.body),
	);
	return body.systemInstruction.parts.map(({ text }) => text).join("");
}

const source = (id: string, title: string) => ({ title, url: `https://www.example.com/${id}` });

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

describe("an article", () => {
	it("is shown to the model with the question it is near to, and named as the answer's source", async () => {
		const client = newClient();
		expect(await ask(client, "Where can I leave my car?")).toMatchObject({
			finish: "stop",
			sources: [source("kn_parking", "Parking")],
		});
		expect(await told(client)).toContain(`# Parking\n${PARKING.body}`);
		expect(await rows("SELECT id, hits FROM knowledge WHERE hits > 0")).toEqual([{ id: "kn_parking", hits: 1 }]);
	});

	it("is shown after the nearer ones, and is no source, where the owner has written little: a visitor's words may be others", async () => {
		const client = newClient();
		expect(await ask(client, "Where can I leave my car?")).toMatchObject({
			sources: [source("kn_parking", "Parking")],
		});
		expect(await told(client)).toMatch(/# Parking\n[^#]*# Whitening\n/);
		expect(await ask(client, "Do you bleach?")).toMatchObject({ sources: [] });
		expect(await told(client)).toContain(`# Whitening\n${WHITENING.body}`);
		expect(await rows("SELECT id, hits FROM knowledge WHERE hits > 0")).toEqual([{ id: "kn_parking", hits: 1 }]);
	});

	it("is shown only when it is near to the question where the owner has written much", async () => {
		const many = Array.from({ length: 11 }, (_, n) => ({
			id: `kn_more${n}`,
			title: `Insurance ${n}`,
			body: `Insurance plan ${n}.`,
		}));
		await env.DB.batch(many.flatMap((article) => articleStatements(env.DB, "org_pannu_dental", article)));
		const client = newClient();
		await ask(client, "Where can I leave my car?");
		expect(await told(client)).toContain("# Parking\n");
		expect(await told(client)).not.toMatch(/Whitening|Insurance/);
	});

	it("of another org is never shown", async () => {
		const client = newClient();
		await ask(client, "Tell me about parking at CHADIS, the CHADIS-CANARY basement");
		expect(await told(client)).not.toContain("CANARY");
	});

	it("is shown within a budget of characters", async () => {
		const long = Array.from({ length: 12 }, (_, n) => ({
			id: `kn_long${n}`,
			title: `Insurance ${n}`,
			body: `Insurance plan ${n}. ${"word ".repeat(130)}`,
		}));
		await env.DB.batch(long.flatMap((article) => articleStatements(env.DB, "org_pannu_dental", article)));
		const client = newClient();
		const { sources } = await ask(client, "Which insurance plans?");
		const before = (await told(client)).length;
		await ask(client, "xyzzy");
		expect(before - (await told(client)).length).toBeLessThan(3300);
		expect(Object(sources).length).toBeGreaterThan(1);
	});

	it("is stored with the cached answer that rests on it", async () => {
		const client = cachingClient();
		await client.ask("Where can I leave my car?", { key: PANNU_KEY });
		expect(await client.ask("where can i leave my car", { key: PANNU_KEY })).toMatchObject({
			finish: "cached",
			sources: [source("kn_parking", "Parking")],
		});
	});

	it("is found through the key before the last rotation, and any text of a visitor is safe to search for", async () => {
		await run(
			"UPDATE portal_sites SET previous_key = site_key, previous_key_expires_at = '2999-01-01T00:00:00.000Z', site_key = 'sk_pannu_live_new' WHERE id = 'site_pannu_dental'",
		);
		const client = newClient();
		expect(await ask(client, `parking' OR 1=1; -- "NEAR(" * ) ${"(".repeat(500)} \u202e%_`)).toMatchObject({
			sources: [source("kn_parking", "Parking")],
		});
	});
});

describe("a question that the model cannot answer", () => {
	it.each([
		["whole", ["[?] I do not know that, sorry."]],
		["in pieces", ["[", "?", "] ", "I do not know ", "that, sorry."]],
		["after white space", [" \n[?]", "I do not know that, sorry."]],
	])("is counted as unanswered, and the visitor reads no mark (%s)", async (_, pieces) => {
		const client = newClient();
		await client.gemini({ reply: { pieces }, times: 2 });
		expect(await ask(client, "Where can I leave my horse?")).toMatchObject({
			response: "I do not know that, sorry.",
			finish: "stop",
			sources: [],
		});
		const events = eventsOf(
			await (
				await client.call({ key: PANNU_KEY, headers: STREAMED, body: { message: "Where can I leave my horse?" } })
			).text(),
		);
		expect(
			events
				.filter(({ event }) => event === "delta")
				.map(({ data }) => Object(data).text)
				.join(""),
		).toBe("I do not know that, sorry.");
		expect(events.at(-1)).toMatchObject({
			event: "done",
			data: { response: "I do not know that, sorry.", sources: [] },
		});
		expect(await rows("SELECT question, asked, unanswered FROM question_stats")).toEqual([
			{ question: "where can i leave my horse", asked: 2, unanswered: 2 },
		]);
		expect(await rows("SELECT messages, unanswered, blocked FROM metrics_daily")).toEqual([
			{ messages: 2, unanswered: 2, blocked: 0 },
		]);
		expect(await rows("SELECT DISTINCT content FROM chat_messages WHERE role = 'assistant'")).toEqual([
			{ content: "I do not know that, sorry." },
		]);
	});

	it("is asked anew each time: its answer is not cached", async () => {
		const client = cachingClient();
		await client.gemini({ reply: { text: "[?] No idea." } }, { reply: { text: "At nine." } });
		await client.ask("When?");
		expect(await client.ask("When?")).toMatchObject({ response: "At nine.", finish: "stop" });
	});

	it("gets the fallback message where the model says nothing else", async () => {
		const client = newClient();
		await client.gemini({ reply: { text: "[?]" } });
		expect(await ask(client, "When?")).toMatchObject({ response: CONFIG_DEFAULTS.fallback_message, finish: "blocked" });
		expect(await rows("SELECT unanswered FROM metrics_daily")).toEqual([{ unanswered: 1 }]);
	});

	it.each(["[1] is a footnote", "[", "[?", "Is it [?] in the middle"])("is not what %s says", async (text) => {
		const client = newClient();
		await client.gemini({ reply: { pieces: [...text] }, times: 2 });
		expect(await ask(client, "When?")).toMatchObject({ response: text });
		const events = eventsOf(
			await (await client.call({ key: PANNU_KEY, headers: STREAMED, body: { message: "And then?" } })).text(),
		);
		expect(
			events
				.filter(({ event }) => event === "delta")
				.map(({ data }) => Object(data).text)
				.join(""),
		).toBe(text);
		expect(await rows("SELECT unanswered FROM metrics_daily")).toEqual([{ unanswered: 0 }]);
	});
});
