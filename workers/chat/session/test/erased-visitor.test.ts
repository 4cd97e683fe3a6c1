import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { resetDatabase } from "../../../lib/test/database.ts";
import { newClient, sessionOf } from "../../test/client.ts";
import { SESSION_ROUTES, converse, everything, readSession } from "../../test/routes.ts";
import { rows, run } from "../../test/tables.ts";
import type { Conversation } from "../../test/routes.ts";

const LATER = "2999-01-01T00:00:00.000Z";
const SECRET = "My son is called Oskar";

beforeEach(() => resetDatabase(env.DB));

/** The visitor was erased, and the conversation is not marked yet. */
async function eraseVisitor(visitor: string, at = LATER): Promise<void> {
	await run("UPDATE visitors SET erased_at = ?2, erasure_id = 'e' WHERE visitor_id = ?1", visitor, at);
	expect(await rows("SELECT id FROM chat_sessions WHERE ended_at IS NOT NULL OR erased_at IS NOT NULL")).toEqual([]);
}

function goOn({ key, session_id }: Conversation) {
	return { key, body: { message: "And close?", visitor_id: "v-1", session_id } };
}

describe("the conversation of a visitor who was erased since it began", () => {
	it.each(SESSION_ROUTES)("is not found by %s, which changes nothing", async (_, call) => {
		const talk = await converse({ visitor: "v-1", message: SECRET });
		await eraseVisitor("v-1");
		const before = await everything();
		const response = await newClient().call(call(talk, talk.key));
		expect([response.status, await response.text()]).toEqual([404, expect.not.stringContaining("Oskar")]);
		expect(await everything()).toEqual(before);
	});

	it("does not go on: the next message begins another, of which the model gets no history", async () => {
		const talk = await converse({ visitor: "v-1", message: SECRET });
		await eraseVisitor("v-1");
		const client = newClient();
		await client.gemini({ reply: { text: "At five." } });
		expect(await sessionOf(await client.call(goOn(talk)))).not.toBe(talk.session_id);
		expect(await rows("SELECT COUNT(*) AS n FROM chat_messages WHERE session_id = ?1", talk.session_id)).toEqual([
			{ n: 2 },
		]);
		expect(JSON.stringify(await client.asked())).not.toContain("Oskar");
	});

	it("goes on where it began after that, and where another visitor was erased", async () => {
		const talk = await converse({ visitor: "v-1" });
		await converse({ visitor: "v-2" });
		await eraseVisitor("v-1", "2020-01-01T00:00:00.000Z");
		await eraseVisitor("v-2");
		expect((await newClient().call(readSession(talk, talk.key))).status).toBe(200);
		expect(await sessionOf(await newClient().call(goOn(talk)))).toBe(talk.session_id);
	});
});
