import { readFileSync } from "node:fs";
import { join } from "node:path";
import { WORKERS } from "../check/deployments.ts";
import { ROOT } from "../root.ts";
import { code, markdownTable } from "./table.ts";
import { tomlVariables } from "./toml-variables.ts";
import type { TomlVariable } from "./toml-variables.ts";

/** What the end of a name says of its unit. */
const UNITS: readonly (readonly [ending: RegExp, unit: string])[] = [
	[/_MS$/, "ms"],
	[/_SECONDS$/, "seconds"],
	[/_BYTES$/, "bytes"],
	[/_TOKENS$/, "tokens"],
	[/_USD_MICROS$/, "micro-USD"],
	[/_PRICE$/, "micro-USD per 1,000,000 tokens"],
	[/_(?:SCORE|MARGIN)$/, "percent"],
	[/_LIMIT$/, "requests a UTC day"],
	[/_(?:BASE_URL|API_URL|API_BASE|PORTAL_URL|URL)$/, "URL"],
];
/** A longer value is cut: it stands in the toml. */
const MAX_VALUE_CHARS = 60;

/** The variables of each worker, as the top level of its toml (production) has them, and where a deployment of it differs. */
export function variablesSection(): string {
	return WORKERS.map(({ folder, config }) => {
		const all = tomlVariables(readFileSync(join(ROOT, config), "utf8"));
		const rows = all.filter(({ environment }) => environment === "").map((one) => row(one, all));
		return `### Variables of \`${config}\`\n\nRead by \`workers/${folder}/bindings.ts\`.\n\n${markdownTable(["variable", "default", "unit", "what it is", "elsewhere"], rows)}`;
	}).join("\n\n");
}

function row({ name, value, comment }: TomlVariable, all: readonly TomlVariable[]): string[] {
	const elsewhere = all
		.filter((one) => one.name === name && one.environment !== "")
		.filter((one) => JSON.stringify(one.value) !== JSON.stringify(value))
		.map((one) => `${one.environment}: ${shown(one.value)}`);
	return [
		code(name),
		shown(value),
		UNITS.find(([ending]) => ending.test(name))?.[1] ?? "",
		(comment ?? "").replace(/ \(default [^)]+\)/, ""),
		elsewhere.join("; "),
	];
}

function shown(value: unknown): string {
	const text = typeof value === "string" ? value : JSON.stringify(value);
	if (text === "") return "empty";
	return code(text.length > MAX_VALUE_CHARS ? `${text.slice(0, MAX_VALUE_CHARS)}…` : text);
}
