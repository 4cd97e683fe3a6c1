/// <reference path="./sql.d.ts" />
import schema from "../../../schema/portal-schema.sql?raw";

/** An empty database with the schema and its seed: drops whatever an earlier test left. */
export async function resetDatabase(db: D1Database): Promise<void> {
	// Triggers first, then the tables in reverse: a table that others refer to cannot go before them.
	const { results } = await db
		.prepare(`
			SELECT type, name FROM sqlite_master
			WHERE type IN ('table', 'trigger') AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_cf_%'
			ORDER BY type DESC, rowid DESC
		`)
		.all<{ type: string; name: string }>();
	const drops = results.map(({ type, name }) => db.prepare(`DROP ${type === "table" ? "TABLE" : "TRIGGER"} IF EXISTS "${name}"`));
	if (drops.length > 0) await db.batch(drops);
	await db.prepare(schema).run();
}
