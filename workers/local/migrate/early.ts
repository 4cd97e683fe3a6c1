/** A column that databases of the project's first days lack, as it is added, and what fills it. */
interface EarlyColumn {
	table: string;
	column: string;
	definition: string;
	/** Statement that fills it from other rows, where its default is not right. */
	fill?: string;
}

const COLUMNS: readonly EarlyColumn[] = [
	{ table: "orgs", column: "stripe_status", definition: "TEXT" },
	{ table: "orgs", column: "knowledge_version", definition: "INTEGER NOT NULL DEFAULT 0" },
	{ table: "orgs", column: "knowledge_passages", definition: "INTEGER NOT NULL DEFAULT 0" },
	{
		table: "chat_sessions",
		column: "rating_up",
		definition: "INTEGER NOT NULL DEFAULT 0",
		fill: ratingFill("up"),
	},
	{
		table: "chat_sessions",
		column: "rating_down",
		definition: "INTEGER NOT NULL DEFAULT 0",
		fill: ratingFill("down"),
	},
	{ table: "voice_sessions", column: "checked_at", definition: "TEXT NOT NULL DEFAULT ''" },
	{
		table: "knowledge",
		column: "passages",
		definition: "INTEGER NOT NULL DEFAULT 0 CHECK (typeof(passages) = 'integer' AND passages >= 0)",
	},
];

function ratingFill(rating: "up" | "down"): string {
	return `UPDATE chat_sessions SET rating_${rating} = (
		SELECT COUNT(*) FROM chat_messages m WHERE m.session_id = chat_sessions.id AND m.rating = '${rating}')`;
}

/**
 * The statements that bring a database of the project's first days to the form that the first migration expects: SQL cannot
 * add a column only where it is missing, and all forms of those days call themselves version 1.
 * @param tables the CREATE statement of each table by name, as sqlite_master has it; empty = an empty database
 * @returns none where nothing is missing
 */
export function earlyStatements(tables: ReadonlyMap<string, string>): string[] {
	const missing = COLUMNS.filter(({ table, column }) => lacks(tables.get(table), column));
	const added = missing.map(
		({ table, column, definition }) => `ALTER TABLE ${table} ADD COLUMN ${column} ${definition}`,
	);
	const filled = missing.flatMap(({ fill }) => fill ?? []);
	// It is made from the texts alone, and the daily run makes it anew.
	const dropped = lacks(tables.get("knowledge_terms"), "passage_id") ? ["DROP TABLE knowledge_terms"] : [];
	return [...added, ...filled, ...dropped];
}

function lacks(definition: string | undefined, column: string): boolean {
	return definition !== undefined && !new RegExp(`\\b${column}\\b`).test(definition);
}
