import { createExecutionContext, createScheduledController, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, vi } from "vitest";
import { SWEEP_CRON } from "../../../lib/site/sweep/sweep-cron.ts";
import worker from "../../index.ts";
import { agedWork } from "../aged-work.ts";
import { COUNTED } from "../erasure.ts";
import { NOW } from "../../test/portal.ts";

/** A day in milliseconds. */
export const DAY = 86_400_000;
/** A minute in milliseconds. */
export const MINUTE = 60_000;
/** What a run rests after each step, by a clock that stands still, ms. */
export const REST_MS = 20;

/** The instant that lies some days, and some milliseconds more, before the run. */
export function ago(days: number, ms = 0): string {
	return new Date(NOW - days * DAY - ms).toISOString();
}

/** Steps of a run that finds nothing old: one for each work of what ages by itself. */
export const AGED_STEPS = agedWork(NOW).length;

export interface LogLine {
	event: string;
	[field: string]: unknown;
}

async function run(cron: string, DB: D1Database, scheduledTime: number): Promise<LogLine[]> {
	const lines: LogLine[] = [];
	const keep = (line: unknown) => void lines.push(JSON.parse(String(line)));
	const spies = (["log", "warn", "error"] as const).map((level) => vi.spyOn(console, level).mockImplementation(keep));
	const ctx = createExecutionContext();
	await worker.scheduled(createScheduledController({ scheduledTime, cron }), { ...env, DB });
	await waitOnExecutionContext(ctx);
	for (const spy of spies) spy.mockRestore();
	return lines;
}

/** Runs the worker's daily run over a database and gives its log lines. */
export function runDaily(DB: D1Database = env.DB, scheduledTime = NOW): Promise<LogLine[]> {
	return run("17 3 * * *", DB, scheduledTime);
}

/** Runs what the worker does every five minutes. */
export function runOften(DB: D1Database = env.DB, scheduledTime = NOW): Promise<LogLine[]> {
	return run(SWEEP_CRON, DB, scheduledTime);
}

/** The line of a run that erased nothing else; the size is told of the daily run alone. */
export function summary(fields: Record<string, unknown>): LogLine {
	const counts = Object.fromEntries(COUNTED.map((of) => [of, 0]));
	const common = { run: "daily", orgs: 0, waiting: 0, steps: AGED_STEPS, failed: 0, ...counts, ...fields };
	const size =
		common.run === "daily" && !("db_bytes" in fields) ? { db_bytes: expect.any(Number), days_left: null } : {};
	return { level: "info", event: "retention", ...common, ...size };
}

export function keepFor(orgId: string, days: number | null): D1PreparedStatement {
	return env.DB.prepare(
		"INSERT INTO org_config (org_id, retention_days, version) VALUES (?1, ?2, 2) ON CONFLICT DO UPDATE SET retention_days = ?2",
	).bind(orgId, days);
}

interface SessionOf {
	orgId?: string;
	siteId?: string;
	startedAt?: string;
	/** Rows in chat_messages. */
	messages?: number;
}

/** A session and its messages. */
export function session(id: string, lastMessageAt: string, options: SessionOf = {}): D1PreparedStatement[] {
	const { orgId = "org_chadis", siteId = "site_chadis", startedAt = lastMessageAt, messages = 2 } = options;
	return [
		env.DB.prepare(`
			INSERT INTO chat_sessions (id, org_id, site_id, visitor_id, started_at, last_message_at, last_active_date, message_count)
			VALUES (?1, ?2, ?3, ?1, ?4, ?5, substr(?5, 1, 10), ?6)
		`).bind(id, orgId, siteId, startedAt, lastMessageAt, messages),
		env.DB.prepare(`
			WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n LIMIT ?3)
			INSERT INTO chat_messages (id, org_id, session_id, role, content) SELECT ?1 || '-' || n, ?2, ?1, 'user', 'x' FROM n
		`).bind(id, orgId, messages),
	];
}

/** Many sessions of that age, of two messages each, or of none. */
export function manySessions(
	count: number,
	lastMessageAt: string,
	{ prefix = "many", orgId = "org_chadis", siteId = "site_chadis", messages = 2 } = {},
): D1PreparedStatement[] {
	const numbers = "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n LIMIT ?1)";
	return [
		env.DB.prepare(`
			${numbers}
			INSERT INTO chat_sessions (id, org_id, site_id, visitor_id, started_at, last_message_at, last_active_date, message_count)
			SELECT ?2 || n, ?3, ?4, 'v' || n, ?5, ?5, substr(?5, 1, 10), ?6 FROM n
		`).bind(count, prefix, orgId, siteId, lastMessageAt, messages),
		env.DB.prepare(`
			${numbers}
			INSERT INTO chat_messages (id, org_id, session_id, role, content)
			SELECT ?2 || n || '-' || turn.key, ?3, ?2 || n, 'user', 'x' FROM n JOIN json_each('[1,2]') turn WHERE ?4 > 0
		`).bind(count, prefix, orgId, messages),
	];
}

/** The ids in a table, in order. */
export async function ids(
	table: "chat_sessions" | "chat_messages" | "leads" | "voice_sessions" | "stripe_events",
): Promise<unknown[]> {
	const { results } = await env.DB.prepare(`SELECT id FROM ${table} ORDER BY id`).all<{ id: string }>();
	return results.map(({ id }) => id);
}

export async function count(sql: string): Promise<number> {
	return (await env.DB.prepare(`SELECT COUNT(*) AS n FROM ${sql}`).first<number>("n")) ?? -1;
}
