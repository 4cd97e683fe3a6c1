import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { afterAll, describe, expect, it } from "vitest";
import { createClient } from "../../workers/local/test/local-client.ts";
import type { Client } from "../../workers/local/test/local-client.ts";
import { createFolder, removeFolder, startLocal } from "../../workers/local/test/local-run.ts";
import type { Rows } from "./dump.ts";
import { createProject, dumpProject, execute, exportTo, removeProject, withDatabase } from "./wrangler-project.ts";

/** A start of wrangler takes seconds, and more on a busy machine. */
const PATIENCE_MS = 150_000;
const STATE = ".wrangler/state/v3/d1";
const SITE = { "X-Site-Key": "sk_chadis_live_abc123" };

const run = createFolder();
const from = createProject();
const into = createProject();
afterAll(() => {
	removeFolder(run);
	removeProject(from);
	removeProject(into);
});

const TODAY = new Date().toISOString().slice(0, 10);
/** Tables of many rows, by the column that has their time; with its conversations an org's messages go. */
const PAST = [
	["chat_sessions", "started_at"],
	["workflow_runs", "started_at"],
	["workflow_daily", "date"],
	["metrics_daily", "date"],
	["usage_daily", "date"],
];

/** What a text may hold that an export has to write otherwise. */
const ODD =
	"It''s '; DROP TABLE orgs; --\n-- C:\\new\\readme\r\n/* $$ BEGIN; `\"[ ?1 :a %s\t\u0001\u007f\u2028\ufeff 🧸 e\u0301 \\\\n\rend";

interface Sent {
	status: number;
	body: unknown;
}

async function sent(response: Response): Promise<Sent> {
	const text = await response.text();
	return { status: response.status, body: text === "" ? null : JSON.parse(text) };
}

async function write(client: Client, method: string, path: string, body: unknown): Promise<Sent> {
	const headers = { "Content-Type": "application/json", ...(await client.bearer("role=admin&org=org_chadis")) };
	return sent(await client.send(`/portal/${path}`, { method, headers, body: JSON.stringify(body) }));
}

/** The longest article that is taken: one that is too long is told by how many bytes. */
async function longestArticle(client: Client, letter: string, bytes: number): Promise<void> {
	const article = { kind: "article", title: letter.repeat(200), source_url: `https://a.example/${"'".repeat(1900)}` };
	const refused = await write(client, "POST", "knowledge", { ...article, body: letter.repeat(47_000) });
	expect(refused).toMatchObject({ status: 422, body: { error: { fields: [{ field: "body" }] } } });
	const excess = Number(/must be (\d+) bytes shorter/.exec(JSON.stringify(refused.body))?.[1]);
	const fitting = 47_000 - Math.ceil(excess / bytes);
	expect(await write(client, "POST", "knowledge", { ...article, body: letter.repeat(fitting + 1) })).toMatchObject({
		status: 422,
	});
	expect(await write(client, "POST", "knowledge", { ...article, body: letter.repeat(fitting) })).toMatchObject({
		status: 201,
	});
}

async function fill(client: Client): Promise<void> {
	await longestArticle(client, "'", 2);
	const texts = {
		instructions: "🧸".repeat(8000),
		greeting: "'".repeat(500),
		suggested_questions: Array(6).fill('"'.repeat(120)),
	};
	const messages = { fallback_message: ODD, limit_message: "\n'".repeat(249).trim(), display_name: "'".repeat(100) };
	const origins = Array.from({ length: 50 }, (_, n) => `https://${n}${"'a.".repeat(90)}example`);
	const writes: [string, string, unknown][] = [
		["PATCH", "config", { ...texts, ...messages, logo_url: `https://a.example/${"'".repeat(1900)}` }],
		["PATCH", "engines/site_chadis", { ...texts, name: "'".repeat(200), allowed_origins: origins }],
		["PATCH", "engines/site_chadis", { allowed_origins: null, instructions: ODD }],
		["POST", "knowledge", { kind: "article", title: "Odd", body: `${ODD}\n\n${ODD}` }],
		["POST", "knowledge", { kind: "answer", title: "What is odd?", body: `${ODD}\n${"'".repeat(1800)}` }],
	];
	for (const [method, path, body] of writes) {
		const { status } = await write(client, method, path, body);
		expect({ path, status }).toEqual({ path, status: method === "POST" ? 201 : 200 });
	}
}

