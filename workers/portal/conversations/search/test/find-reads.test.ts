import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { observe } from "../../../numbers/test/observe.ts";
import { createPortal, NOW } from "../../../test/portal.ts";
import type { Portal } from "../../../test/portal.ts";
import { CHADIS, member, seedTwins } from "../../../test/seed.ts";
import { find, indexAll } from "./talks.ts";

let portal: Portal;

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seedTwins(env.DB);
	await env.DB.prepare("DELETE FROM chat_sessions").run();
});

/** As many conversations as told, in all: each about apples, every other one about pears, every tenth rated and without an answer. */
async function fillUp(sessions: number): Promise<void> {
	await env.DB.batch([
		env.DB.prepare(`
			WITH RECURSIVE n (n) AS (SELECT (SELECT COUNT(*) FROM chat_sessions) UNION ALL SELECT n + 1 FROM n WHERE n < ?1 - 1)
			INSERT INTO chat_sessions (id, org_id, site_id, visitor_id, started_at, rating_down, unanswered, leads)
			SELECT 'bulk' || n, 'org_chadis', 'site_chadis', 'v' || n, strftime('%Y-%m-%dT%H:%M:%fZ', '2026-08-19', '-' || n || ' seconds'),
				n % 10 = 0, n % 10 = 0, n % 5 = 0
			FROM n
		`).bind(sessions),
		env.DB.prepare(`
			INSERT INTO chat_messages (id, org_id, session_id, role, content)
			SELECT 'm' || c.id, c.org_id, c.id, 'user', iif(substr(c.id, -1) IN ('1', '3', '5', '7', '9'), 'An apple and a pear', 'An apple')
			FROM chat_sessions c WHERE NOT EXISTS (SELECT 1 FROM chat_messages m WHERE m.session_id = c.id)
		`),
	]);
	await indexAll();
	expect(await env.DB.prepare("SELECT COUNT(*) AS n FROM session_index").first("n")).toBe(sessions);
}

const QUERIES = [
	...["q=apple", "q=apple+pear", "q=pear&rating=down", "q=nothing", "q=apple+nothing"],
	...[
		"rating=down",
		"unanswered=true",
		"unanswered=false&has_lead=true",
		"has_lead=false",
		"rating=down&has_lead=false",
	],
];

/** Rows that the first page of each query reads, and its third. */
async function rowsRead(): Promise<Record<string, number[]>> {
	const read: Record<string, number[]> = {};
	for (const query of QUERIES) {
		const rows: number[] = [];
		let cursor: unknown = null;
		for (let page = 0; page < 3; page++) {
			const path = `limit=5&${query}${typeof cursor === "string" ? `&cursor=${cursor}` : ""}`;
			// Each read is the first of its hour: one that is counted to an earlier one reads that one's row as well.
			await env.DB.prepare("DELETE FROM audit_log").run();
			rows.push((await observe(portal, `/portal/conversations?${path}`, { as: member(CHADIS) })).rowsRead);
			cursor = (await find(await createPortal(), path)).next;
			if (cursor === null) break;
		}
		read[query] = rows;
	}
	return read;
}

describe("what a page of found conversations reads", () => {
	it("is as much of 10,000 stored as of 3,500", { timeout: 60_000 }, async () => {
		await fillUp(3500);
		const few = await rowsRead();
		await fillUp(10_000);
		expect(await rowsRead()).toEqual(few);
		expect(few["q=apple"]?.length).toBe(3);
		expect(Math.max(...Object.values(few).flat())).toBeLessThan(20 * 5 * 7);
	});

	it.each(QUERIES)("with %s is not sorted", async (query) => {
		const { sql } = await observe(await createPortal(), `/portal/conversations?${query}`, { as: member(CHADIS) });
		for (const statement of sql) {
			const parameters = Math.max(...Array.from(statement.matchAll(/\?(\d+)/g), ([, number]) => Number(number)));
			const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${statement}`)
				.bind(...Array(parameters).fill(null))
				.all<{ detail: string }>();
			expect(results.filter(({ detail }) => detail.includes("TEMP B-TREE"))).toEqual([]);
		}
	});
});
