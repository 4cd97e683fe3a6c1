import { DatabaseIdError, parseArguments, writeDatabaseId } from "./database-ids.ts";
import { ROOT } from "../root.ts";

// `npm run database-id -- production <database_id>`
try {
	const { environment, id } = parseArguments(process.argv.slice(2));
	const files = writeDatabaseId(ROOT, environment, id);
	console.log(`Wrote the database of ${environment} into ${files.join(", ")}.`);
} catch (error) {
	if (!(error instanceof DatabaseIdError)) throw error;
	console.error(error.message);
	process.exitCode = 1;
}
