import type { FunctionPlace } from "./probes.ts";

/** How far a request goes through the sources. */
export interface Walk {
	/** Entries into functions; one that waits and goes on is entered once. */
	entries: number;
	/** Different functions entered. */
	functions: number;
	/** Files of which a function was entered. */
	files: number;
	/** Entries into a function of another file than the entry before. */
	changesOfFile: number;
}

/** @param entered numbers of the functions in the order in which they were entered */
export function walkOf(entered: readonly number[], places: readonly FunctionPlace[]): Walk {
	const files = entered.map((index) => places[index]?.file ?? "?");
	return {
		entries: entered.length,
		functions: new Set(entered).size,
		files: new Set(files).size,
		changesOfFile: files.filter((file, index) => index > 0 && file !== files[index - 1]).length,
	};
}

/** A walk as lines: every file as it is come to, with the functions entered there until another is. */
export function linesOf(entered: readonly number[], places: readonly FunctionPlace[]): string[] {
	const stays: { file: string; names: string[] }[] = [];
	for (const index of entered) {
		const { file, name } = places[index] ?? { file: "?", name: "?" };
		const stay = stays.at(-1);
		if (stay?.file === file) stay.names.push(name);
		else stays.push({ file, names: [name] });
	}
	return stays.map(({ file, names }) => `${file}: ${counted(names).join(", ")}`);
}

/** Names with how often they come in a row. */
function counted(names: readonly string[]): string[] {
	const runs: { name: string; times: number }[] = [];
	for (const name of names) {
		const run = runs.at(-1);
		if (run?.name === name) run.times += 1;
		else runs.push({ name, times: 1 });
	}
	return runs.map(({ name, times }) => (times === 1 ? name : `${name} ×${times}`));
}
