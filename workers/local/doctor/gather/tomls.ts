import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { parse } from "smol-toml";
import { WORKERS } from "../../check/deployments.ts";
import { ROOT } from "../../root.ts";
import type { Block, Deployment, Place } from "../facts.ts";
import { table } from "../tables.ts";

/** Every deployment of the tomls in a folder. @throws {Error} a file is missing or no TOML */
export function readBlocks(folder: string): Block[] {
	return WORKERS.flatMap(({ folder: of, config }) => {
		const toml = table(parse(readFileSync(join(folder, config), "utf8")));
		const { env, ...top } = toml;
		const others = Object.entries(table(env)).map(
			([name, value]): Block => ({ title: `${of} ${name}`, folder: of, config, name, table: table(value) }),
		);
		return [{ title: of, folder: of, config, name: "", table: top }, ...others];
	});
}

/**
 * The deployments of a place with what their variables say there.
 * @param overrides over every worker's variables of these names: what a local run changes
 */
export function deploymentsOf(
	blocks: readonly Block[],
	place: Place,
	overrides: ReadonlyMap<string, string>,
): Deployment[] {
	const isStaging = ({ name }: Block): boolean => name.startsWith("staging");
	return blocks
		.filter((block) => isStaging(block) === (place === "staging"))
		.map((block) => ({
			...block,
			variables: new Map(
				Object.entries(table(block.table["vars"])).map(([name, value]) => [name, overrides.get(name) ?? textOf(value)]),
			),
			secretNames: secretNames(block.folder),
		}));
}

/** As a worker is given it; a table of TOML comes as JSON. */
function textOf(value: unknown): string {
	return typeof value === "string" ? value : JSON.stringify(value);
}

/** What a worker's code may be given as secrets. */
export function secretNames(folder: string): string[] {
	return Object.keys(parseEnv(readFileSync(join(ROOT, "workers", folder, "secrets.example"), "utf8")));
}
