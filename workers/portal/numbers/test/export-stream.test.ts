import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { parseCsv } from "./csv.ts";
import { LONG, MESSAGES, databaseThat, open, pagesOf, portalWithLongHistory, settle } from "./long-export.ts";
import type { Portal } from "../../test/portal.ts";
import { CHADIS, admin } from "../../test/seed.ts";

/** The first two are of 500 and 1,000, the others of 2,000. */
const PAGES = 2 + Math.ceil((MESSAGES - 1500) / 2000);

let portal: Portal;

beforeAll(async () => {
	portal = await portalWithLongHistory();
}, 30_000);

const watched = () => databaseThat((_, read) => read());

async function digest(lines: string[]): Promise<string> {
	const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(lines.join("\n")));
	return [...new Uint8Array(bytes)].join();
}

describe("an export of 60,000 messages", () => {
	it("reads at most one page ahead of the reader, and gives every message once and in order", async () => {
		const { DB, pages } = watched();
		let text = "";
		let taken = 0;
		for await (const page of pagesOf(await open(portal, DB))) {
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
		expect(rows.pop()).toEqual(["#end", "", "", "", "", "end", `complete: ${MESSAGES} rows`, "", "", "", ""]);
		expect(await digest(rows.map((row) => `${row[0]} ${row[4]} ${row[6]}`))).toBe(
			await digest(results.map(({ line }) => line)),
		);
	});

	it("stops reading the database when the client leaves", async () => {
		const { DB, pages } = watched();
		const reader = await open(portal, DB);
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
			const { DB, pages } = databaseThat((page, read) => (page === 3 ? late.promise : read()));
			const reader = await open(portal, DB);
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

	it("goes on when the conversation that it stands in is erased", { timeout: 30_000 }, async () => {
		const reader = await open(portal, watched().DB);
		const ids: string[] = [];
		let isErased = false;
		for await (const text of pagesOf(reader)) {
			const rows = parseCsv(text);
			ids.push(...rows.flatMap(([conversation = "", , , , message = ""]) => (conversation === LONG ? [] : [message])));
			if (isErased || rows.at(-1)?.[0] !== LONG) continue;
			expect(ids.length).toBeLessThan(MESSAGES / 2);
			await env.DB.prepare("DELETE FROM chat_sessions WHERE id = ?1").bind(LONG).run();
			isErased = true;
		}
		expect(isErased).toBe(true);
		// The others' messages, the header and the end mark.
		expect(ids.length).toBe(2 + MESSAGES - MESSAGES / 3);
		expect(new Set(ids).size).toBe(ids.length);
	});
});

describe("a page of long texts", () => {
	it("ends with the message that reaches two million bytes, and no message is lost", { timeout: 30_000 }, async () => {
		await env.DB.batch([
			env.DB.prepare(
				"INSERT INTO chat_sessions (id, org_id, site_id, visitor_id, started_at) VALUES ('long-texts', 'org_chadis', 'site_chadis', 'v', '2026-08-02T00:00:00.000Z')",
			),
			env.DB.prepare(`
				WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 500)
				INSERT INTO chat_messages (id, org_id, session_id, role, content)
				SELECT 'l' || n, 'org_chadis', 'long-texts', 'user', replace(printf('%10000s', n), ' ', 'ä') FROM n
			`),
		]);
		const answer = await portal.fetch("/portal/export?from=2026-08-02&to=2026-08-02", { as: admin(CHADIS) });
		const sizes: number[] = [];
		let text = "";
		if (answer.body === null) throw new Error("no body");
		for await (const page of pagesOf(answer.body.getReader())) {
			sizes.push(new TextEncoder().encode(page).byteLength);
			text += page;
		}
		// Some 20 kB a message.
		expect(Math.max(...sizes)).toBeLessThan(2_000_000 + 20_000 + 101 * 200);
		expect(sizes.length).toBe(5);
		const rows = parseCsv(text).slice(1);
		expect(rows.map((row) => row[4])).toEqual([...Array.from({ length: 500 }, (_, n) => `l${n + 1}`), ""]);
	});
});
