import { userInfo } from "node:os";
import { parseArgs } from "node:util";
import { DEFAULT_STATE } from "../run/settings.ts";
import type { Target } from "./database.ts";

const DATABASE = "koby-portal-db";

/** What may be typed, for whoever typed something else. */
const USE = `Use: npm run client -- COMMAND [WHICH] --local or --remote [--env staging] [options]
  add "New Client"           a client with its first engine: --slug --plan --status --clerk-org-id --engine NAME --type
                             --origin https://www.client.com (may be repeated) --greeting --instructions --price USD --budget USD
  engine CLIENT "Name"       another engine of a client: --type --origin --no-test
  list                       all clients: --attention any --status --plan --q --sort
  check [CLIENT]             what is set up, and what is to be typed next
  change CLIENT              --name --slug --plan --status --lock --unlock --clerk-org-id --share PERCENT --price USD --budget USD
                             (none takes --clerk-org-id, --price and --budget back)
  close CLIENT               ends its service and keeps its data
  erase CLIENT               erases it with everything: first gives a token, then takes it as --token
A CLIENT is its id or its slug, as list shows them. What writes only says what it would do, until --yes is added.
--as NAME is who the log says it was; --persist-to FOLDER is another local state; --json prints what a program reads.`;

/** What was typed cannot be done; the message says what can be. */
export class Misuse extends Error {}

const COMMANDS = ["add", "engine", "list", "check", "change", "close", "erase"] as const;
type CommandName = (typeof COMMANDS)[number];

const text = { type: "string" } as const;
const flag = { type: "boolean", default: false } as const;
const OPTIONS = {
	...{ local: flag, remote: flag, yes: flag, json: flag, lock: flag, unlock: flag, "no-test": flag },
	...{ env: text, as: text, "persist-to": text, token: text, name: text, slug: text, plan: text, status: text },
	...{ "clerk-org-id": text, engine: text, type: text, greeting: text, instructions: text, price: text },
	...{ budget: text, share: text, attention: text, q: text, sort: text },
	origin: { type: "string", multiple: true },
} as const;

/** The options that each command takes beside those of all. */
const TAKEN: Record<CommandName, readonly string[]> = {
	add: [
		...["slug", "plan", "status", "clerk-org-id", "engine", "type", "origin", "greeting", "instructions"],
		...["price", "budget", "share", "lock"],
	],
	engine: ["type", "origin", "no-test"],
	list: ["attention", "status", "plan", "q", "sort"],
	check: [],
	change: ["name", "slug", "plan", "status", "lock", "unlock", "clerk-org-id", "share", "price", "budget"],
	close: [],
	erase: ["token"],
};
const TAKEN_BY_ALL = ["local", "remote", "env", "as", "persist-to", "yes", "json"];
/** How many words stand behind each command: the least and the most. */
const WORDS: Record<CommandName, [number, number]> = {
	...{ add: [1, 1], engine: [2, 2], list: [0, 0], check: [0, 1], change: [1, 1], close: [1, 1], erase: [1, 1] },
};

/** What was typed. */
export interface Typed {
	command: CommandName;
	words: string[];
	options: ReturnType<typeof parse>["values"];
	target: Target;
	/** Where it acts, for what is to be typed next: `--remote --env staging`. */
	place: string;
	environment: "local" | "production" | "staging";
	/** Who the audit log says it was. */
	userId: string;
}

/** @throws {Misuse} with what to type */
export function readTyped(args: readonly string[]): Typed {
	const { values: options, positionals } = parse(args);
	const [name = "", ...words] = positionals;
	const command = COMMANDS.find((known) => known === name);
	if (command === undefined) throw new Misuse(name === "" ? USE : `There is no command ${name}.\n${USE}`);
	const [least, most] = WORDS[command];
	if (words.length < least || words.length > most)
		throw new Misuse(
			`${command} wants ${least === most ? least : `${least} to ${most}`} words behind it, each in quotes.\n${USE}`,
		);
	const given = Object.entries(options).filter(([, value]) => value !== undefined && value !== false);
	const odd = given
		.map(([option]) => option)
		.filter((option) => ![...TAKEN[command], ...TAKEN_BY_ALL].includes(option));
	if (odd.length > 0) throw new Misuse(`${command} does not take --${odd.join(", --")}.\n${USE}`);
	return { command, words, options, ...placeOf(options), userId: `cli:${whoOf(options.as)}` };
}

function parse(args: readonly string[]) {
	try {
		return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
	} catch (error) {
		throw new Misuse(`${error instanceof Error ? error.message : "That cannot be read."}\n${USE}`);
	}
}

/** As `npm run migrate` has it: one of both places, and an environment's own database. */
function placeOf({ local, remote, env, "persist-to": folder }: Typed["options"]) {
	if (local === remote) throw new Misuse(`Say where: add --local or --remote.\n${USE}`);
	if (env !== undefined && (env !== "staging" || local))
		throw new Misuse("--env takes staging, and goes with --remote; without it --remote is production.");
	if (folder !== undefined && !local) throw new Misuse("--persist-to goes with --local.");
	const state = folder ?? process.env.KOBY_STATE_DIR ?? DEFAULT_STATE;
	const persisted = local && state !== DEFAULT_STATE ? ["--persist-to", state] : [];
	const environed = env === undefined ? [] : ["--env", env];
	const place = [local ? "--local" : "--remote", ...environed];
	return {
		target: {
			name: env === undefined ? DATABASE : `${DATABASE}-${env}`,
			flags: ["--config", "wrangler-portal.toml", ...place, ...persisted],
		},
		place: [...place, ...(folder === undefined ? [] : persisted)].join(" "),
		environment: environmentOf(local, env),
	};
}

function environmentOf(local: boolean, env: string | undefined): Typed["environment"] {
	if (local) return "local";
	return env === undefined ? "production" : "staging";
}

function whoOf(as: string | undefined): string {
	const name = as ?? userInfo().username;
	if (/^[A-Za-z0-9_.@-]{1,60}$/.test(name)) return name;
	throw new Misuse("Say who you are: add --as NAME, of letters, digits and _ . @ - alone.");
}
