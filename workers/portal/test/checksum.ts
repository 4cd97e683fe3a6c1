/** Everything that a database holds, table by table: equal before and after means that nothing was written. */
export async function checksum(db: D1Database): Promise<string> {
	const { results: tables } = await db
		.prepare(
			"SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_cf_%' ORDER BY name",
		)
		.all<{ name: string }>();
	const rows = await db.batch(tables.map(({ name }) => db.prepare(`SELECT * FROM "${name}"`)));
	return JSON.stringify(rows.map(({ results }) => results));
}
