import { ApiError } from "../../lib/http/errors.ts";
import { Refusal, readSettings } from "../run/settings.ts";
import { Misuse, readTyped } from "./arguments.ts";
import type { Typed } from "./arguments.ts";
import { chatUrlOf } from "./chat-url.ts";
import { wranglerDatabase } from "./database.ts";
import type { KitDatabase } from "./database.ts";
import { checkClients, listClients } from "./reads.ts";
import { findClient } from "./find.ts";
import { refusalText } from "./refusals.ts";
import { done, dryRun } from "./show.ts";
import { writeOf } from "./writes.ts";
import type { Writing } from "./writes.ts";

/**
 * `npm run client`: what staff do for customers, from a shell. It runs the very functions of the portal's routes, in front of the
 * database that wrangler reaches, so their rules, statements, rows of the audit log and refusals are those of the portal.
 */
async function main(args: readonly string[]): Promise<void> {
	const typed = readTyped(args);
	const database = wranglerDatabase(typed.target);
	try {
		await act(typed, database);
	} catch (error) {
		if (!(error instanceof ApiError)) throw error;
		throw new Misuse(refusalText(error, typed, database.fault()));
	}
}

async function act(typed: Typed, database: KitDatabase): Promise<void> {
	const { command, options, userId, words } = typed;
	const writing: Writing = {
		db: database.db,
		caller: {
			...{ userId, sessionId: "", orgId: null, role: null, impersonated: false, impersonatorId: null },
			staff: true,
		},
		chatUrl: chatUrlOf(typed.environment, readSettings(process.env).port),
		now: Date.now(),
	};
	if (command === "list") return listClients(typed, writing);
	if (command === "check") return checkClients(typed, writing);
	const write = writeOf(typed, writing);
	if (!options.yes) return dryRun(typed, database, write);
	const id = command === "add" ? "" : await findClient(database.db, words[0] ?? "");
	await done(typed, await write.run(id));
}

try {
	await main(process.argv.slice(2));
} catch (error) {
	if (!(error instanceof Misuse || error instanceof Refusal)) throw error;
	console.error(error.message);
	process.exitCode = 1;
}
