import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../root.ts";
import { code, markdownTable } from "./table.ts";

interface DescribedTable {
	name: string;
	/** What the comment before it says; "" where there is none. */
	words: string;
	columns: string[];
}

/** The tables of the database, in the schema's order. */
export function tablesSection(): string {
	const found = tablesOf(readFileSync(join(ROOT, "schema/portal-schema.sql"), "utf8"));
	return markdownTable(
		["table", "columns", "what the schema says of it"],
		found.map(({ name, words, columns }) => [code(name), columns.map(code).join(", "), words]),
	);
}

const CREATE = /^((?:--.*\n)*)CREATE TABLE IF NOT EXISTS (\w+) \((\n[\s\S]*?\n|.*)\)(?: WITHOUT ROWID)?;/gm;

function tablesOf(schema: string): DescribedTable[] {
	return [...schema.matchAll(CREATE)].map(([, comment = "", name = "", body = ""]) => ({
		name,
		words: comment
			.split("\n")
			.map((line) => line.replace(/^-- ?/, ""))
			.filter((line) => !line.startsWith("----"))
			.join(" ")
			.trim(),
		columns: columnsOf(body),
	}));
}

/** A column is what a line begins with in small letters; constraints begin with capitals, and what goes on is indented further. */
function columnsOf(body: string): string[] {
	const lines = body.includes("\n") ? body.split("\n") : body.split(", ").map((one) => `  ${one}`);
	return lines.flatMap((line) => /^ {2}([a-z_0-9]+) [A-Z]/.exec(line)?.[1] ?? []);
}
