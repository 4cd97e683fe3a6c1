import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { parseCsv } from "./csv.ts";
import { MESSAGES, QUERY, databaseThat, open, pagesOf, portalWithLongHistory, settle } from "./long-export.ts";
import { skipPauses } from "../../../lib/test/pauses.ts";
import type { Portal } from "../../test/portal.ts";
import { CHADIS, admin } from "../../test/seed.ts";

/** What D1 gives a worker for one request. */
const QUERY_LIMIT = 1000;
const PAUSES_MS = [250, 500, 1000, 2000, 4000];

let portal: Portal;

beforeAll(async () => {
	portal = await portalWithLongHistory();
}, 30_000);

afterEach(() => {
	vi.restoreAllMocks();
});

const overloaded = () => Promise.reject(new Error("D1_ERROR: D1 DB is overloaded. Requests queued for too long."));

describe("an export whose database fails on the way", () => {
	it.each([
		"D1_ERROR: D1 DB is overloaded. Requests queued for too long.",
		"D1_ERROR: D1 DB storage operation exceeded timeout which caused object to be reset.",
		"D1_ERROR: Network connection lost.",
	])("breaks off without an end mark after six tries with growing pauses: %s", async (message) => {
		const pauses = skipPauses(PAUSES_MS);
		const logged = vi.spyOn(console, "error");
		let tries = 0;
		const { DB } = databaseThat((page, read) => {
			if (page < 4) return read();
			tries++;
			return Promise.reject(new Error(message));
		});
		const reader = await open(portal, DB);
		let text = "";
		await expect(
			(async () => {
				for await (const page of pagesOf(reader)) text += page;
			})(),
		).rejects.toThrow("the export broke off");
		expect(tries).toBe(6);
		expect(pauses).toEqual(PAUSES_MS);
		const rows = parseCsv(text);
		expect(rows.length).toBeGreaterThan(1);
		expect(rows.at(-1)?.[0]).not.toBe("#end");
		const line = { level: "error", event: "export_broken_off", org_id: "org_chadis", rows: 3500 };
		expect(JSON.parse(String(logged.mock.calls.at(-1)?.[0]))).toMatchObject(line);
	});

	it("loses and repeats nothing where a page comes only after some tries", { timeout: 30_000 }, async () => {
		skipPauses(PAUSES_MS);
		const { DB } = databaseThat((page, read) => (page > 1 && page % 4 !== 0 ? overloaded() : read()));
		const ids: string[] = [];
		for await (const page of pagesOf(await open(portal, DB))) ids.push(...parseCsv(page).map((row) => row[4] ?? ""));
		// The header and the end mark with them.
		expect(ids.length).toBe(2 + MESSAGES);
		expect(new Set(ids).size).toBe(ids.length);
	});

	it("tries no more when the client has left", async () => {
		skipPauses(PAUSES_MS);
		const { DB, pages } = databaseThat((page, read) => (page < 2 ? read() : overloaded()));
		const reader = await open(portal, DB);
		await reader.read();
		await reader.cancel();
		const tries = pages();
		await settle();
		expect(pages()).toBeLessThanOrEqual(tries + 1);
	});
});

describe("an export of more than D1 gives a request", () => {
	/** Takes long texts for granted: every page is cut short behind its fifth message. */
	const cutShort = (results: D1Result[]): D1Result[] =>
		results.map((result) => {
			const rows: unknown[] = result.results;
			const cut = rows.length > 1 ? rows.slice(0, 5) : rows;
			const last = cut.at(-1);
			if (typeof last === "object" && last !== null && "text_bytes" in last) last.text_bytes = 2_000_000;
			return { ...result, results: cut };
		});

	async function part(cursor: string): Promise<{ rows: string[][]; end: string[]; batches: number }> {
		const { DB, pages } = databaseThat(async (_, read) => cutShort(await read()));
		const answer = await portal.fetch(`${QUERY}${cursor === "" ? "" : `&cursor=${cursor}`}`, {
			as: admin(CHADIS),
			env: { DB },
		});
		const rows = parseCsv(await answer.text()).slice(1);
		return { end: rows.pop() ?? [], rows, batches: pages() };
	}

	it("ends with a cursor before the limit, and goes on behind it", async () => {
		const first = await part("");
		expect(first.batches).toBeGreaterThan(QUERY_LIMIT / 2);
		expect(first.batches).toBeLessThan(QUERY_LIMIT - 20);
		expect(first.rows.length).toBe(first.batches * 5);
		expect(first.end).toEqual([
			...["#end", "", "", "", first.rows.at(-1)?.[4], "end", `continues: ${first.rows.length} rows`, "", "", "", ""],
		]);
		const second = await part(first.end[4] ?? "");
		expect(second.rows.length).toBe(first.rows.length);
		expect(new Set([...first.rows, ...second.rows].map((row) => row[4])).size).toBe(2 * first.rows.length);
	});
});
