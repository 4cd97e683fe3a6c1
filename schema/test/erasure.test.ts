import { globSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createClient } from "../../workers/local/test/local-client.ts";
import type { Client } from "../../workers/local/test/local-client.ts";
import { BUSY_TIMEOUT_MS, createFolder, removeFolder, startLocal } from "../../workers/local/test/local-run.ts";

const PATIENCE_MS = 150_000;
const SITE = { "X-Site-Key": "sk_chadis_live_abc123" };
/** In nothing that is there by itself. */
const WORD = "quibblefrost";
const QUESTION = `How do I reset my password, ${WORD}?`;

const folder = createFolder();
let client: Client;
let stop: () => unknown;

beforeAll(async () => {
	const local = await startLocal(folder);
	client = createClient(local.origin);
	stop = () => local.interrupt();
}, PATIENCE_MS);

/** Starts anew over the same database, which runs what is due every five minutes. */
async function restart(): Promise<void> {
	await stop();
	const local = await startLocal(folder);
	client = createClient(local.origin);
	stop = () => local.interrupt();
}
afterAll(async () => {
	await stop();
	removeFolder(folder);
});

async function parsed(response: Response): Promise<{ status: number; body: Record<string, unknown> }> {
	const text = await response.text();
	return { status: response.status, body: text === "" ? {} : Object(JSON.parse(text)) };
}

const ask = async (visitor: string, message = QUESTION) =>
	(await parsed(await client.post("/chat/", { message, visitor_id: visitor }, SITE))).body;

async function portal(method: string, path: string): Promise<{ status: number; body: Record<string, unknown> }> {
	const headers = await client.bearer("role=admin&org=org_chadis");
	return parsed(await client.send(`/portal/${path}`, { method, headers }));
}

/** What the file of the database says, read beside the worker. */
function read(sql: string, ...values: string[]): Record<string, unknown>[] {
	const files = globSync("**/*.sqlite", { cwd: folder }).filter((name) => name.includes("/d1/"));
	const [file = ""] = files.filter((name) => !name.includes("metadata"));
	const database = new DatabaseSync(join(folder, file), { readOnly: true, timeout: BUSY_TIMEOUT_MS });
	try {
		return database.prepare(sql).all(...values);
	} finally {
		database.close();
	}
}

/** Every column of every table that holds the word. */
function found(word: string): string[] {
	const columns = read(`
		SELECT t.name AS "table", c.name AS "column" FROM sqlite_master t JOIN pragma_table_xinfo(t.name) c
		WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name NOT LIKE '_cf_%'
	`).map((row) => `${String(row["table"])}.${String(row["column"])}`);
	expect(columns.length).toBeGreaterThan(200);
	return columns.filter((name) => {
		const [table = "", column = ""] = name.split(".");
		return (
			read(`SELECT 1 FROM "${table}" WHERE instr(lower(CAST("${column}" AS TEXT)), ?) > 0 LIMIT 1`, word).length > 0
		);
	});
}

/** How often the question counts as asked; undefined = it is not there. */
function askedTimes(): unknown {
	const [row] = read("SELECT asked FROM question_stats WHERE instr(question, ?) > 0", WORD);
	return row?.["asked"];
}

async function rate(talk: Record<string, unknown>, visitor: string): Promise<void> {
	const { session_id, message_id } = talk;
	const headers = { ...SITE, "X-Visitor-Id": visitor };
	const comment = `Thank you for ${WORD}`;
	const lead = { session_id, email: `${WORD}@example.com`, name: `Ann ${WORD}`, message: `Call me about ${WORD}` };
	const feedback = { session_id, message_id, rating: "up", comment };
	expect((await client.post("/chat/feedback", feedback, headers)).status).toBe(204);
	expect((await client.post("/chat/leads", lead, headers)).status).toBe(204);
}

/** Erases, and expects it done. @param paths below /portal/ */
async function erase(...paths: string[]): Promise<void> {
	for (const path of paths) expect((await portal("DELETE", path)).status, path).toBe(204);
}

/** Its path below /portal/. */
function conversationOf(talk: Record<string, unknown> | undefined): string {
	return `conversations/${String(talk?.["session_id"])}`;
}

async function leadsWith(word: string): Promise<Record<string, unknown>[]> {
	const { body } = await portal("GET", "leads?limit=100");
	const leads = Array.isArray(body["leads"]) ? body["leads"] : [];
	return leads.map(Object).filter(({ email }) => String(email).includes(word));
}

async function visitorOf(session: unknown): Promise<unknown> {
	const { body } = await portal("GET", `conversations/${String(session)}`);
	return Object(body["conversation"])["visitor"];
}

