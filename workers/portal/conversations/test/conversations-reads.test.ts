import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { encodeCursor } from "../../request/cursor.ts";
import { observe } from "../../numbers/test/observe.ts";
import { createPortal, NOW } from "../../test/portal.ts";
import type { Portal } from "../../test/portal.ts";
import { CHADIS, admin, seedTwins } from "../../test/seed.ts";

const SESSIONS = 10_000;
const MESSAGES = 10_000;

let portal: Portal;

/** Conversations by the second; one in the middle is very long, and every answer in it is rated. */
beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seedTwins(env.DB);
	await env.DB.batch([
		env.DB.prepare("DELETE FROM chat_sessions"),
		env.DB.prepare("DELETE FROM leads"),
		env.DB.prepare(`
			WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ${SESSIONS})
			INSERT INTO chat_sessions (id, org_id, site_id, visitor_id, started_at)
			SELECT printf('s%05d', n), 'org_chadis', iif(n % 50 = 0, 'site_alpha_test', 'site_chadis'), 'v',
				strftime('%Y-%m-%dT%H:%M:%fZ', '2026-08-01', n || ' seconds') FROM n
		`),
		env.DB.prepare(
			"INSERT INTO chat_messages (id, org_id, session_id, role, content) SELECT 'm' || id, org_id, id, 'user', 'x' FROM chat_sessions",
		),
		env.DB.prepare(`
			WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ${MESSAGES})
			INSERT INTO chat_messages (id, org_id, session_id, role, content, rating) SELECT 'long' || n, 'org_chadis', 's05000', 'assistant', 'x', 'up' FROM n
		`),
		env.DB.prepare(`
			INSERT INTO leads (id, org_id, site_id, session_id, email, created_at) SELECT 'l' || id, org_id, site_id, id, 'x@example.com', started_at FROM chat_sessions
		`),
	]);
}, 30_000);

/** Each read is the first of its hour: one that is counted to an earlier one reads that one's row as well. */
async function rowsRead(path: string): Promise<number> {
	await env.DB.prepare("DELETE FROM audit_log").run();
	return (await observe(portal, path, { as: admin(CHADIS) })).rowsRead;
}

/** The cursor behind the n-th conversation or lead. */
function behind(n: number, prefix = ""): string {
	const at = new Date(Date.parse("2026-08-01T00:00:00.000Z") + n * 1000).toISOString();
	return encodeCursor([at, `${prefix}s${String(n).padStart(5, "0")}`]);
}

describe("a page", () => {
	// One more than the first page, at most: the row that the cursor names.
	it("of conversations reads as much wherever it is and however long they are", async () => {
		const first = await rowsRead("/portal/conversations?limit=20");
		expect(first).toBeLessThan(100);
		for (const n of [9000, 5010, 4000, 30])
			expect(await rowsRead(`/portal/conversations?limit=20&cursor=${behind(n)}`)).toBeLessThanOrEqual(first + 1);
		const days = "from=2026-07-20&to=2026-08-20";
		for (const n of [5010, 30])
			expect(await rowsRead(`/portal/conversations?limit=20&${days}&cursor=${behind(n)}`)).toBeLessThanOrEqual(
				first + 1,
			);
		expect(await rowsRead("/portal/conversations?limit=20&from=2026-07-20&to=2026-07-31")).toBeLessThan(20);
	});

	it("of one engine's conversations reads no other engine's", async () => {
		const first = await rowsRead("/portal/conversations?limit=20&engine_id=site_alpha_test");
		expect(first).toBeLessThan(100);
		expect(
			await rowsRead(`/portal/conversations?limit=20&engine_id=site_alpha_test&cursor=${behind(5001)}`),
		).toBeLessThanOrEqual(first + 1);
	});

	it("of a long conversation reads the page", async () => {
		const first = await rowsRead("/portal/conversations/s05000");
		expect(first).toBeLessThan(1100 * 2);
		const rowid = await env.DB.prepare("SELECT rowid AS n FROM chat_messages WHERE id = 'long8000'").first<number>("n");
		expect(await rowsRead(`/portal/conversations/s05000?cursor=${encodeCursor([String(rowid)])}`)).toBeLessThanOrEqual(
			first,
		);
	});

	it("of leads reads the page", async () => {
		const first = await rowsRead("/portal/leads?limit=20");
		expect(first).toBeLessThan(100);
		expect(await rowsRead(`/portal/leads?limit=20&cursor=${behind(500, "l")}`)).toBeLessThanOrEqual(first + 1);
	});

	it("of the export reads the page, also in the middle of a long conversation", async () => {
		const sizes: number[] = [];
		const DB = {
			prepare: (sql: string) => env.DB.prepare(sql),
			batch: async (statements: D1PreparedStatement[]) => {
				const results = await env.DB.batch(statements);
				sizes.push(results.reduce((sum, { meta }) => sum + meta.rows_read, 0));
				return results;
			},
		};
		const { text } = await portal.call("/portal/export?from=2026-08-01&to=2026-08-20", {
			as: admin(CHADIS),
			env: { DB },
		});
		// The header and the end mark with them.
		expect(text.trimEnd().split("\r\n").length).toBe(2 + SESSIONS + MESSAGES);
		// The org, then pages of 500, of 1000 and, ten times, of up to 2000.
		expect(sizes.length).toBe(13);
		expect(Math.max(...sizes)).toBeLessThan(2000 * 7 + 10);
		expect(sizes[1]).toBeLessThan(500 * 7 + 10);
	});
});

describe("the statements of", () => {
	const paths = [
		"/portal/conversations",
		"/portal/conversations?engine_id=site_chadis&from=2026-08-01",
		"/portal/conversations/s05000",
		"/portal/leads",
		"/portal/export",
	];

	it.each(paths)("%s sort nothing", async (path) => {
		const { sql } = await observe(portal, path, { as: admin(CHADIS) });
		for (const statement of sql) {
			const parameters = new Set(statement.match(/\?\d+/g)).size;
			const plan = env.DB.prepare(`EXPLAIN QUERY PLAN ${statement}`).bind(...Array(parameters).fill(null));
			const details = (await plan.all<{ detail: string }>()).results.map(({ detail }) => detail);
			expect(details.filter((detail) => detail.includes("TEMP B-TREE"))).toEqual([]);
		}
	});
});
