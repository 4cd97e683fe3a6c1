import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { articleStatements } from "../../../lib/knowledge/test/knowledge-samples.ts";
import { resetDatabase } from "../../../lib/test/database.ts";
import { PANNU_KEY, STREAMED, eventsOf, expectError, newClient, sessionOf } from "../../test/client.ts";
import type { Client } from "../../test/client.ts";
import { NOTHING_WRITTEN, rows, run, watched, written } from "../../test/tables.ts";
import { everyStoredText, setPrivacy, watchedLog } from "./privacy-modes.ts";

const ORG = "org_pannu_dental";
const MESSAGE = "My name is Jane Roe, call me at 512-555-0147 about whitening prices";
const HIDDEN = "My name is [name], call me at [phone] about whitening prices";

beforeEach(() => resetDatabase(env.DB));
afterEach(() => {
	vi.restoreAllMocks();
});

const ask = (client: Client, message: string, more: Record<string, unknown> = {}): Promise<Response> =>
	client.call({ key: PANNU_KEY, body: { message, visitor_id: "v1", ...more } });

const messages = () => rows("SELECT role, content FROM chat_messages ORDER BY rowid");

/** What the model was sent the last time: the visitor's side and its own. */
async function contents(client: Client): Promise<unknown> {
	return Object(Object((await client.asked()).at(-1)).body).contents;
}

const said = (role: string, text: string) => ({ role, parts: [{ text }] });

describe("privacy: redact", () => {
	beforeEach(() => setPrivacy(ORG, "redact"));

	it("stores, asks and ranks with marks in place of what tells who somebody is", async () => {
		const client = newClient();
		await client.gemini({ reply: { text: "Whitening is 199 dollars." } });
		await ask(client, MESSAGE);
		expect(await messages()).toEqual([
			{ role: "user", content: HIDDEN },
			{ role: "assistant", content: "Whitening is 199 dollars." },
		]);
		expect(await contents(client)).toEqual([said("user", HIDDEN)]);
		expect(await rows("SELECT question FROM question_stats")).toEqual([
			{ question: "my name is name call me at phone about whitening prices" },
		]);
		const [topic] = await rows("SELECT topic FROM chat_sessions");
		expect(String(topic?.["topic"])).toMatch(/whiten/);
		expect(String(topic?.["topic"])).not.toMatch(/512|0147|jane|roe/i);
	});

	it("tells the model what the marks are, and no other org's", async () => {
		const client = newClient();
		await ask(client, MESSAGE);
		await setPrivacy(ORG, "standard");
		await ask(client, MESSAGE);
		const told = (await client.asked()).map(({ body }) => JSON.stringify(Object(body).systemInstruction));
		expect(told.map((text) => text.includes("personal details stood there"))).toEqual([true, false]);
	});

	it("hides in the answer what the practice has not written itself", async () => {
		await env.DB.batch(
			articleStatements(env.DB, ORG, {
				id: "k1",
				title: "Contact",
				body: "Call (512) 555-0100 or info@pannu.example.",
			}),
		);
		const text = "Call +1 512-555-0100 or info@pannu.example, not 512-555-0147 or jane@roe.example.com.";
		const shown = "Call +1 512-555-0100 or info@pannu.example, not [phone] or [email].";
		const client = newClient();
		await client.gemini({ reply: { text } }, { reply: { text, pieces: text.match(/.{1,7}/g) ?? [] } });
		expect(await (await ask(client, "How do I reach you?")).json()).toMatchObject({ response: shown });
		const streamed = await client.call({
			key: PANNU_KEY,
			headers: STREAMED,
			body: { message: "How can I contact you?" },
		});
		const events = eventsOf(await streamed.text());
		const deltas = events.filter(({ event }) => event === "delta").map(({ data }) => Object(data).text);
		expect(deltas.join("")).toBe(shown);
		expect(deltas.length).toBeGreaterThan(2);
		expect(events.at(-1)).toMatchObject({ event: "done", data: { response: shown } });
		const answers = (await messages()).filter(({ role }) => role === "assistant");
		expect(answers.map(({ content }) => content)).toEqual([shown, shown]);
	});

	it("hides from the model what a conversation held before", async () => {
		await setPrivacy(ORG, "standard");
		const client = newClient();
		await client.gemini({ reply: { text: "We will call 512-555-0147." } });
		const session_id = await sessionOf(await ask(client, MESSAGE));
		await setPrivacy(ORG, "redact");
		await ask(client, "When?", { session_id });
		expect(await contents(client)).toEqual([
			said("user", HIDDEN),
			said("model", "We will call [phone]."),
			said("user", "When?"),
		]);
	});

	it("gives the owner's own answers as they are", async () => {
		await run(
			"INSERT INTO knowledge (id, org_id, kind, title, body, question_key) VALUES ('a1', ?1, 'answer', 'Fax?', 'Fax 512-555-0177.', 'fax')",
			ORG,
		);
		expect(await (await ask(newClient(), "Fax?")).json()).toMatchObject({
			response: "Fax 512-555-0177.",
			finish: "curated",
		});
	});

	it("keeps what is typed into the lead form as it is typed, and no comment on an answer", async () => {
		const client = newClient();
		const answer: { session_id: string; message_id: string } = await (await ask(client, "Hello there")).json();
		const headers = { "X-Visitor-Id": "v1" };
		const lead = { session_id: answer.session_id, name: "Jane Roe", email: "jane@roe.example.com", message: MESSAGE };
		await client.call({ path: "/leads", key: PANNU_KEY, headers, body: lead });
		expect(await rows("SELECT name, email, message FROM leads")).toEqual([
			{ name: "Jane Roe", email: "jane@roe.example.com", message: MESSAGE },
		]);
		const feedback = { session_id: answer.session_id, message_id: answer.message_id, rating: "up", comment: MESSAGE };
		await client.call({ path: "/feedback", key: PANNU_KEY, headers, body: feedback });
		expect(await rows("SELECT rating_comment FROM chat_messages WHERE rating = 'up'")).toEqual([
			{ rating_comment: HIDDEN },
		]);
	});
});

