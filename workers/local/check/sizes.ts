import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { TEXT_FILES } from "./deployments.ts";

export const KIB = 1024;

/** A row of the table that ends the run, KiB gzip. */
export interface Size {
	name: string;
	whole: number;
	/** Without what is text for a reader, see TEXT_FILES. */
	counted: number;
	limit: number;
}

export function gzipBytes(text: string): number {
	return gzipSync(text, { level: 9 }).length;
}

/** The weight of a bundle as wrangler leaves it in a folder, and of what of it counts, KiB gzip. */
export function bundleSize(folder: string): { whole: number; counted: number } {
	const script = readFileSync(join(folder, "index.js"), "utf8");
	const map = new SourceMap(JSON.parse(readFileSync(join(folder, "index.js.map"), "utf8")));
	return { whole: gzipBytes(script) / KIB, counted: gzipBytes(countedPart(script, map)) / KIB };
}

/** A bundle without the stretches that its source map traces to files that do not count. */
function countedPart(script: string, map: SourceMap): string {
	const isCounted = new Map<string, boolean>();
	const counts = (file: string): boolean => {
		const known = isCounted.get(file) ?? !TEXT_FILES.some((pattern) => pattern.test(file));
		isCounted.set(file, known);
		return known;
	};
	const lines = script.split("\n").map((line, row) =>
		line
			.split("")
			.filter((_, column) => counts(sourceAt(map, row, column)))
			.join(""),
	);
	return lines.join("\n");
}

/** The file that a place of the bundle comes from; "" = the bundler's own. */
function sourceAt(map: SourceMap, row: number, column: number): string {
	const entry = map.findEntry(row, column);
	return "originalSource" in entry ? entry.originalSource : "";
}

/** Prints the table. */
export function printSizes(sizes: readonly Size[]): void {
	console.log("\nbundle, KiB gzip                 whole  counts  limit");
	for (const { name, whole, counted, limit } of sizes.toSorted((one, other) => one.name.localeCompare(other.name))) {
		const cells = [whole.toFixed(1).padStart(6), counted.toFixed(1).padStart(7), String(limit).padStart(6)];
		console.log(`${name.padEnd(32)}${cells.join(" ")}`);
	}
}
