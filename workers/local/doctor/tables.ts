import type { Block, Deployment, Table } from "./facts.ts";

/** A value as an object; {} when it is none. */
export function table(value: unknown): Table {
	return typeof value === "object" && value !== null && !Array.isArray(value)
		? Object.fromEntries(Object.entries(value))
		: {};
}

/** The objects of a list. */
export function tables(value: unknown): Table[] {
	return Array.isArray(value) ? value.map(table) : [];
}

/** A text inside objects, "" where there is none. */
export function textAt(value: unknown, ...names: string[]): string {
	const found = names.reduce<unknown>((inner, name) => table(inner)[name], value);
	return typeof found === "string" ? found : "";
}

/** What makes wrangler mean this deployment. */
export function configFlags({ config, name }: Pick<Block, "config" | "name">): string {
	return `--config ${config} ${name === "" ? '--env=""' : `--env ${name}`}`;
}

/** The header of a table inside a block, such as `[[env.staging.ratelimits]]`. */
export function header({ name }: Pick<Block, "name">, key: string, isList = false): string {
	const path = name === "" ? key : `env.${name}.${key}`;
	return isList ? `[[${path}]]` : `[${path}]`;
}

/** The line of a toml that sets a variable, and the command that takes it out to the deployment. */
export function setVariable(block: Block, variable: string, value: string): string {
	const line = `${variable} = ${JSON.stringify(value)} below ${header(block, "vars")} in ${block.config}`;
	return `${line}, then: npx wrangler deploy ${configFlags(block)}`;
}

/** A variable, trimmed, "" where it is blank or missing. */
export function variable({ variables }: Pick<Deployment, "variables">, name: string): string {
	return (variables.get(name) ?? "").trim();
}

/** The items of a comma-separated variable. */
export function items(deployment: Pick<Deployment, "variables">, name: string): string[] {
	return variable(deployment, name)
		.split(",")
		.map((item) => item.trim())
		.filter((item) => item !== "");
}

/** The deployment of a folder; conversations are the second of `voice`. */
export function deploymentOf(
	deployments: readonly Deployment[],
	of: "portal" | "chat" | "voice" | "conversation",
): Deployment | undefined {
	const isConversation = ({ name }: Block): boolean => name.endsWith("conversation");
	if (of === "conversation") return deployments.find(isConversation);
	return deployments.find((one) => one.folder === of && !isConversation(one));
}
