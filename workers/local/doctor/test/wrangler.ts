import { readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

/** What the account of a test holds. */
export interface AccountState {
	databases: { name: string; uuid: string }[];
	/** Names of secrets, by toml and environment, such as `wrangler-voice.toml conversation`. */
	secrets: Record<string, string[]>;
}

/** What a command prints, and how it ends. */
export interface Printed {
	exitCode: number;
	stdout: string;
	stderr: string;
}

/** Wrangler in an account that a test has made up: the commands that the doctor gives, and no other. */
export function wranglerStandIn(account: AccountState, database: DatabaseSync, args: readonly string[]): Printed {
	const command = args.join(" ");
	if (command === "d1 list --json") return json(account.databases);
	const [, config = "", environment = ""] =
		/^secret list --config (\S+) --env=(\S*) --format json$/.exec(command) ?? [];
	if (config !== "") return secrets(account.secrets[`${config} ${environment}`]);
	const [, name = "", sql = ""] =
		/^d1 execute (\S+) --config wrangler-portal\.toml --env=\S* --remote --yes --json --command (.+)$/.exec(command) ??
		[];
	if (name === "") return failed(`Unknown arguments: ${command}`);
	if (!account.databases.some((one) => one.name === name)) return failed(`Couldn't find DB with name '${name}'`);
	return json(sql.split("; ").map((one) => ({ results: database.prepare(one).all(), success: true, meta: {} })));
}

function secrets(names: string[] | undefined): Printed {
	if (names === undefined) return failed("This Worker does not exist on your account. [code: 10007]");
	return json(names.map((name) => ({ name, type: "secret_text" })));
}

function json(value: unknown): Printed {
	return { exitCode: 0, stdout: `${JSON.stringify(value, null, 2)}\n`, stderr: "" };
}

function failed(message: string): Printed {
	return { exitCode: 1, stdout: "", stderr: `\n✘ [ERROR] ${message}\n\n` };
}

// As a program of its own it takes the files of account and database before wrangler's own words.
if (process.argv[1] === import.meta.filename) {
	const [accountFile = "", databaseFile = "", ...args] = process.argv.slice(2);
	const account: AccountState = JSON.parse(readFileSync(accountFile, "utf8"));
	const { exitCode, stdout, stderr } = wranglerStandIn(account, new DatabaseSync(databaseFile), args);
	process.stdout.write(stdout);
	process.stderr.write(stderr);
	process.exitCode = exitCode;
}
