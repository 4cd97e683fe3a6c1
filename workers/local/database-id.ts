import { resolve } from "node:path";
import { DatabaseIdError, parseArguments, writeDatabaseId } from "./database-ids.ts";

// `npm run database-id -- production <database_id>`
try {
	const { environment, id } = parseArguments(process.argv.slice(2));
	const files = writeDatabaseId(resolve(import.meta.dirname, "../.."), environment, id);
	console.log(`Wrote the database of ${environment} into ${files.join(", ")}.`);
} catch (error) {
	if (!(error instanceof DatabaseIdError)) throw error;
	console.error(error.message);
	process.exitCode = 1;
}
