import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "smol-toml";
import { WORKERS } from "./deployments.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const DATABASE_HEADER = /^\[\[(?:env\.([\w-]+)\.)?d1_databases\]\]\s*(?:#.*)?$/;
const DATABASE_ID = /^(\s*database_id\s*=\s*")([^"]*)(")/;

export type DatabaseEnvironment = "production" | "staging";

/** Wrong words on the command line, or tomls that do not allow what was asked. */
export class DatabaseIdError extends Error {}

/** @throws {DatabaseIdError} */
export function parseArguments(args: readonly string[]): { environment: DatabaseEnvironment; id: string } {
	const [environment, id] = args;
	if ((environment !== "production" && environment !== "staging") || id === undefined || args.length > 2) {
		throw new DatabaseIdError(
			"Use: npm run database-id -- production <database_id>, or staging <database_id>. `wrangler d1 create` prints the id.",
		);
	}
	if (!UUID.test(id))
		throw new DatabaseIdError(`${id} is no database id: it looks like 12345678-1234-1234-1234-123456789abc.`);
	return { environment, id: id.toLowerCase() };
}

/**
 * Writes a database's id into every block of the tomls in a folder that belongs to the environment; all or none.
 * @returns the names of the files
 * @throws {DatabaseIdError} the other environment uses this database, or a file has no block for it
 */
export function writeDatabaseId(folder: string, environment: DatabaseEnvironment, id: string): string[] {
	const files = WORKERS.map(({ config }) => config);
	const texts = files.map((file) => replaceDatabaseId(file, readFileSync(join(folder, file), "utf8"), environment, id));
	for (const [index, file] of files.entries()) writeFileSync(join(folder, file), texts[index] ?? "");
	return files;
}

function replaceDatabaseId(file: string, text: string, environment: DatabaseEnvironment, id: string): string {
	let block: string | undefined;
	let replaced = 0;
	const lines = text.split("\n").map((line) => {
		if (line.startsWith("[")) block = blockEnvironment(text, line.trimEnd());
		const current = block === undefined ? undefined : DATABASE_ID.exec(line)?.[2];
		if (current === undefined) return line;
		if (block !== environment) {
			if (current === id)
				throw new DatabaseIdError(
					`${file} uses this database for ${block} already: staging and production must not share one.`,
				);
			return line;
		}
		replaced++;
		return line.replace(DATABASE_ID, `$1${id}$3`);
	});
	if (replaced === 0) throw new DatabaseIdError(`${file} has no D1 database of ${environment}.`);
	return lines.join("\n");
}

/** The ENVIRONMENT of the block whose D1 database a header begins; undefined for any other header. */
function blockEnvironment(text: string, header: string): string | undefined {
	const match = DATABASE_HEADER.exec(header);
	if (match === null) return undefined;
	const toml = parse(text);
	const block = match[1] === undefined ? toml : table(table(toml["env"])[match[1]]);
	return String(table(block["vars"])["ENVIRONMENT"]);
}

function table(value: unknown): Record<string, unknown> {
	return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