/** A conversation with the longest and the oddest of what a visitor may write. */
async function talk(client: Client): Promise<void> {
	const visitor_id = "🧸".repeat(100);
	for (const message of ["What is odd?", `${ODD} 1`, "'".repeat(2000), "🧸".repeat(2000)]) {
		const { status } = await sent(await client.post("/chat/", { message, visitor_id }, SITE));
		expect(status).toBe(200);
	}
	const { body } = await sent(await client.post("/chat/", { message: "Hello", visitor_id: "v" }, SITE));
	const { session_id, message_id } = Object(body);
	const visitor = { ...SITE, "X-Visitor-Id": "v" };
	const comment = { session_id, message_id, rating: "down", comment: `${ODD}${"'".repeat(800)}` };
	expect((await sent(await client.post("/chat/feedback", comment, visitor))).status).toBe(204);
	const lead = {
		session_id,
		email: "o'neil@example.com",
		name: "'".repeat(200),
		message: `${ODD}${"\n'".repeat(900)}`,
	};
	expect((await sent(await client.post("/chat/leads", lead, visitor))).status).toBe(204);
}

/** The sample customers' past has thousands of rows, each of which costs wrangler's import milliseconds: what is left are those of today. */
function withoutPast(database: DatabaseSync): void {
	for (const [table, column] of PAST) database.prepare(`DELETE FROM ${table} WHERE ${column} < ?`).run(TODAY);
	database.exec("DELETE FROM visitors WHERE visitor_id NOT IN (SELECT visitor_id FROM chat_sessions)");
}

describe("an export of the longest and oddest that the API takes", () => {
	it(
		"is taken by an empty database, which then holds every row as it was",
		async () => {
			const local = await startLocal(run);
			const client = createClient(local.origin);
			await fill(client)
				.then(() => talk(client))
				.finally(() => local.interrupt());
			mkdirSync(join(from, STATE), { recursive: true });
			cpSync(join(run, "state/v3/d1"), join(from, STATE), { recursive: true });
			await withDatabase(from, withoutPast);
			const file = join(from, "dump.sql");
			expect(await exportTo(from, file)).toMatchObject({ exitCode: 0 });
			expect(longestLine(file)).toBeGreaterThan(85_000);
			expect(longestLine(file)).toBeLessThanOrEqual(90_000);
			expect(await execute(into, "--file", file)).toMatchObject({ exitCode: 0 });
			const { sqlite_master: _before, ...before } = await dumpProject(from);
			const { sqlite_master: _after, ...after } = await dumpProject(into);
			expect(before["knowledge"]?.length).toBeGreaterThan(3);
			expect(before["chat_messages"]?.length).toBeGreaterThanOrEqual(10);
			expect(JSON.stringify(before["leads"])).toContain("o'neil");
			for (const [table, rows] of Object.entries(before)) expect(hexed(after[table] ?? [])).toEqual(hexed(rows));
			expect(Object.keys(after)).toEqual(Object.keys(before));
		},
		PATIENCE_MS,
	);
});

/** Of the lines that the export wrote, which are its statements: no text brings a line break of its own. UTF-8 bytes. */
function longestLine(file: string): number {
	return Math.max(
		...readFileSync(file, "utf8")
			.split("\n")
			.map((line) => Buffer.byteLength(line)),
	);
}

/** Rows as text, so that a difference in a long one shows where it is and not whole. */
function hexed(rows: Rows): string[] {
	return rows.map((row) => JSON.stringify(row));
}
