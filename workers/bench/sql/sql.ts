/**
 * `npm run bench:sql`: what the statements of one chat turn cost SQLite itself: prepared and run natively by Node's SQLite,
 * on a database file with 10,000 sessions. Nothing is kept, so every round finds the same rows; a commit is not timed.
 * Options: --tree PATH (default this one), --only TEXT (default "chat keyed"), --rounds N (default 300).
 */
import { parseArgs } from "node:util";
import type { DatabaseSync } from "node:sqlite";
import { ROOT } from "../../local/root.ts";
import { median } from "../measure.ts";
import { CASES } from "../own/cases.ts";
import { builtTree, record } from "../own/prepare.ts";
import type { StatementRun } from "../own/recording.ts";
import { nativeDatabase } from "./database.ts";

const { values: options } = parseArgs({
	options: {
		tree: { type: "string", default: ROOT },
		only: { type: "string", default: "chat keyed" },
		rounds: { type: "string", default: "300" },
	},
});
const rounds = Number(options.rounds);
const SESSIONS = 10_000;
/** Rounds before those that count. */
const WARM_UPS = 20;
const SHOWN_CHARS = 60;

interface Timing {
	prepareUs: number;
	runUs: number;
	rows: number;
}

/** The statements of a turn in order, within one transaction that is rolled back. */
function turn(db: DatabaseSync, runs: readonly StatementRun[]): Timing[] {
	db.exec("BEGIN IMMEDIATE");
	try {
		return runs.map(({ sql, params }) => {
			const began = performance.now();
			const statement = db.prepare(sql);
			const prepared = performance.now();
			const rows = statement.all(...params).length;
			return { prepareUs: (prepared - began) * 1000, runUs: (performance.now() - prepared) * 1000, rows };
		});
	} finally {
		db.exec("ROLLBACK");
	}
}

function summary(sql: string): string {
	const text = sql.replace(/\s+/g, " ").trim();
	return text.length <= SHOWN_CHARS ? text : `${text.slice(0, SHOWN_CHARS)}…`;
}

const tree = builtTree(options.tree, { minify: true });
const { db, close } = await nativeDatabase(tree, SESSIONS);
try {
	for (const one of CASES.filter(({ name }) => name.includes(options.only))) {
		const { lastRuns } = await record(tree, one);
		const all = Array.from({ length: WARM_UPS + rounds }, () => turn(db, lastRuns)).slice(WARM_UPS);
		console.log(`\n${one.name} of ${options.tree}, ${SESSIONS} sessions, medians of ${rounds} rounds\n`);
		console.log("| statement | characters | prepare us | run us | rows |\n|---|---|---|---|---|");
		for (const [index, { sql }] of lastRuns.entries()) {
			const cells = (["prepareUs", "runUs"] as const).map((key) =>
				median(all.map((timings) => timings[index]?.[key] ?? Number.NaN)).toFixed(0),
			);
			console.log(`| ${summary(sql)} | ${sql.length} | ${cells.join(" | ")} | ${all[0]?.[index]?.rows} |`);
		}
		const totals = (["prepareUs", "runUs"] as const).map((key) =>
			median(all.map((timings) => timings.reduce((sum, timing) => sum + timing[key], 0))).toFixed(0),
		);
		const chars = lastRuns.reduce((sum, { sql }) => sum + sql.length, 0);
		console.log(`| in all | ${chars} | ${totals.join(" | ")} | |`);
	}
} finally {
	close();
}
process.exit();
