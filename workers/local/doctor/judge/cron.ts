import type { Block, CronRow, Facts } from "../facts.ts";
import { fix, unlessFaulty, warn } from "../finding.ts";
import type { Finding } from "../finding.ts";
import { cronRow } from "../gather/database.ts";
import { configFlags, table, tables } from "../tables.ts";
import { isStatus } from "./reply.ts";

const CHECK = "cron";
const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;
/** A run of every few minutes may be missed twice, and take its time, before somebody has to look. */
const SLACK_MS = 10 * MINUTE_MS;
const DAILY_SLACK_MS = 120 * MINUTE_MS;

/** Whether each scheduled run has come to its end of late. A local run has its own times, and none while it does not run. */
export function judgeCrons(facts: Facts): Finding[] {
	const rows = rowsOf(facts);
	if (facts.place === "local" || rows === undefined) return [];
	const expected = facts.deployments.flatMap((block) =>
		cronsOf(block).map((cron) => ({
			block,
			cron,
			row: rows.find((row) => row.worker === workerOf(block) && row.cron === cron),
		})),
	);
	const faults = expected.flatMap(({ block, cron, row }) => judgeRun(block, cron, row, facts.now));
	return unlessFaulty(faults, CHECK, `Each of ${expected.length} scheduled runs has ended when it should.`);
}

/** From the database, or else as the portal tells them. */
function rowsOf({ database, setup }: Facts): CronRow[] | undefined {
	if ("value" in database) return database.value.content?.crons;
	return isStatus(setup, 200) ? tables(table(setup.body)["crons"]).map(cronRow) : undefined;
}

function cronsOf({ table: toml }: Block): string[] {
	const { crons } = table(toml["triggers"]);
	return Array.isArray(crons) ? crons.map(String) : [];
}

/** A deployment's name in `cron_runs`: that of its code, whatever its environment. */
function workerOf({ folder, name }: Block): string {
	if (folder === "portal") return "koby-portal";
	if (folder === "chat") return "chadis-chat";
	return name.endsWith("conversation") ? "chadis-voice-conversation" : "chadis-voice";
}

function judgeRun(block: Block, cron: string, row: CronRow | undefined, now: number): Finding[] {
	const mend = `npx wrangler deploy ${configFlags(block)}, then watch: npx wrangler tail ${configFlags(block)}`;
	const title = `The run "${cron}" of ${String(block.table["name"])}`;
	const isDaily = intervalMs(cron) === DAY_MS;
	if (row === undefined) {
		const message = `${title} has never come to its end.`;
		return [isDaily ? warn(CHECK, message, mend) : fix(CHECK, message, mend)];
	}
	const lateMs = now - row.endedAt - intervalMs(cron);
	if (lateMs <= (isDaily ? DAILY_SLACK_MS : SLACK_MS)) return [];
	return [fix(CHECK, `${title} last came to its end ${new Date(row.endedAt).toISOString()}.`, mend)];
}

/** The time between two runs: of every few minutes, or of once a day. */
function intervalMs(cron: string): number {
	const [minutes = "", hours = ""] = cron.split(" ");
	if (minutes === "*") return MINUTE_MS;
	const every = /^\*\/(\d{1,2})$/.exec(minutes)?.[1];
	if (every !== undefined && hours === "*") return Number(every) * MINUTE_MS;
	return DAY_MS;
}
