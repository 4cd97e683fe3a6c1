/// <reference path="./sql.d.ts" />
import schema from "../../../schema/portal-schema.sql?raw";

/** What the schema file makes, as sqlite_master tells it; a test that changed it gets everything made anew. */
let made: string | undefined;

const OBJECTS = `
	SELECT type, name, sql FROM sqlite_master
	WHERE type IN ('table', 'trigger', 'index') AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_cf_%'
	ORDER BY type DESC, rowid DESC
`;

interface SchemaObject {
	type: string;
	name: string;
	sql: string;
}

async function objectsOf(db: D1Database): Promise<SchemaObject[]> {
	const { results } = await db.prepare(OBJECTS).all<SchemaObject>();
	return results;
}

/** A database with the schema and its seed and nothing else: emptied where its tables are as the schema makes them, else made anew. */
export async function resetDatabase(db: D1Database): Promise<void> {
	const objects = await objectsOf(db);
	const isAsMade = objects.length > 0 && JSON.stringify(objects) === made;
	// Triggers first, then the tables in reverse: a table that others refer to cannot go before them.
	const kinds = isAsMade ? ["table"] : ["trigger", "table"];
	const verb = (type: string): string => (isAsMade ? "DELETE FROM" : `DROP ${type.toUpperCase()} IF EXISTS`);
	const steps = kinds.flatMap((kind) => objects.filter(({ type }) => type === kind)).map(({ type, name }) => db.prepare(`${verb(type)} "${name}"`));
	if (steps.length > 0) await db.batch(steps);
	await db.prepare(schema).run();
	if (!isAsMade) made = JSON.stringify(await objectsOf(db));
}
