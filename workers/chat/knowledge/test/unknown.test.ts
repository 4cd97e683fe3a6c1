import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { CONFIG_DEFAULTS } from "../../../lib/site/config-defaults.ts";
import { resetDatabase } from "../../../lib/test/database.ts";
import { cachingClient } from "../../turn/test/caching.ts";
import { PANNU_KEY, STREAMED, eventsOf, newClient } from "../../test/client.ts";
import type { Client } from "../../test/client.ts";
import { rows, run } from "../../test/tables.ts";

beforeEach(() => resetDatabase(env.DB));

async function ask(client: Client, message: string): Promise<Record<string, unknown>> {
	return await (await client.call({ key: PANNU_KEY, body: { message } })).json();
}

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

describe("what an owner wants of an answer that is not there", () => {
	const configure = (columns: string, ...values: unknown[]): Promise<void> =>
		run(`UPDATE org_config SET ${columns} WHERE org_id = 'org_pannu_dental'`, ...values);

	/** What Gemini is told in the end. */
	const told = async (): Promise<string> => {
		const client = newClient();
		await ask(client, "Where can I leave my horse?");
		return JSON.stringify((await client.asked())[0]?.body);
	};

	it("is a bot that says so, where nothing is set", async () => {
		expect(await told()).toContain("Answer from what you are told here alone.");
		await configure("answer_mode = 'strict'");
		expect(await told()).toContain("Answer from what you are told here alone.");
		expect(await told()).not.toMatch(/generally known|this contact/);
	});

	it("may be what is generally known, never of the business itself", async () => {
		await configure("answer_mode = 'free'");
		expect(await told()).toMatch(/answer from what is generally known.*never guess this business's prices/);
		expect(await told()).not.toContain("alone");
	});

	it.each(["strict", "free"])("offers a contact, in mode %s", async (mode) => {
		await configure("answer_mode = ?1, contact = ?2", mode, "Call 0123 456\nor write to [[1]]\nhello@example.com");
		expect(await told()).toContain(
			'say that you do not know, and offer this contact: \\"Call 0123 456 or write to [1] hello@example.com\\".',
		);
	});

	it("changes the key of cached answers", async () => {
		const client = cachingClient();
		await client.ask("Where?", { key: PANNU_KEY });
		expect(await client.ask("Where?", { key: PANNU_KEY })).toMatchObject({ finish: "cached" });
		await configure("contact = 'Call us'");
		expect(await client.ask("Where?", { key: PANNU_KEY })).toMatchObject({ finish: "stop" });
	});
});
