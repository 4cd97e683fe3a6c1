import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { sweepTurns } from "../../../lib/site/sweep/sweep.ts";
import { resetDatabase } from "../../../lib/test/database.ts";
import { CHADIS_KEY, STREAMED, expectError, newClient, sessionOf } from "../../test/client.ts";
import type { Client } from "../../test/client.ts";
import { rate, readSession } from "../../test/routes.ts";
import { rows } from "../../test/tables.ts";

beforeEach(() => resetDatabase(env.DB));

const VISITOR = "v-1";

/** Begins a streamed turn and reads its first event, as a page does that is left thereafter. */
async function beginTurn(client: Client, message: string, pieces: string[]) {
	await client.gemini({ chunk_delay_ms: 200, reply: { pieces } });
	const body = { message, visitor_id: VISITOR };
	const { response, settled } = client.start({ key: CHADIS_KEY, headers: STREAMED, body });
	const reader = (await response).body?.getReader();
	const text = new TextDecoder().decode((await reader?.read())?.value);
	const session_id = /"session_id":"([^"]+)"/.exec(text)?.[1] ?? "";
	return { session_id, leave: () => reader?.cancel(), settled };
}

async function shown(session_id: string): Promise<unknown[]> {
	const talk = { key: CHADIS_KEY, visitor: VISITOR, session_id, message_id: "" };
	const response = await newClient().call(readSession(talk, CHADIS_KEY));
	const { messages }: { messages: Record<string, unknown>[] } = await response.json();
	return messages.map(({ role, text, status, finish }) => ({ role, text, status, finish }));
}

const question = (text: string) => ({ role: "user", text, status: "done", finish: null });
const answer = (text: string) => ({ role: "assistant", text, status: "done", finish: "stop" });
const PENDING = { role: "assistant", text: null, status: "pending", finish: null };

describe("a session whose answer is under way", () => {
	it("is there with the visitor's message, and the answer joins when it ends, though nobody reads it", async () => {
		const { session_id, leave, settled } = await beginTurn(newClient(), "Open?", ["At", " nine."]);
		await leave();
		expect(await shown(session_id)).toEqual([question("Open?"), PENDING]);
		await settled();
		expect(await shown(session_id)).toEqual([question("Open?"), answer("At nine.")]);
	});

	it("goes on with the visitor's next message, in their order, and the model is not shown the gap", async () => {
		const [first, second] = [newClient(), newClient()];
		const { session_id, leave, settled } = await beginTurn(first, "Open?", ["At", " nine."]);
		await leave();
		await second.gemini({ reply: { text: "At five." } });
		const body = { message: "And close?", visitor_id: VISITOR, session_id };
		expect(await sessionOf(await second.call({ key: CHADIS_KEY, body }))).toBe(session_id);
		const [asked] = await second.asked();
		expect(JSON.stringify(asked?.body)).not.toContain("Open?");
		await settled();
		expect(await shown(session_id)).toEqual([
			question("Open?"),
			answer("At nine."),
			question("And close?"),
			answer("At five."),
		]);
		expect(await rows("SELECT sessions, messages, visitors FROM metrics_daily")).toEqual([
			{ sessions: 1, messages: 2, visitors: 1 },
		]);
	});

	it("keeps the question and gets its message of the plan back when the worker dies", async () => {
		const { session_id, leave, settled } = await beginTurn(newClient(), "Open?", ["At", " nine."]);
		await leave();
		expect(await sweepTurns(env.DB, new Date().toISOString())).toBe(0);
		expect(await sweepTurns(env.DB, "2999-01-01")).toBe(1);
		// The worker lives after all, and what it would book is not booked twice.
		await settled();
		expect(await shown(session_id)).toEqual([question("Open?")]);
		expect(await rows("SELECT messages FROM usage_daily")).toEqual([{ messages: 0 }]);
		expect(await rows("SELECT sessions, messages, errors FROM metrics_daily")).toEqual([
			{ sessions: 1, messages: 0, errors: 1 },
		]);
	});

	it("has no answer yet that could be rated", async () => {
		const { session_id, leave, settled } = await beginTurn(newClient(), "Open?", ["At", " nine."]);
		await leave();
		const [pending] = await rows("SELECT id FROM chat_messages WHERE finish = 'pending'");
		const talk = { key: CHADIS_KEY, visitor: VISITOR, session_id, message_id: String(pending?.id) };
		await expectError(await newClient().call(rate("up")(talk, CHADIS_KEY)), 404, "not_found");
		expect(await rows("SELECT date FROM metrics_daily")).toEqual([]);
		await settled();
	});

	it("leaves nothing behind when it is erased meanwhile", async () => {
		const { session_id, leave, settled } = await beginTurn(newClient(), "Open?", ["At", " nine."]);
		await leave();
		await env.DB.prepare("DELETE FROM chat_sessions WHERE id = ?1").bind(session_id).run();
		await settled();
		expect(await rows("SELECT id FROM chat_messages")).toEqual([]);
		expect(await rows("SELECT id FROM turns")).toEqual([]);
		expect(await rows("SELECT messages FROM usage_daily")).toEqual([{ messages: 0 }]);
	});
});
