/**
 * `npm run bench:trace`: how far a request goes through our sources: the functions it enters, the files they are in, and how
 * often the next function is in another file than the one before. Every function of the sources that has a name gets a probe at
 * its beginning, and the worker serves the request over a real D1. What it does after its response counts; what modules do once
 * does not, nor does a function that waits and goes on.
 * Options: --tree PATH (default this one), --only TEXT (default "chat"), --path (prints the way itself).
 */
import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { transform } from "esbuild";
import type { Plugin } from "esbuild";
import { ROOT } from "../../local/root.ts";
import { CASES } from "../own/cases.ts";
import { builtTree, record } from "../own/prepare.ts";
import { PROBE_LIST, withProbes } from "./probes.ts";
import type { FunctionPlace } from "./probes.ts";
import { linesOf, walkOf } from "./walk.ts";

const { values: options } = parseArgs({
	options: {
		tree: { type: "string", default: ROOT },
		only: { type: "string", default: "chat" },
		path: { type: "boolean", default: false },
	},
});

const places: FunctionPlace[] = [];

/** Our sources with probes; packages stay as they are. */
function probesPlugin(root: string): Plugin {
	return {
		name: "probes",
		setup({ onLoad }) {
			onLoad({ filter: /[\\/]workers[\\/].*\.ts$/ }, async ({ path }) => {
				const { code } = await transform(await readFile(path, "utf8"), { loader: "ts", target: "es2024" });
				const file = relative(join(root, "workers"), path);
				return { contents: withProbes(code, file, (place) => places.push(place) - 1), loader: "js" };
			});
		},
	};
}

const tree = builtTree(options.tree, {
	minify: false,
	plugins: [probesPlugin(options.tree)],
	banner: `globalThis.${PROBE_LIST} = [];`,
});
console.log("| case | functions | entries | files | changes of file |\n|---|---|---|---|---|");
for (const one of CASES.filter(({ name }) => name.includes(options.only))) {
	const { lastEntered } = await record(tree, one);
	const { functions, entries, files, changesOfFile } = walkOf(lastEntered, places);
	console.log(`| ${one.name} | ${functions} | ${entries} | ${files} | ${changesOfFile} |`);
	if (options.path) console.log(`\n${linesOf(lastEntered, places).join("\n")}\n`);
}
process.exit();
