import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { runScript } from "../../../local/check/command.ts";
import { ROOT } from "../../../local/root.ts";
import type { Finding } from "../parts/trial.ts";

/** What `npm run replay` or `npm run recount` said last, as numbers, and all that it said. */
interface Said {
	numbers: number[];
	output: string;
}

/** Runs one of the tools of recovery on a run's own folder, as staff do: no run may be under way there. */
async function tool(folder: string, name: "replay" | "recount", ...args: string[]): Promise<Said> {
	Object.assign(process.env, { KOBY_STATE_DIR: join(folder, "state"), KOBY_DEV_VARS: join(folder, ".dev.vars") });
	const script = join(ROOT, `workers/local/recovery/${name}.ts`);
	const { output } = await runScript(script, ["--local", ...args]);
	const last = output.trim().split("\n").at(-1) ?? "";
	return { output, numbers: (last.match(/\d+/g) ?? []).map(Number) };
}

/** How `npm run replay -- --yes` ended. */
export interface Replayed {
	putBack: number;
	there: number;
	cannot: number;
	output: string;
}

/** Puts back what the log says was lost. @param lines as the workers printed them */
export async function replayed(folder: string, lines: readonly string[]): Promise<Replayed> {
	const file = join(folder, "tail.log");
	writeFileSync(file, lines.join("\n"));
	const { numbers, output } = await tool(folder, "replay", "--yes", file);
	const [putBack = -1, there = -1, cannot = -1] = numbers;
	return { putBack, there, cannot, output };
}

/** Holds all counters against all rows, today's as well. */
export async function recountFindings(folder: string): Promise<Finding[]> {
	const today = new Date().toISOString().slice(0, 10);
	const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
	const { numbers, output } = await tool(folder, "recount", "--from", yesterday, "--to", today);
	const [orgs, differences = -1] = numbers;
	if (differences !== 0) console.log(output);
	return [
		{
			promise: `differences of counters and rows by npm run recount, of ${orgs} orgs`,
			expected: 0,
			found: differences,
		},
	];
}

/** What must hold of two replays of the same lines, one before the sweep and one at the end. */
export function replayFindings(first: Replayed, second: Replayed): Finding[] {
	if (first.cannot + second.cannot > 0 || second.putBack !== 0) console.log(first.output, second.output);
	console.log(`\nReplay: ${first.putBack} put back, ${first.there} already there, ${first.cannot} cannot be.`);
	return [
		{ promise: "lines that cannot be put back", expected: 0, found: first.cannot + second.cannot },
		{ promise: "lines that a second replay puts back", expected: 0, found: second.putBack },
		{
			promise: "lines that a second replay finds put back",
			expected: first.putBack + first.there,
			found: second.there,
		},
	];
}
