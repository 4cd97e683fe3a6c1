import { isDeepStrictEqual } from "node:util";
import type { Block, Facts, Table } from "../facts.ts";
import { fix, unlessFaulty, warn } from "../finding.ts";
import type { Finding } from "../finding.ts";
import { configFlags, header, setVariable, table, tables } from "../tables.ts";

const CHECK = "tomls";
/** What a toml says once for all its environments. */
const SAID_ONCE = [
	...["name", "main", "compatibility_date", "compatibility_flags", "keep_vars", "minify", "keep_names"],
	...["upload_source_maps", "build", "alias", "env", "$schema"],
];
/** Variables in which environments are meant to differ. */
const OWN = [
	...["ENVIRONMENT", "PORTAL_ORIGINS", "PORTAL_URL", "CLERK_AUTHORIZED_PARTIES", "CLERK_JWT_KEY", "STAFF_USER_IDS"],
	...[
		"CHAT_BASE_URL",
		"VOICE_BASE_URL",
		"CONVERSATION_BASE_URL",
		"CONVERSATION",
		"ELEVENLABS_AGENT_ID",
		"LEGACY_ORIGINS",
	],
	...["ELEVENLABS_ZERO_RETENTION_AGENTS", "VERTEX_PROJECT"],
];

/** Whether each environment says everything that the block has whose copy it is: it inherits none of it. */
export function judgeTomls({ blocks }: Facts): Finding[] {
	const faults = blocks.flatMap((block) => {
		const original = originalOf(block, blocks);
		const same = original === undefined ? [] : [...compareKeys(block, original), ...compareVariables(block, original)];
		return [...judgeEnvironment(block), ...same, ...(original === undefined ? [] : compareLimiters(block, original))];
	});
	return unlessFaulty(faults, CHECK, `The ${blocks.length} deployments say the same, but for what is each one's own.`);
}

/** The block that an environment repeats: production's, and for conversations' staging that of conversations. */
function originalOf({ folder, name }: Block, blocks: readonly Block[]): Block | undefined {
	if (name === "") return undefined;
	const original = name.startsWith("staging-") ? name.slice("staging-".length) : "";
	return blocks.find((other) => other.folder === folder && other.name === original);
}

function judgeEnvironment(block: Block): Finding[] {
	const wanted = block.name.startsWith("staging") ? "staging" : "production";
	const said = table(block.table["vars"])["ENVIRONMENT"];
	if (said === wanted) return [];
	return [
		fix(
			CHECK,
			`${block.title} calls itself ${String(said)}, and is ${wanted}.`,
			setVariable(block, "ENVIRONMENT", wanted),
		),
	];
}

function compareKeys(block: Block, original: Block): Finding[] {
	const own = (of: Table): string[] => Object.keys(of).filter((key) => !SAID_ONCE.includes(key));
	return own(original.table)
		.filter((key) => !Object.hasOwn(block.table, key))
		.map((key) =>
			fix(
				CHECK,
				`${block.title} has no ${key}, as ${original.title} does.`,
				copyTo(block, key, key === "vars" ? "" : " with values of its own"),
			),
		);
}

function copyTo(block: Block, key: string, remark: string): string {
	return `copy ${key} to ${header(block, key)} in ${block.config}${remark}, then: npx wrangler deploy ${configFlags(block)}`;
}

function compareVariables(block: Block, original: Block): Finding[] {
	const [here, there] = [table(block.table["vars"]), table(original.table["vars"])];
	const missing = Object.keys(there).filter((name) => !Object.hasOwn(here, name));
	const added = Object.keys(here).filter((name) => !Object.hasOwn(there, name));
	const differing = Object.keys(there).filter(
		(name) => Object.hasOwn(here, name) && !OWN.includes(name) && !isDeepStrictEqual(here[name], there[name]),
	);
	return [
		...missing.map((name) =>
			fix(CHECK, `${block.title} has no variable ${name}.`, setVariable(block, name, String(there[name]))),
		),
		...added.map((name) =>
			warn(
				CHECK,
				`${block.title} has a variable ${name} that ${original.title} has not.`,
				setVariable(original, name, String(here[name])),
			),
		),
		...differing.map((name) =>
			warn(
				CHECK,
				`${name} of ${block.title} is not as in ${original.title}.`,
				setVariable(block, name, String(there[name])),
			),
		),
	];
}

function compareLimiters(block: Block, original: Block): Finding[] {
	const here = tables(block.table["ratelimits"]);
	return tables(original.table["ratelimits"]).flatMap(({ name, simple }) => {
		const same = here.find((limiter) => limiter["name"] === name);
		const title = `${header(block, "ratelimits", true)} ${String(name)} of ${block.config}`;
		const deploy = `npx wrangler deploy ${configFlags(block)}`;
		if (same === undefined)
			return [fix(CHECK, `${block.title} has no limiter ${String(name)}.`, `add ${title}, then: ${deploy}`)];
		if (isDeepStrictEqual(same["simple"], simple)) return [];
		return [
			warn(
				CHECK,
				`${String(name)} of ${block.title} is not as tight as in ${original.title}.`,
				`simple = ${inline(simple)} in ${title}, then: ${deploy}`,
			),
		];
	});
}

function inline(value: unknown): string {
	const pairs = Object.entries(table(value)).map(([name, inner]) => `${name} = ${String(inner)}`);
	return `{ ${pairs.join(", ")} }`;
}
