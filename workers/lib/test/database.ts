/// <reference path="./sql.d.ts" />
import schema from "../../../schema/portal-schema.sql?raw";

/** What the schema file puts into empty tables. */
const SEED = schema.slice(schema.search(/^-- -+ seed$/m));
/** What says which schema a database has: it stays when the tables are emptied. */
const KEPT = ["schema_version", "d1_migrations"];

/** Tells whether anything that the schema makes was changed. */
const FINGERPRINT =
	"SELECT COUNT(*) || ' ' || SUM(length(sql)) || ' ' || group_concat(name) AS text FROM sqlite_master WHERE sql IS NOT NULL";

/** Fingerprint of the tables as the schema makes them, and the text that empties them. A test that changed them gets everything made anew. */
let made: { fingerprint: string; reset: string } | undefined;

async function fingerprint(db: D1Database): Promise<string> {
	return String(await db.prepare(FINGERPRINT).first("text"));
}

async function names(db: D1Database, type: string): Promise<string[]> {
	const sql =
		"SELECT name FROM sqlite_master WHERE type = ?1 AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_cf_%' ORDER BY rowid DESC";
	const { results } = await db.prepare(sql).bind(type).all<{ name: string }>();
	return results.map(({ name }) => name);
}

/** A database with the schema and its seed and nothing else: emptied where its tables are as the schema makes them, else made anew. */
export async function resetDatabase(db: D1Database): Promise<void> {
	if (made !== undefined && (await fingerprint(db)) === made.fingerprint) {
		// As one text: a statement alone costs more on its way than in the database.
		await db.prepare(made.reset).run();
		return;
	}
	// Triggers first, then the tables in reverse: a table that others refer to cannot go before them.
	const drops = [
		...(await names(db, "trigger")).map((name) => `DROP TRIGGER IF EXISTS "${name}"`),
		...(await names(db, "table")).map((name) => `DROP TABLE IF EXISTS "${name}"`),
	];
	if (drops.length > 0) await db.batch(drops.map((sql) => db.prepare(sql)));
	await db.prepare(schema).run();
	const deletes = (await names(db, "table"))
		.filter((name) => !KEPT.includes(name))
		.map((name) => `DELETE FROM "${name}";`);
	made = { fingerprint: await fingerprint(db), reset: `${deletes.join("\n")}\n${SEED}` };
}
