import { createReadStream } from "node:fs";
import { askedOf } from "./arguments.ts";
import { physicalLines } from "./lines.ts";
import { withStore } from "./place.ts";
import { replayLines } from "./replaying.ts";

const USE =
	"Use: npm run replay -- [--local | --env staging | --env production] [--yes] [file …]. It reads the output of wrangler tail from files, or from its input (-), tells what it would put back, and puts it back with --yes.";

/**
 * `npm run replay`: puts back what lines of the log tell to be lost, each once. Without `--yes` it changes nothing. Exit code 1 where a
 * line could not be put back.
 */
async function main(args: readonly string[]): Promise<void> {
	const asked = askedOf(args, { use: USE, apply: "yes" });
	const counts = await withStore(asked, (store) =>
		replayLines(store, linesOf(asked.words), {
			isApplied: asked.isApplied,
			now: Date.now(),
			tell: (text) => console.log(text),
		}),
	);
	const { putBack, there, cannot, others } = counts;
	const done = asked.isApplied ? "put back" : "would be put back (--yes does it)";
	console.log(`${putBack} ${done}, ${there} already there, ${cannot} cannot be; ${others} other lines of the log.`);
	process.exitCode = cannot > 0 ? 1 : 0;
}

async function* linesOf(names: readonly string[]): AsyncGenerator<string> {
	for (const name of names.length === 0 ? ["-"] : names)
		yield* physicalLines((name === "-" ? process.stdin : createReadStream(name)).setEncoding("utf8"));
}

try {
	await main(process.argv.slice(2));
} catch (error) {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
}
