import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PLANTED } from "../../../lib/privacy/test/planted.ts";
import { PLANTED_LATER } from "../../../lib/privacy/test/planted-later.ts";
import { resetDatabase } from "../../../lib/test/database.ts";
import { CHADIS_KEY, STREAMED, eventsOf, newClient } from "../../test/client.ts";
import type { Client } from "../../test/client.ts";
import { rows } from "../../test/tables.ts";
import { everyStoredText, leaked, setPrivacy, watchedLog } from "./privacy-modes.ts";

const ALL = [...PLANTED, ...PLANTED_LATER];
const SECRETS = ALL.flatMap(({ secrets }) => secrets);
const PATIENCE_MS = 120_000;
/** More turns than a site may have in a minute. */
const SITE_LIMITER = { limit: () => Promise.resolve({ success: true }) };

beforeEach(() => resetDatabase(env.DB));
afterEach(() => {
	vi.restoreAllMocks();
});

interface Sent {
	client: Client;
	/** All that the caller got. */
	answer: string;
}

/** A first turn; every second one streamed. The stand-in's answer repeats what it was asked. */
async function sendAll(): Promise<Sent[]> {
	const sent: Sent[] = [];
	for (const [index, { text }] of ALL.entries()) {
		const client = newClient();
		const streamed = index % 2 === 1 ? { headers: STREAMED } : {};
		const body = { message: text, visitor_id: `visitor-${index}` };
		const response = await client.call({ key: CHADIS_KEY, body, env: { SITE_LIMITER }, ...streamed });
		expect(response.status).toBe(200);
		const answer = await response.text();
		sent.push({ client, answer });
		if (index % 2 === 1) expect(eventsOf(answer).at(-1)).toMatchObject({ event: "done", data: { finish: "stop" } });
	}
	return sent;
}

/** Gone from where it was seen at all: without that, a search that finds nothing proves nothing. */
async function found(sent: readonly Sent[], lines: readonly string[]): Promise<Record<string, string[]>> {
	const calls = await Promise.all(sent.map(({ client }) => client.asked()));
	return {
		tables: leaked(SECRETS, await everyStoredText()),
		log: leaked(SECRETS, lines.join("\n")),
		model: leaked(SECRETS, JSON.stringify(calls.flat().map(({ body }) => body))),
		answers: leaked(SECRETS, sent.map(({ answer }) => answer).join("\n")),
	};
}

describe("over two hundred planted identifiers, sent through keyed turns", () => {
	it.each(["redact", "no_store"] as const)(
		"are in no table, log line, answer or call of the model with privacy %s",
		async (mode) => {
			await setPrivacy("org_chadis", mode);
			const lines = watchedLog();
			expect(await found(await sendAll(), lines)).toEqual({ tables: [], log: [], model: [], answers: [] });
			const [counts] = await rows("SELECT SUM(messages) AS messages, SUM(sessions) AS sessions FROM metrics_daily");
			expect(counts).toEqual({ messages: ALL.length, sessions: ALL.length });
			const [words] = await rows(`
				SELECT (SELECT COUNT(*) FROM chat_messages WHERE content <> '') AS messages,
					(SELECT COUNT(*) FROM chat_sessions WHERE topic IS NOT NULL) AS topics, (SELECT COUNT(*) FROM question_stats) AS questions
			`);
			if (mode === "no_store") expect(words).toEqual({ messages: 0, topics: 0, questions: 0 });
			else expect(words).toMatchObject({ messages: 2 * ALL.length, topics: ALL.length });
		},
		PATIENCE_MS,
	);

	it(
		"are kept as they are with privacy standard, and not in what is ranked",
		async () => {
			const lines = watchedLog();
			const { tables, log, model } = await found(await sendAll(), lines);
			expect(tables?.length).toBeGreaterThan(200);
			expect(model?.length).toBeGreaterThan(200);
			expect(log).toEqual([]);
			const ranked = await rows("SELECT * FROM question_stats");
			expect(leaked(SECRETS, JSON.stringify(ranked))).toEqual([]);
			expect(ranked.length).toBeGreaterThan(50);
		},
		PATIENCE_MS,
	);
});
