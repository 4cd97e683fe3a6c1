import { env } from "cloudflare:workers";
import { beforeEach, expect, it } from "vitest";
import { resetDatabase } from "../../lib/test/database.ts";
import { CHADIS_KEY, newClient, sessionOf } from "./client.ts";
import { KEYED_ROUTES, converse } from "./routes.ts";
import { rows, run } from "./tables.ts";

beforeEach(() => resetDatabase(env.DB));

interface Query {
	sql: string;
	values: unknown[];
}

/** The test database, and every query that was prepared on it. */
function recorded(): { db: D1Database; queries: Query[] } {
	const queries: Query[] = [];
	const db = new Proxy(env.DB, {
		get(target, name) {
			if (name !== "prepare") return Reflect.get(target, name).bind(target);
			return (sql: string) => ({
				bind(...values: unknown[]) {
					queries.push({ sql, values });
					return target.prepare(sql).bind(...values);
				},
			});
		},
	});
	return { db, queries };
}

/** The search ranks the few rows it has found; what it reads for that is the library's own test. */
const RANKING = /^WITH asked AS/;
const OF_RANKING =
	/^SCAN (?:[amwlj] VIRTUAL TABLE|counted|told|found|\(subquery-|asked|miss|near|sought|weighed|ranked|said|q$|letter$|\d+ CONSTANT ROWS)|^USE TEMP B-TREE FOR (?:(?:GROUP|ORDER) BY|DISTINCT|json_group_array\(ORDER BY\))$/;

/** The indexes that a turn is to read by where the primary key does not serve: where several could, SQLite's choice changes with its version. */
const MEANT = [
	"chat_messages_by_session",
	"chat_sessions_by_visitor",
	"knowledge_by_org",
	"knowledge_by_question",
	"knowledge_terms_by_passage",
	"turns_by_session",
];
const MEANT_OF_ROUTES = [...MEANT, "leads_by_email", "portal_sites_by_org"];

interface Steps {
	sql: string;
	/** What does not go by an index. A lookup of the whole key by an index is all that a guesser could time. */
	slow: string[];
	/** The indexes beside the keys. */
	indexes: string[];
}

async function stepsOf(queries: Query[]): Promise<Steps[]> {
	const plans = new Map<string, string[]>();
	for (const { sql, values } of queries) {
		const plan = await rows(`EXPLAIN QUERY PLAN ${sql}`, ...values);
		const text = sql.trim().replace(/\s+/g, " ");
		plans.set(
			text,
			plan.map(({ detail }) => String(detail)).filter((detail) => !RANKING.test(text) || !OF_RANKING.test(detail)),
		);
	}
	return [...plans].map(([sql, plan]) => ({
		sql,
		slow: plan.filter((detail) => /TEMP B-TREE|^SCAN (?!json_each|CONSTANT ROW|2-ROW VALUES)/.test(detail)),
		indexes: plan.flatMap((detail) => /USING (?:COVERING )?INDEX (?!sqlite_)(\w+)/.exec(detail)?.slice(1) ?? []),
	}));
}

it("every query of a turn finds its rows by an index", async () => {
	const { db, queries } = recorded();
	const client = newClient();
	await client.gemini({}, {}, { status: 403 });
	const session_id = await sessionOf(await client.call({ key: CHADIS_KEY, env: { DB: db } }));
	await client.call({ key: CHADIS_KEY, body: { message: "Hello", session_id }, env: { DB: db } });
	await client.call({ key: CHADIS_KEY, env: { DB: db } });
	await client.call({ env: { DB: db } });
	for (const message of ["I want to die", "My friend wants to kill herself"])
		await client.call({ key: CHADIS_KEY, body: { message }, env: { DB: db } });
	const steps = await stepsOf(queries);
	expect(steps.filter(({ sql }) => sql.includes("INTO safety_daily"))).toHaveLength(2);
	expect(steps.length).toBeGreaterThanOrEqual(10);
	expect(steps.filter(({ slow }) => slow.length > 0)).toEqual([]);
	expect([...new Set(steps.flatMap(({ indexes }) => indexes))].sort()).toEqual(MEANT);
});

it.each(KEYED_ROUTES)("every query of %s finds its rows by an index", async (_, route) => {
	const { db, queries } = recorded();
	const talk = await converse({ visitor: "v-1" });
	await run(`UPDATE portal_sites SET allowed_origins = '["https://www.chadis.com"]'`);
	await newClient().call({ ...route(talk, talk.key), origin: "https://www.chadis.com", env: { DB: db } });
	const steps = await stepsOf(queries);
	expect(steps.length).toBeGreaterThanOrEqual(1);
	expect(steps.filter(({ slow }) => slow.length > 0)).toEqual([]);
	expect(steps.flatMap(({ indexes }) => indexes).filter((index) => !MEANT_OF_ROUTES.includes(index))).toEqual([]);
});
