import { globSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PLANTED } from "../../workers/lib/privacy/test/planted.ts";
import { createClient } from "../../workers/local/test/local-client.ts";
import type { Client } from "../../workers/local/test/local-client.ts";
import { BUSY_TIMEOUT_MS, createFolder, removeFolder, startLocal } from "../../workers/local/test/local-run.ts";
import type { LocalRun } from "../../workers/local/test/local-run.ts";

const PATIENCE_MS = 150_000;
const SITE = { "X-Site-Key": "sk_chadis_live_abc123" };
/** Three of each kind whose secret is in nothing that is there by itself. */
const SENT = [...Map.groupBy(PLANTED, ({ kind }) => kind).values()].flatMap((all) =>
	all.filter(({ secrets }) => secrets.every((secret) => secret.length > 6)).slice(0, 3),
);
const SECRETS = SENT.flatMap(({ secrets }) => secrets);

const folder = createFolder();
let client: Client;
let local: LocalRun;

beforeAll(async () => {
	local = await startLocal(folder);
	client = createClient(local.origin);
}, PATIENCE_MS);
afterAll(async () => {
	await local.interrupt();
	removeFolder(folder);
});

/** Everything in the file of the database, read beside the worker. */
function stored(): string {
	const files = globSync("**/*.sqlite", { cwd: folder }).filter((name) => name.includes("/d1/"));
	const [file = ""] = files.filter((name) => !name.includes("metadata"));
	const database = new DatabaseSync(join(folder, file), { readOnly: true, timeout: BUSY_TIMEOUT_MS });
	try {
		const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
		return tables
			.map(({ name }) => JSON.stringify(database.prepare(`SELECT * FROM "${String(name)}"`).all()))
			.join("\n");
	} finally {
		database.close();
	}
}

async function portal(path: string, init: RequestInit = {}): Promise<string> {
	const headers = { ...(await client.bearer("role=admin&org=org_chadis")), "Content-Type": "application/json" };
	const response = await client.send(`/portal/${path}`, { ...init, headers });
	const text = await response.text();
	expect(response.status, text).toBe(200);
	return text;
}

/** What an admin can take out: every conversation, the export of all, and what is ranked. */
async function shown(): Promise<string> {
	const list = await portal("conversations?limit=100");
	const { conversations }: { conversations: { id: string }[] } = JSON.parse(list);
	const transcripts = await Promise.all(
		conversations.slice(0, SENT.length).map(({ id }) => portal(`conversations/${id}`)),
	);
	return [list, ...transcripts, await portal("export"), await portal("insights"), await portal("overview")].join("\n");
}

async function sendAll(): Promise<string> {
	const answers = [];
	for (const [index, { text }] of SENT.entries()) {
		const headers = index % 2 === 0 ? SITE : { ...SITE, Accept: "text/event-stream" };
		const response = await client.post("/chat/", { message: text, visitor_id: `v${index}` }, headers);
		expect(response.status).toBe(200);
		answers.push(await response.text());
		expect((await client.post("/voice/", { text }, SITE)).status).toBe(200);
	}
	return answers.join("\n");
}

const leaked = (text: string): string[] =>
	SECRETS.filter((secret) => text.toLowerCase().includes(secret.toLowerCase()));

describe("thirty planted identifiers, sent to the whole product", () => {
	it.each(["redact", "no_store"])(
		"are in no answer, table, log line, export, transcript or ranking with privacy %s",
		async (privacy) => {
			expect(SENT.length).toBe(30);
			await portal("config", { method: "PATCH", body: JSON.stringify({ privacy }) });
			const answers = await sendAll();
			const text = { answers, stored: stored(), shown: await shown(), log: local.output() };
			expect(Object.entries(text).map(([where, all]) => [where, leaked(all)])).toEqual(
				Object.keys(text).map((where) => [where, []]),
			);
			// Searched for where they are to be seen: the marks are there, or nothing is.
			expect(text.shown.includes("[phone]")).toBe(true);
		},
		PATIENCE_MS,
	);

	it(
		"are in what is stored and shown with privacy standard",
		async () => {
			await portal("config", { method: "PATCH", body: JSON.stringify({ privacy: "standard" }) });
			await sendAll();
			expect(leaked(stored()).length).toBeGreaterThan(25);
			expect(leaked(await shown()).length).toBeGreaterThan(25);
			expect(leaked(await portal("insights"))).toEqual([]);
			expect(leaked(local.output())).toEqual([]);
		},
		PATIENCE_MS,
	);
});
