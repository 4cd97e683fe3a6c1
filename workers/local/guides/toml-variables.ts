import { parse } from "smol-toml";
import { isObject } from "../../lib/http/json.ts";

/** A variable as a toml says it. */
export interface TomlVariable {
	/** Of the environment that it is of, such as conversation; "" = the top level. */
	environment: string;
	name: string;
	value: unknown;
	/** What its line says of it; undefined where it says nothing. */
	comment: string | undefined;
}

/** The lines of the [vars] tables of a toml; a comment is what can be cut off so that the same value is left. */
export function tomlVariables(text: string): TomlVariable[] {
	return text.split(/^(?=\[)/m).flatMap((section) => {
		const environment = /^\[(?:env\.([\w-]+)\.)?vars\]/.exec(section);
		if (environment === null) return [];
		const lines = section.split("\n").filter((line) => /^\w/.test(line));
		return lines.map((line) => ({ environment: environment[1] ?? "", ...variableOf(line) }));
	});
}

function variableOf(line: string): Omit<TomlVariable, "environment"> {
	const [[name, value] = ["", undefined]] = Object.entries(parse(line));
	const cuts = [...line.matchAll(/ # ?(?=\S)/g)]
		.map(({ index }) => index)
		.filter((index) => isSame(line.slice(0, index), name, value));
	return { name, value, comment: cuts[0] === undefined ? undefined : line.slice(cuts[0] + 2).trim() };
}

function isSame(line: string, name: string, value: unknown): boolean {
	try {
		const table: unknown = parse(line);
		return isObject(table) && JSON.stringify(table[name]) === JSON.stringify(value);
	} catch {
		return false;
	}
}
