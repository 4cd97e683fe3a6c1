import { beforeAll, describe, expect, it } from "vitest";
import { MAX_ROW_BYTES } from "../../../workers/lib/d1/exported-size.ts";
import { resetDatabase } from "../../../workers/lib/test/database.ts";
import { db, rows } from "./database.ts";
import { WORST } from "./worst-rows.ts";

beforeAll(() => resetDatabase(db));

interface Column {
	name: string;
	isText: boolean;
}

async function tables(): Promise<[string, Column[]][]> {
	const named = await rows(
		"SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_cf_%' ORDER BY name",
	);
	return Promise.all(
		named.map(async ({ name }): Promise<[string, Column[]]> => {
			const columns = await rows(`SELECT name, type FROM pragma_table_xinfo('${String(name)}')`);
			return [
				String(name),
				columns.map((column) => ({ name: String(column.name), isText: !/INT|REAL/.test(String(column.type)) })),
			];
		}),
	);
}

/** A number in an export, at its longest. */
const NUMBER_BYTES = 25;

describe("the INSERT of a row in an export", () => {
	it("is known at its worst for every text column of every table, and for no other", async () => {
		const named = (await tables()).map(([table, columns]): [string, string[]] => [
			table,
			columns
				.filter(({ isText }) => isText)
				.map(({ name }) => name)
				.sort(),
		]);
		const known = Object.entries(WORST).map(([table, columns]): [string, string[]] => [
			table,
			Object.keys(columns).sort(),
		]);
		expect(new Map(named)).toEqual(new Map(known));
	});

	it("fits at its worst in every table", async () => {
		const sizes = (await tables()).map(([table, columns]): [string, number] => {
			const frame = `INSERT INTO "${table}" (${columns.map(({ name }) => `"${name}"`).join(",")}) VALUES();`.length;
			const values = columns.map(({ name, isText }) => (isText ? (WORST[table]?.[name] ?? Number.NaN) : NUMBER_BYTES));
			return [table, values.reduce((sum, value) => sum + value, frame)];
		});
		expect(sizes.filter(([, bytes]) => !(bytes <= MAX_ROW_BYTES))).toEqual([]);
		// What is near the border is there by its own border, and a configuration by that of its translations, alone.
		const near = sizes.filter(([, bytes]) => bytes > MAX_ROW_BYTES * 0.9).map(([table]) => table);
		expect(near).toEqual([
			...[
				"chat_messages",
				"config_drafts",
				"config_versions",
				"golden_questions",
				"golden_runs",
				"knowledge",
				"org_config",
			],
		]);
	});
});
