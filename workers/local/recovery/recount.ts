import { askedOf } from "./arguments.ts";
import { withStore } from "./place.ts";
import { recount } from "./recounting.ts";

const USE =
	"Use: npm run recount -- [--local | --env staging | --env production] [--org ID] [--from 2026-01-31] [--to 2026-01-31] [--mend]. It compares the counters of whole UTC days with their rows, and puts right what is certain with --mend.";

/** `npm run recount`: holds counters against rows. Without `--mend` it changes nothing. Exit code 1 where a difference is left. */
async function main(args: readonly string[]): Promise<void> {
	const asked = askedOf(args, { use: USE, apply: "mend" });
	if (asked.words.length > 0) throw new Error(USE);
	const { org, from, to, isApplied: isMended } = asked;
	const tell = (text: string) => console.log(text);
	const counts = await withStore(asked, (store) => recount(store, { org, from, to, isMended, now: Date.now(), tell }));
	const { orgs, differences, mended } = counts;
	console.log(`${orgs} organizations compared: ${differences} differences, ${mended} put right.`);
	process.exitCode = differences > mended ? 1 : 0;
}

try {
	await main(process.argv.slice(2));
} catch (error) {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
}
