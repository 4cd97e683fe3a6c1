import { env } from "cloudflare:workers";

type Batch = D1Database["batch"];

export interface WatchedDb {
	db: D1Database;
	/** Round trips made so far. */
	batches: number;
}

/**
 * The real database with an eye on its round trips.
 * @param around may fail, delay or pass on the batch of this number (from 1)
 */
export function watchedDb(
	around: (run: () => Promise<D1Result[]>, number: number) => Promise<D1Result[]> = (run) => run(),
): WatchedDb {
	const watched: WatchedDb = { db: env.DB, batches: 0 };
	const batch: Batch = async (statements) => {
		watched.batches += 1;
		return JSON.parse(JSON.stringify(await around(() => env.DB.batch(statements), watched.batches)));
	};
	watched.db = new Proxy(env.DB, {
		get(target, name) {
			if (name === "batch") return batch;
			const value: unknown = Reflect.get(target, name);
			return typeof value === "function" ? value.bind(target) : value;
		},
	});
	return watched;
}

/**
 * A database whose first round trip takes longer than anyone waits; `release` lets it end well after all.
 * @param then how the others go
 */
export function lateDb(
	then: (run: () => Promise<D1Result[]>) => Promise<D1Result[]> = (run) => run(),
): WatchedDb & { release: () => void } {
	const { promise, resolve } = Promise.withResolvers<void>();
	const watched = watchedDb(async (run, number) => {
		if (number > 1) return then(run);
		await promise;
		return run();
	});
	return Object.assign(watched, { release: resolve });
}

/** What D1 says when it is down. */
export function d1Down(): Promise<never> {
	return Promise.reject(new Error("D1_ERROR: D1 DB is overloaded. Requests queued for too long."));
}

/** The real database, and what anyone asked of it. */
export function untouchedDb(): { db: D1Database; touches: string[] } {
	const touches: string[] = [];
	const db = new Proxy(env.DB, {
		get(target, name) {
			touches.push(String(name));
			const value: unknown = Reflect.get(target, name);
			return typeof value === "function" ? value.bind(target) : value;
		},
	});
	return { db, touches };
}

/** The first row of a query, or null. */
export function row(sql: string): Promise<Record<string, unknown> | null> {
	return env.DB.prepare(sql).first();
}

export async function rows(sql: string): Promise<Record<string, unknown>[]> {
	return (await env.DB.prepare(sql).all()).results;
}

export async function run(sql: string): Promise<void> {
	await env.DB.prepare(sql).run();
}

/** Gives the sample customer's plan conversations without end: it has none, and plans and brakes have tests of their own. */
export function allowConversations(): Promise<void> {
	return run(`
		UPDATE plans SET monthly_conversation_seconds = NULL, daily_budget_usd_micros = 1000000000 WHERE id = 'chatbot'
	`);
}

let keys = 0;

/** Gives the sample customer's engine a key that no limiter has counted yet. */
export async function freshSiteKey(): Promise<string> {
	keys += 1;
	const key = `sk_pannu_live_crowd${keys}`;
	await run(`UPDATE portal_sites SET site_key = '${key}' WHERE id = 'site_pannu_dental'`);
	return key;
}

/** The rows in each table that a request may write. */
export function written(): Promise<Record<string, unknown> | null> {
	return row(`
		SELECT (SELECT COUNT(*) FROM usage_daily) AS usage, (SELECT COUNT(*) FROM metrics_daily) AS metrics,
			(SELECT COUNT(*) FROM legacy_usage) AS legacy, (SELECT COUNT(*) FROM voice_sessions) AS sessions
	`);
}

export const NOTHING_WRITTEN = { usage: 0, metrics: 0, legacy: 0, sessions: 0 };

/** What is booked for speech: the day's metrics of the one site that spoke, and its org's usage. */
export async function books(): Promise<Record<string, unknown>> {
	const metrics = await row("SELECT site_id, voice_requests, voice_characters, cache_hits, errors FROM metrics_daily");
	const usage = await row(
		"SELECT (SELECT voice_characters FROM usage_daily) AS day_characters, (SELECT voice_characters FROM usage_monthly) AS month_characters",
	);
	return { ...metrics, ...usage };
}

/** The conversations of all sites, counted by status. */
export function sessionStatuses(): Promise<Record<string, unknown>[]> {
	return rows("SELECT status, COUNT(*) AS n FROM voice_sessions GROUP BY status ORDER BY status");
}