describe("an org that comes to keep nothing while an answer is under way", () => {
	it("has no word of the answer stored, nor its question ranked", async () => {
		await setPrivacy(ORG, "standard");
		const { db } = watched((trip) => (trip === 2 ? setPrivacy(ORG, "no_store") : undefined));
		const client = newClient();
		await client.gemini({ reply: { text: "Whitening is 199 dollars." } });
		await client.call({ key: PANNU_KEY, body: { message: MESSAGE, visitor_id: "v1" }, env: { DB: db } });
		expect(await messages()).toMatchObject([{ role: "user" }, { role: "assistant", content: "" }]);
		expect(await rows("SELECT question FROM question_stats")).toEqual([]);
		expect(await rows("SELECT messages FROM metrics_daily")).toEqual([{ messages: 1 }]);
	});
});

describe("privacy: no_store", () => {
	beforeEach(() => setPrivacy(ORG, "no_store"));

	it("keeps sessions and counts, and no word", async () => {
		const client = newClient();
		await client.gemini({ reply: { text: "Quibblefrost costs 199 dollars." } });
		const lines = watchedLog();
		const response = await ask(client, "How much is quibblefrost?");
		const answer: { session_id: string; message_id: string } = await response.json();
		expect(answer).toMatchObject({ response: "Quibblefrost costs 199 dollars.", finish: "stop" });
		const headers = { "X-Visitor-Id": "v1" };
		const comment = { ...answer, rating: "down", comment: "quibblefrost is dear" };
		await client.call({ path: "/feedback", key: PANNU_KEY, headers, body: comment });
		expect(`${await everyStoredText()}${lines.join("")}`).not.toMatch(/quibblefrost/i);
		expect(await written()).toMatchObject({ sessions: 1, messages: 2, metrics: 1, questions: 0, used: 1 });
		const path = `/sessions/${answer.session_id}`;
		const shown = await client.call({ method: "GET", path, key: PANNU_KEY, headers });
		expect(await shown.json()).toMatchObject({
			session_id: answer.session_id,
			messages: [
				{ role: "user", text: null, status: "done" },
				{ role: "assistant", text: null, status: "done", finish: "stop", rating: "down" },
			],
		});
	});

	it("lets each turn stand alone in one session", async () => {
		const client = newClient();
		const session_id = await sessionOf(await ask(client, "Do you do quibblefrost?"));
		expect(await sessionOf(await ask(client, "And on Sundays?", { session_id }))).toBe(session_id);
		expect(await contents(client)).toEqual([said("user", "And on Sundays?")]);
		expect(await rows("SELECT topic, message_count FROM chat_sessions")).toEqual([{ topic: null, message_count: 4 }]);
		await setPrivacy(ORG, "standard");
		await ask(client, "And on Mondays?", { session_id });
		expect(await contents(client)).toEqual([said("user", "And on Mondays?")]);
	});

	it("shows the model no conversation of before, and keeps no answer in the cache", async () => {
		await setPrivacy(ORG, "standard");
		const client = newClient();
		const call = { key: PANNU_KEY, host: "cache.test", body: { message: "What does quibblefrost cost?" } };
		await client.call(call);
		const session_id = await sessionOf(await client.call({ ...call, body: { message: "Is it dear?" } }));
		await setPrivacy(ORG, "no_store");
		await client.call({ ...call, body: { message: "And then?", session_id } });
		expect(await contents(client)).toEqual([said("user", "And then?")]);
		await client.call(call);
		const again = await client.call(call);
		expect(await again.json()).toMatchObject({ finish: "stop" });
	});
});

describe("a mode that this version does not know", () => {
	it("keeps nothing", async () => {
		await run("PRAGMA ignore_check_constraints = ON");
		try {
			await run("UPDATE org_config SET privacy = 'secret' WHERE org_id = ?1", ORG);
			await ask(newClient(), MESSAGE);
			expect((await messages()).map(({ content }) => content)).toEqual(["", ""]);
		} finally {
			await run("PRAGMA ignore_check_constraints = OFF");
		}
	});
});

describe("hiding that fails", () => {
	it.each(["standard", "redact", "no_store"] as const)("refuses the message with privacy %s", async (mode) => {
		await setPrivacy(ORG, mode);
		const client = newClient();
		const lines = watchedLog();
		vi.spyOn(Uint8Array.prototype, "fill").mockImplementation(() => {
			throw new Error("512-555-0147");
		});
		const response = await ask(client, MESSAGE);
		vi.restoreAllMocks();
		expect(response.headers.get("Retry-After")).toBe("2");
		await expectError(response, 503, "unavailable");
		expect(await written()).toEqual(NOTHING_WRITTEN);
		expect(await client.asked()).toEqual([]);
		expect(lines.join("")).not.toContain("512");
	});
});
