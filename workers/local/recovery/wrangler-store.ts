import { isObject } from "../../lib/http/json.ts";
import type { Row } from "../../lib/d1/row.ts";
import type { Store } from "../../lib/recovery/store.ts";
import { boundOf, inlined } from "./inline.ts";
import type { Bound } from "./inline.ts";

/** Runs SQL of one or more statements, all or none, and gives what `wrangler d1 execute --json` prints. */
export type Execute = (sql: string) => Promise<string>;

/** A statement that is only written down. */
class Written implements D1PreparedStatement {
	readonly sql: string;
	readonly values: readonly Bound[];

	constructor(sql: string, values: readonly Bound[]) {
		this.sql = sql;
		this.values = values;
	}

	bind(...values: unknown[]): Written {
		return new Written(this.sql, values.map(boundOf));
	}

	first = refuse;
	run = refuse;
	all = refuse;
	raw = refuse;
}

function refuse(): Promise<never> {
	return Promise.reject(new Error("Statements of a store are sent by its run."));
}

/** A database that only prepares. */
const WRITING: D1Database = {
	prepare: (sql: string) => new Written(sql, []),
	batch: refuse,
	exec: refuse,
	dump: refuse,
	withSession: () => {
		throw new Error("Statements of a store are sent by its run.");
	},
};

/** A database behind `wrangler d1 execute`: what workers bind is written out as text. */
export function wranglerStore(execute: Execute): Store {
	return {
		db: WRITING,
		async run(statements) {
			if (statements.length === 0) return [];
			const texts = statements.map(textOf);
			const rows = rowsOf(await execute(texts.join(";\n")));
			if (rows.length !== texts.length)
				throw new Error(`wrangler gave ${rows.length} results for ${texts.length} statements.`);
			return rows;
		},
	};
}

function textOf(statement: D1PreparedStatement): string {
	if (!(statement instanceof Written)) throw new Error("A store runs the statements that its db has prepared.");
	return inlined(statement.sql, statement.values).trim();
}

/** How long a statement's text is, written out, UTF-16 units. 0 = another database's. */
export function writtenLength(statement: D1PreparedStatement): number {
	return statement instanceof Written ? textOf(statement).length : 0;
}

/** @throws {Error} it is not what wrangler prints */
function rowsOf(output: string): Row[][] {
	const results: unknown = JSON.parse(output);
	if (!Array.isArray(results)) throw new Error("wrangler d1 execute --json gave no list of results.");
	return results.map((result: unknown) => {
		const rows = isObject(result) ? result["results"] : undefined;
		return Array.isArray(rows) ? rows.filter(isObject) : [];
	});
}
