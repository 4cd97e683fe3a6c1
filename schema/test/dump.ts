export type Rows = Record<string, unknown>[];

/** A whole database: the statements that make it, and every row of every table. */
export type Dump = Record<string, Rows>;

/** Reads a dump through `query`, so that D1 and a database file are read alike. */
export async function dump(query: (sql: string) => Rows | Promise<Rows>): Promise<Dump> {
	const objects = await query(`
		SELECT type, name, sql FROM sqlite_master
		WHERE name NOT LIKE 'sqlite_%' AND name NOT LIKE '_cf_%'
		ORDER BY type, name
	`);
	const tables = objects.filter(({ type }) => type === "table").map(({ name }) => String(name));
	const contents: Dump = { sqlite_master: objects };
	for (const table of tables) contents[table] = await query(`SELECT * FROM ${table} ORDER BY 1, 2`);
	return contents;
}
