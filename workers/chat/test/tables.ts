import { env } from "cloudflare:workers";

type Row = Record<string, unknown>;

/** The rows of a query on the test database. */
export async function rows(sql: string, ...values: unknown[]): Promise<Row[]> {
	return (
		await env.DB.prepare(sql)
			.bind(...values)
			.all<Row>()
	).results;
}

export async function run(sql: string, ...values: unknown[]): Promise<void> {
	await env.DB.prepare(sql)
		.bind(...values)
		.run();
}

/** What the chat writes, counted over all customers. */
export async function written(): Promise<Row | undefined> {
	const [counts] = await rows(`
		SELECT (SELECT COUNT(*) FROM chat_sessions) AS sessions,
			(SELECT COUNT(*) FROM chat_messages) AS messages,
			(SELECT COUNT(*) FROM metrics_daily) AS metrics,
			(SELECT COUNT(*) FROM question_stats) AS questions,
			(SELECT COALESCE(SUM(messages), 0) FROM usage_daily) AS used,
			(SELECT COALESCE(SUM(requests), 0) FROM legacy_usage) AS legacy
	`);
	return counts;
}

export const NOTHING_WRITTEN = { sessions: 0, messages: 0, metrics: 0, questions: 0, used: 0, legacy: 0 };

export interface WatchedDatabase {
	db: D1Database;
	/** Round trips so far. */
	trips(): number;
}

/**
 * The test database with something in the way of its batches; any other round trip is counted, too.
 * @param before runs ahead of batch number n (from 1): waits, or throws what D1 would
 * @param after runs when batch number n is done: throws where D1's answer is lost
 */
export function watched(
	before: (n: number) => unknown = () => undefined,
	after: (n: number) => unknown = () => undefined,
): WatchedDatabase {
	let trips = 0;
	const alone = (statement: D1PreparedStatement): D1PreparedStatement => {
		for (const name of ["first", "run", "all", "raw"]) {
			const original: unknown = Reflect.get(statement, name);
			if (typeof original !== "function") continue;
			Object.assign(statement, {
				[name]: (...values: unknown[]) => {
					trips++;
					return Reflect.apply(original, statement, values);
				},
			});
		}
		return statement;
	};
	const db = new Proxy(env.DB, {
		get(target, name) {
			if (name === "prepare") {
				return (sql: string) => {
					const statement = target.prepare(sql);
					const bind = statement.bind.bind(statement);
					return Object.assign(alone(statement), { bind: (...values: unknown[]) => alone(bind(...values)) });
				};
			}
			if (name !== "batch") return Reflect.get(target, name).bind(target);
			return async (statements: D1PreparedStatement[]) => {
				const trip = ++trips;
				await before(trip);
				const results = await target.batch(statements);
				await after(trip);
				return results;
			};
		},
	});
	return { db, trips: () => trips };
}

/** What D1 throws. */
export function d1Error(text: string): never {
	throw new Error(`D1_ERROR: ${text}`);
}
