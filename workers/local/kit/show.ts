import { parseDetails, parseEngines, text } from "./answers.ts";
import type { Details, Engine } from "./answers.ts";
import type { Typed } from "./arguments.ts";
import { executeArguments } from "./database.ts";
import type { KitDatabase } from "./database.ts";
import { isSlug } from "./find.ts";
import { idBySlug } from "./sql.ts";
import type { Write } from "./writes.ts";

/** A word as a shell takes it. */
function shellWord(word: string): string {
	return /^[\w./:@=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** What was typed, once more. */
function again(args: readonly string[]): string {
	return ["npm run client --", ...args.map(shellWord)].join(" ");
}

/** Tells what would be written, and the very command; nothing is read, written or asked of the network. */
export function dryRun({ target, words: [named = ""], command }: Typed, database: KitDatabase, write: Write): void {
	const id = isSlug(named) ? idBySlug(named) : named;
	const sql = database.textOf(write.statements(command === "add" ? "" : id));
	const heredoc = executeArguments(target, "").slice(0, -1).map(shellWord).join(" ");
	console.log(
		`This would ${write.would}${command === "add" ? "" : ` ${named}`}, in ${target.name} (${target.flags.slice(2).join(" ")}), by:\n`,
	);
	console.log(`npx wrangler ${heredoc} "$(cat <<'SQL'\n${sql}\nSQL\n)"\n`);
	console.log("Nothing was read or written. To do it, type the same with --yes:");
	console.log(`  ${again([...process.argv.slice(2), "--yes"])}`);
}

/** Tells what was done, and what is to be typed next. */
export async function done(typed: Typed, response: Response): Promise<void> {
	const body: unknown = response.status === 204 ? null : await response.json();
	if (typed.options.json) return console.log(JSON.stringify(body, null, 2));
	const [named = ""] = typed.words;
	if (typed.command === "erase") return console.log(erased(named, text(body, "token"), typed));
	if (typed.command === "engine") return console.log(parseEngines(body).flatMap(engineLines).join("\n"));
	console.log(`Done.\n${detailLines(parseDetails(body), typed).join("\n")}`);
}

function erased(named: string, token: string, { place, options }: Typed): string {
	const who = options.as === undefined ? "" : ` --as ${options.as}`;
	if (token !== "")
		return `Within 15 minutes, type this to erase ${named} with everything, for good:\n  npm run client -- erase ${named} --token ${token} ${place}${who} --yes`;
	return `${named} is erased: its keys are refused from now on, and its rows go by the portal's runs of every five minutes. Delete its organization at Clerk and its customer at Stripe by hand.`;
}

/** What of a client is set up, and what is to be typed next. */
export function detailLines(client: Details, typed: Typed): string[] {
	const { id, name, slug, plan, status, clerkOrgId, stripe, knowledge, engines, steps } = client;
	const lastActive = engines
		.flatMap(({ lastActive: at }) => at ?? [])
		.sort()
		.at(-1);
	return [
		`${name} (${id}, slug ${slug})`,
		`  plan       ${plan}, ${status}; at Stripe: ${stripe}`,
		`  Clerk      ${clerkOrgId ?? "not tied"}`,
		`  knowledge  ${knowledge === 0 ? "none" : `${knowledge} entries`}`,
		`  active     ${lastActive ?? "never"}`,
		...engines.flatMap(engineLines),
		...(steps.length === 0 ? ["  Nothing is left to do."] : ["  Next:"]),
		...steps.flatMap(({ step, message }) => [`  - ${message}`, ...commandOf(step, client, typed)]),
	];
}

function engineLines({ id, name, status, environment, siteKey, origins, embed }: Engine): string[] {
	return [
		`  engine     ${name} (${id}): ${environment}, ${status}, ${origins === null ? "open to any https page" : `for ${origins.join(" ") || "no page"}`}`,
		`             key ${siteKey}`,
		...(embed === null || environment !== "live" ? [] : [`             ${embed}`]),
	];
}

/** What to type for a step that a shell can do. */
function commandOf(step: string, { id, engines }: Details, { place, target }: Typed): string[] {
	const open = engines.find(
		({ environment, origins, status }) => environment === "live" && origins === null && status === "active",
	);
	const paused = engines.find(({ environment, status }) => environment === "live" && status === "paused");
	const site = (set: string, of: string) => {
		const sql = `UPDATE portal_sites SET ${set} WHERE id = '${of}'`;
		return [`      npx wrangler ${executeArguments(target, sql).map(shellWord).join(" ")}`];
	};
	const change = (options: string) => [`      npm run client -- change ${id} ${options} ${place}`];
	if (step === "restrict_origins" && open !== undefined)
		return site("allowed_origins = json_array('https://www.client.com')", open.id);
	if (step === "resume_engines" && paused !== undefined) return site("status = 'active'", paused.id);
	if (step === "tie_clerk") return change("--clerk-org-id org_2…");
	if (step === "set_price") return change("--price 99.00");
	if (step === "subscribe") return change("--lock");
	return [];
}

/** Micro-USD as people read them. */
export function usd(micros: number): string {
	return `${(micros / 1_000_000).toFixed(2)} USD`;
}

/** Columns as wide as their widest cell. */
export function table(rows: readonly string[][]): string {
	const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
	return rows
		.map((row) =>
			row
				.map((cell, column) => cell.padEnd(widths[column] ?? 0))
				.join("  ")
				.trimEnd(),
		)
		.join("\n");
}
