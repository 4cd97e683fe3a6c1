import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { PANNU_ARTICLES } from "../../../lib/knowledge/test/knowledge-pannu.ts";
import { articleStatements } from "../../../lib/knowledge/test/knowledge-samples.ts";
import { resetDatabase } from "../../../lib/test/database.ts";
import { PANNU_KEY, newClient, sessionOf } from "../../test/client.ts";
import { rows, watched } from "../../test/tables.ts";

beforeEach(async () => {
	await resetDatabase(env.DB);
	await env.DB.batch(PANNU_ARTICLES.flatMap((article) => articleStatements(env.DB, "org_pannu_dental", article)));
});

/** As if the articles were too much to be shown whole. */
const MUCH = { KNOWLEDGE_WHOLE_TOKENS: "0" };

/** A conversation; each message gives the titles that the model is shown with it, the nearest first. */
async function conversation(...messages: string[]): Promise<string[][]> {
	const client = newClient();
	let session_id: string | undefined;
	for (const message of messages) {
		const { db, trips } = watched();
		const body = { message, ...(session_id === undefined ? {} : { session_id }) };
		session_id = await sessionOf(await client.call({ key: PANNU_KEY, body, env: { ...MUCH, DB: db } }));
		// One round trip before the model and one after it.
		expect(trips()).toBe(2);
	}
	return (await client.asked()).map(({ body }) =>
		[...JSON.stringify(body).matchAll(/\[\d+\] # (.*?)\\n/g)].map(([, title = ""]) => title),
	);
}

describe("a question within a conversation", () => {
	it("is searched by what the conversation is about", async () => {
		const [, second, third] = await conversation(
			"Do you do implants?",
			"how long does that take?",
			"and does it hurt?",
		);
		expect(second?.[0]).toBe("Implants, bridges and dentures");
		expect(third?.slice(0, 2)).toContain("Implants, bridges and dentures");
		const [alone] = await conversation("how long does that take?");
		expect(alone?.slice(0, 3)).not.toContain("Implants, bridges and dentures");
	});

	it("is searched by the newest message most", async () => {
		const [, , third] = await conversation("Do you do implants?", "Do you offer whitening?", "how much is it?");
		expect(third?.[0]).toBe("Whitening");
	});

	it("of a new topic is not dragged back to the old one", async () => {
		const [, second, third] = await conversation(
			"Do you do implants?",
			"Where can I park?",
			"Which insurance plans of my employer do you accept at Pannu Dental?",
		);
		expect(second?.[0]).toBe("Finding us and parking");
		expect(third?.[0]).toBe("Insurance plans");
		expect(third).not.toContain("Implants, bridges and dentures");
	});

	it("goes on after small talk, which itself finds nothing", async () => {
		const [, second, third] = await conversation("Do you do implants?", "ok thanks!", "how long does that take?");
		expect(second).toEqual([]);
		expect(third?.[0]).toBe("Implants, bridges and dentures");
	});

	it("outlasts any amount of small talk", async () => {
		const told = await conversation(
			"Do you do implants?",
			"ok",
			"thanks",
			"great",
			"super",
			"how long does that take?",
		);
		expect(told.at(-1)?.[0]).toBe("Implants, bridges and dentures");
	});

	it("goes on where the visitor says yes to what was offered", async () => {
		const [, second] = await conversation("Do you do implants?", "Yes please");
		expect(second?.[0]).toBe("Implants, bridges and dentures");
		expect(await conversation("Yes please")).toEqual([[]]);
	});

	it("leaves with its session the terms of the last four messages alone", async () => {
		await conversation("Do you do implants?", "and bridges?", "and whitening?", "and crowns?", "and fillings?");
		const [session] = await rows("SELECT topic FROM chat_sessions");
		const topic: unknown = JSON.parse(String(session?.topic));
		expect(topic).toEqual([[["fill", 1]], [["crown", 1]], expect.arrayContaining([["whiten", 1]]), expect.any(Array)]);
		expect(JSON.stringify(topic)).not.toContain("implant");
	});

	it("of another session is none of its own", async () => {
		const client = newClient();
		const ask = (message: string, visitor_id: string, session_id: string | null) =>
			client.call({ key: PANNU_KEY, body: { message, visitor_id, session_id }, env: MUCH });
		const session = await sessionOf(await ask("Do you do implants?", "one", null));
		await ask("how long does that take?", "two", session);
		expect(JSON.stringify((await client.asked()).at(-1)?.body)).not.toMatch(/\[[1-3]\] # Implants/);
	});
});
