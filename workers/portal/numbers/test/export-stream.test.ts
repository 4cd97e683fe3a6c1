import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { parseCsv } from "./csv.ts";
import { createPortal, NOW } from "../../test/portal.ts";
import type { Portal } from "../../test/portal.ts";
import { CHADIS, admin, seedTwins } from "../../test/seed.ts";

const MESSAGES = 60_000;
const PAGE_ROWS = 500;
const PAGES = MESSAGES / PAGE_ROWS;
const QUERY = "/portal/export?from=2026-07-01&to=2026-07-31";
/** The conversation that holds every third message. */
const LONG = "04000";
/** Longer than anything that a turn of the event loop leaves undone; there is no event for "nothing happens". */
const SETTLE_MS = 30;

let portal: Portal;

/** One conversation of 20,000 messages among 8,000 of five; many begin in the same millisecond. */
beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seedTwins(env.DB);
	await env.DB.batch([
		env.DB.prepare(`
			WITH RECURSIVE n (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < 8000)
			INSERT INTO chat_sessions (id, org_id, site_id, visitor_id, started_at)
			SELECT printf('%05d', (n * 7919) % 8001), 'org_chadis', 'site_chadis', 'v', strftime('%Y-%m-%dT%H:%M:%fZ', '2026-07-02', (n / 3) || ' seconds') FROM n
		`),
		env.DB.prepare(`
			WITH RECURSIVE n (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < ${MESSAGES - 1})
			INSERT INTO chat_messages (id, org_id, session_id, role, content)
			SELECT 'm' || n, 'org_chadis', iif(n % 3 = 0, '${LONG}', printf('%05d', iif((n / 3 + n) % 8000 < 4000, (n / 3 + n) % 8000, (n / 3 + n) % 8000 + 1))),
				'user', 'text "' || n || '", ' || (n * n) FROM n
		`),
	]);
}, 30_000);

/** D1 that counts the pages it gave, and fails or waits at one of them. */
function watchedDatabase(at: { page?: number; instead?: () => Promise<D1Result[]> } = {}) {
	// The first batch finds the org.
	let batches = -1;
	const DB = {
		prepare: (sql: string) => env.DB.prepare(sql),
		batch: (statements: D1PreparedStatement[]) =>
			++batches === at.page && at.instead !== undefined ? at.instead() : env.DB.batch(statements),
	};
	return { DB, pages: () => batches };
}

async function open(DB: object): Promise<ReadableStreamDefaultReader<Uint8Array>> {
	const { body, status } = await portal.fetch(QUERY, { as: admin(CHADIS), env: { DB } });
	expect(status).toBe(200);
	if (body === null) throw new Error("no body");
	return body.getReader();
}

async function* pagesOf(reader: ReadableStreamDefaultReader<Uint8Array>): AsyncGenerator<string> {
	const decoder = new TextDecoder();
	for (;;) {
		const { done, value } = await reader.read();
		if (done) return;
		yield decoder.decode(value, { stream: true });
	}
}

async function digest(lines: string[]): Promise<string> {
	const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(lines.join("\n")));
	return [...new Uint8Array(bytes)].join();
}

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, SETTLE_MS));

describe("an export of 60,000 messages", () => {
	it("reads at most one page ahead of the reader, and gives every message once and in order", {
		timeout: 30_000,
	}, async () => {
		const { DB, pages } = watchedDatabase();
		let text = "";
		let taken = 0;
		for await (const page of pagesOf(await open(DB))) {
			taken++;
			text += page;
			if (taken < 5 || taken % 40 === 0) await settle();
			expect(pages()).toBeLessThanOrEqual(taken + 1);
		}
		expect(taken).toBe(PAGES);

		const { results } = await env.DB.prepare(`
			SELECT c.id || ' ' || m.id || ' ' || m.content AS line FROM chat_sessions c JOIN chat_messages m ON m.session_id = c.id
			WHERE c.started_at LIKE '2026-07%' ORDER BY c.started_at, c.id, m.rowid
		`).all<{ line: string }>();
		expect(results.length).toBe(MESSAGES);
		const rows = parseCsv(text).slice(1);
		expect(await digest(rows.map((row) => `${row[0]} ${row[4]} ${row[6]}`))).toBe(
			await digest(results.map(({ line }) => line)),
		);
	});

	it("stops reading the database when the client leaves", async () => {
		const { DB, pages } = watchedDatabase();
		const reader = await open(DB);
		for (let n = 0; n < 3; n++) await reader.read();
		await reader.cancel();
		await settle();
		const read = pages();
		expect(read).toBeLessThanOrEqual(5);
		await settle();
		expect(pages()).toBe(read);
	});

	it("says nothing of a page that comes, or fails, after the client has left", async () => {
		const logged = vi.spyOn(console, "error");
		for (const outcome of ["resolve", "reject"] as const) {
			const late = Promise.withResolvers<D1Result[]>();
			const { DB, pages } = watchedDatabase({ page: 3, instead: () => late.promise });
			const reader = await open(DB);
			for (let n = 0; n < 2; n++) await reader.read();
			await settle();
			await reader.cancel();
			if (outcome === "resolve") late.resolve(await env.DB.batch([env.DB.prepare("SELECT 1 FROM orgs WHERE 0")]));
			else late.reject(new Error("D1_ERROR: too late"));
			await settle();
			expect(pages()).toBe(3);
		}
		expect(logged).not.toHaveBeenCalled();
	});

	it("breaks off, and does not end well, when the database fails on the way", async () => {
		for (const message of [
			"D1_ERROR: D1 DB is overloaded. Requests queued for too long.",
			"Too many API requests by single Worker invocation.",
		]) {
			const { DB } = watchedDatabase({ page: 4, instead: () => Promise.reject(new Error(message)) });
			const answer = await portal.fetch(QUERY, { as: admin(CHADIS), env: { DB } });
			await expect(answer.text()).rejects.toThrow("the export broke off");
		}
	});

	it("reads a page once more when the database says that it did not run", async () => {
		const { DB, pages } = watchedDatabase({
			page: 3,
			instead: () => Promise.reject(new Error("D1_ERROR: Network connection lost.")),
		});
		const ids: string[] = [];
		for await (const page of pagesOf(await open(DB))) {
			ids.push(...parseCsv(page).map((row) => row[4] ?? ""));
			if (ids.length > 5 * PAGE_ROWS) break;
		}
		expect(new Set(ids).size).toBe(1 + 5 * PAGE_ROWS);
		expect(pages()).toBeGreaterThan(5);
	});

	it("goes on when the conversation that it stands in is erased", { timeout: 30_000 }, async () => {
		const reader = await open(watchedDatabase().DB);
		const ids: string[] = [];
		let isErased = false;
		for await (const text of pagesOf(reader)) {
			const rows = parseCsv(text);
			ids.push(...rows.flatMap(([conversation = "", , , , message = ""]) => (conversation === LONG ? [] : [message])));
			if (isErased || rows.at(-1)?.[0] !== LONG) continue;
			await env.DB.prepare("DELETE FROM chat_sessions WHERE id = ?1").bind(LONG).run();
			isErased = true;
		}
		expect(isErased).toBe(true);
		// The others' messages and the header.
		expect(ids.length).toBe(1 + MESSAGES - MESSAGES / 3);
		expect(new Set(ids).size).toBe(ids.length);
	});
});