describe("what visitors wrote", () => {
	it(
		"is in no column of any table and in no cached answer once it was erased, by conversation, visitor and lead",
		async () => {
			const ids = Array.from({ length: 4 }, (_, n) => `${WORD}-${n}`);
			const talks = [];
			for (const id of ids) talks.push(await ask(id));
			expect(talks.map(({ finish }) => finish)).toContain("cached");
			const again = await ask(`${WORD}-1`);
			for (const [index, talk] of talks.entries()) await rate(talk, `${WORD}-${index}`);
			expect(found(WORD)).toEqual(
				expect.arrayContaining([
					...[
						"chat_messages.content",
						"chat_messages.rating_comment",
						"chat_sessions.visitor_id",
						"visitors.visitor_id",
					],
					...["leads.email", "leads.message", "leads.name", "question_stats.question", "question_stats.wording"],
				]),
			);

			const names = await Promise.all(talks.map(({ session_id }) => visitorOf(session_id)));
			expect(askedTimes()).toBe(5);
			expect(new Set(names).size).toBe(4);
			for (const name of names) expect(name).toMatch(/^[0-9a-f]{16}$/);
			expect(await visitorOf(again["session_id"])).toBe(names[1]);

			await erase(conversationOf(talks[0]));
			// How they all put it may have been this visitor's words, so it goes though others' questions are left.
			expect(found(WORD)).toContain("question_stats.question");
			expect(found(WORD)).not.toContain("question_stats.wording");
			expect(
				read("SELECT 1 FROM question_stats WHERE wording_candidate IS NOT NULL OR wording_visitor IS NOT NULL"),
			).toEqual([]);
			expect((await ask("another", "Hello there, this is another question")).finish).toBe("stop");
			await erase(`visitors/${String(names[1])}`);
			expect((await portal("DELETE", `visitors/${String(names[1])}`)).status).toBe(404);
			for (const talk of [talks[1], again]) expect((await portal("GET", conversationOf(talk))).status).toBe(404);
			expect(found(`${WORD}-1`)).toEqual([]);

			const left = await leadsWith(WORD);
			expect(left.map(({ visitor }) => visitor).sort()).toEqual([names[2], names[3]].sort());
			await erase(...left.map(({ id }) => `leads/${String(id)}`));
			expect(found(WORD).filter((column) => column.startsWith("leads"))).toEqual([]);
			expect(askedTimes()).toBe(2);

			await erase(`visitors/${String(names[2])}`);
			await erase(conversationOf(talks[3]));
			expect(askedTimes()).toBeUndefined();
			expect(found(WORD)).toEqual([]);

			// By its second asking the question is one that the edge cache is asked for, where the old answer lies: it counts no more.
			for (const visitor of ["fresh", "second"]) {
				const talk = await ask(visitor);
				expect(talk["finish"]).toBe("stop");
				talks.push(talk);
			}
			await erase(...talks.slice(4).map(conversationOf));
			expect(found(WORD)).toEqual([]);
			expect(read("SELECT kind, conversations, messages, leads FROM erasures ORDER BY at, kind")).toEqual([
				{ kind: "conversation", conversations: 1, messages: 2, leads: 1 },
				{ kind: "visitor", conversations: 2, messages: 4, leads: 1 },
				{ kind: "lead", conversations: 0, messages: 0, leads: 1 },
				{ kind: "lead", conversations: 0, messages: 0, leads: 1 },
				{ kind: "visitor", conversations: 1, messages: 2, leads: 0 },
				{ kind: "conversation", conversations: 1, messages: 2, leads: 0 },
				{ kind: "conversation", conversations: 1, messages: 2, leads: 0 },
				{ kind: "conversation", conversations: 1, messages: 2, leads: 0 },
			]);
		},
		PATIENCE_MS,
	);

	it(
		"is found by its words once they are indexed, which go with it",
		async () => {
			const word = "snorkelwhisk";
			const talks = [await ask("finder", `Where is my ${word}?`), await ask("keeper", `Who has the ${word}?`)];
			await restart();
			expect(found(word)).toEqual(expect.arrayContaining(["session_index.terms", "session_terms.term"]));
			const search = async () => (await portal("GET", `conversations?q=${word}`)).body["conversations"];
			expect(await search()).toMatchObject([{ id: talks[1]?.["session_id"] }, { id: talks[0]?.["session_id"] }]);
			await erase(conversationOf(talks[0]));
			expect(await search()).toMatchObject([{ id: talks[1]?.["session_id"] }]);
			await erase(`visitors/${String(await visitorOf(talks[1]?.["session_id"]))}`);
			expect(await search()).toEqual([]);
			expect(found(word)).toEqual([]);
		},
		PATIENCE_MS,
	);
});
