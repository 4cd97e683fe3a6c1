import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { migrations, prepareEarly } from "../../workers/local/migrate/migrations.ts";
import { BEFORE_MIGRATIONS, FILL, FIRST, FRESH, content, handle, kept, open, shape } from "./forms.ts";
import {
	addMigrations,
	applyInProcess,
	applyMigrations,
	beginWith,
	createMigratingProject,
	removeProject,
	withDatabase,
} from "./wrangler-project.ts";

/** A start of wrangler takes seconds, and more on a busy machine. */
const PATIENCE_MS = 150_000;

const empty = createMigratingProject();
const first = createMigratingProject();
/** It has the first migration alone until that one is applied. */
const before = createMigratingProject([migrations()[0]?.name ?? ""]);
afterAll(() => [empty, first, before].forEach(removeProject));

async function apply(folder: string): Promise<string> {
	const run = await applyMigrations(folder);
	expect(run).toMatchObject({ exitCode: 0 });
	return run.output;
}

/** By wrangler the first migration, before which it makes its records, and the last, for which it has to find those of all others. */
async function applyFirstAndLast(folder: string): Promise<void> {
	const [first, ...others] = migrations();
	const names = others.map(({ name }) => name);
	expect(await apply(folder)).toContain(first?.name);
	await applyInProcess(folder, others.slice(0, -1));
	addMigrations(folder, names);
	const output = await apply(folder);
	expect(migrations().filter(({ name }) => output.includes(name))).toEqual(others.slice(-1));
}

beforeAll(() => applyInProcess(empty), PATIENCE_MS);

// Wrangler starts a runtime anew for each migration: it does so for two of one database, and all others go its way in this process.
describe.concurrent("wrangler d1 migrations apply", () => {
	it(
		"makes of an empty database what portal-schema.sql makes, and on an up-to-date one does nothing",
		async () => {
			const fresh = open(FRESH);
			expect(await withDatabase(empty, shape)).toEqual(shape(fresh));
			const made = await withDatabase(empty, content);
			expect(made).toEqual(content(fresh));
			expect(await apply(empty)).toContain("No migrations to apply");
			expect(await withDatabase(empty, content)).toEqual(made);
		},
		PATIENCE_MS,
	);

	it.each([
		["of the project's first schema", first, FIRST, applyInProcess],
		["from before there were migrations", before, BEFORE_MIGRATIONS, applyFirstAndLast],
	])(
		"brings a filled database %s to today's, with every row",
		async (_, folder, old, applyTo: (folder: string) => Promise<void>) => {
			await beginWith(folder, `PRAGMA foreign_keys = ON;\n${old}${FILL}`, empty);
			const { schema_version: _version, ...filled } = await withDatabase(folder, content);
			// As `npm run migrate` does before it calls wrangler.
			await withDatabase(folder, (database) => prepareEarly(handle(database)));
			await applyTo(folder);
			expect(await withDatabase(folder, shape)).toEqual(shape(open(FRESH)));
			const after = await withDatabase(folder, content);
			for (const [table, rows] of Object.entries(filled)) {
				expect(after[table]?.length, table).toBe(rows.length);
				for (const [index, row] of rows.entries()) expect(after[table]?.[index], table).toMatchObject(kept(table, row));
			}
			expect(await withDatabase(folder, (database) => database.prepare("PRAGMA foreign_key_check").all())).toEqual([]);
		},
		PATIENCE_MS,
	);
});
