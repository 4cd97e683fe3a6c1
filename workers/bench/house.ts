/**
 * `npm run house`: the shape of what ships, in numbers, and of each of its rooms. Tests and generated types are left out, the
 * widget's browser script is not. Lines are those of the source, blank ones and comments among them.
 * Arguments: further folders to measure, such as the sources of another project.
 */
import { basename, join, resolve } from "node:path";
import { ROOT } from "../local/root.ts";
import { shapeOf, sourcesIn } from "./tree/shape.ts";
import type { Source } from "./tree/shape.ts";

const ROOMS = ["lib", "portal", "chat", "voice"];

const HEAD = [
	...["code", "files", "over 200 lines", "functions", "median lines", "p90", "longest"],
	...["exports with a docstring", "any and !", "files in circles", "largest folder"],
];

/** The value that a share of the values does not exceed. */
function quantile(values: readonly number[], share: number): number {
	const sorted = values.toSorted((one, other) => one - other);
	return sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
}

async function row(name: string, sources: readonly Source[]): Promise<string> {
	const shape = await shapeOf(sources);
	const { functionLines, exports, documented } = shape;
	const cells = [
		...[name, shape.files, shape.longFiles, functionLines.length],
		...[quantile(functionLines, 0.5), quantile(functionLines, 0.9), quantile(functionLines, 1)],
		`${Math.round((100 * documented) / Math.max(1, exports))} % of ${exports}`,
		...[shape.givenUp, shape.inCircles, shape.largestFolder],
	];
	return `| ${cells.join(" | ")} |`;
}

const rooms = ROOMS.map((room) => join(ROOT, "workers", room));
console.log(`| ${HEAD.join(" | ")} |\n|---${"|---".repeat(HEAD.length - 1)}|`);
console.log(await row("what ships", rooms.flatMap(sourcesIn)));
for (const room of rooms) console.log(await row(basename(room), sourcesIn(room)));
for (const folder of process.argv.slice(2)) console.log(await row(folder, sourcesIn(resolve(folder))));
