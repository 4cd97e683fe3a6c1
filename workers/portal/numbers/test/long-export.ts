import { env } from "cloudflare:workers";
import { expect, vi } from "vitest";
import { createPortal, NOW } from "../../test/portal.ts";
import type { Portal } from "../../test/portal.ts";
import { CHADIS, admin, seedTwins } from "../../test/seed.ts";

export const MESSAGES = 60_000;
export const QUERY = "/portal/export?from=2026-07-01&to=2026-07-31";
/** The conversation that holds every third message. */
export const LONG = "04000";
/** Longer than anything that a turn of the event loop leaves undone; there is no event for "nothing happens". */
const SETTLE_MS = 30;

/** A portal over one conversation of 20,000 messages among 8,000 of five; many begin in the same millisecond. */
export async function portalWithLongHistory(): Promise<Portal> {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	const portal = await createPortal();
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
	return portal;
}

interface WatchedDatabase {
	DB: object;
	/** Pages that were asked for, again or for the first time. */
	pages: () => number;
}

/**
 * D1 that counts the pages it is asked for, and does with the n-th, counted from 1, what it is told.
 * @param answer gets the number of the page, and what reads it
 */
export function databaseThat(
	answer: (page: number, read: () => Promise<D1Result[]>) => Promise<D1Result[]>,
): WatchedDatabase {
	// The first batch finds the org.
	let pages = -1;
	const DB = {
		prepare: (sql: string) => env.DB.prepare(sql),
		batch: (statements: D1PreparedStatement[]) => {
			pages += 1;
			const read = () => env.DB.batch(statements);
			return pages === 0 ? read() : answer(pages, read);
		},
	};
	return { DB, pages: () => pages };
}

/** An export as it comes. */
export async function open(
	portal: Portal,
	DB: object,
	query = QUERY,
): Promise<ReadableStreamDefaultReader<Uint8Array>> {
	const { body, status } = await portal.fetch(query, { as: admin(CHADIS), env: { DB } });
	expect(status).toBe(200);
	if (body === null) throw new Error("no body");
	return body.getReader();
}

export async function* pagesOf(reader: ReadableStreamDefaultReader<Uint8Array>): AsyncGenerator<string> {
	const decoder = new TextDecoder();
	for (;;) {
		const { done, value } = await reader.read();
		if (done) return;
		yield decoder.decode(value, { stream: true });
	}
}

export const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
