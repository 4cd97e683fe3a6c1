import { setTimeout as pause } from "node:timers/promises";
import { createClient } from "../../local/test/local-client.ts";
import { createFolder, removeFolder, rows, startLocal } from "../../local/test/local-run.ts";
import type { LocalRun } from "../../local/test/local-run.ts";

const STREAMS = 30;
/** After this long the sweep may settle a turn that nobody has ended, ms; the start of a local run sweeps. */
const EXPIRY_MS = 125_000;
const KEY = "sk_chadis_live_abc123";

/**
 * `npm run trial kill`: kills every process of a local run in the middle of 30 streamed answers, starts it again when the turns'
 * time is over, and prints what is left. Exit code 1 where a reservation or a question is lost, or the database is damaged.
 */
async function main(): Promise<void> {
	const folder = createFolder();
	try {
		const first = await startLocal(folder);
		const start = state(folder);
		const ends = await killInStreams(first);
		const killed = state(folder);
		await pause(EXPIRY_MS);
		const run = await startLocal(folder);
		const after = state(folder);
		await run.interrupt();
		console.table({ "before the streams": start, "after the kill": killed, "after the sweep": after });
		console.log(`streams that had ended before: ${ends}`);
		const isWhole =
			after.questions === STREAMS &&
			after.turns === 0 &&
			after.reserved - start.reserved === after.answers &&
			after.counted - start.counted === after.answers &&
			after.errors - start.errors + after.answers === STREAMS &&
			after.integrity === "ok" &&
			after.foreignKeys === 0;
		console.log(isWhole ? "Nothing is lost." : "Something is lost: see the table.");
		process.exitCode = isWhole ? 0 : 1;
	} finally {
		removeFolder(folder);
	}
}

/** @returns how many streams had ended when the run was killed */
async function killInStreams(run: LocalRun): Promise<number> {
	const client = createClient(run.origin);
	let [begun, ended] = [0, 0];
	const streams = Array.from({ length: STREAMS }, async (_, n) => {
		const body = { message: `Trial ${n}: ${"please tell me everything ".repeat(40)}`, visitor_id: `trial-${n}` };
		const response = await client.post("/chat/", body, { "X-Site-Key": KEY, Accept: "text/event-stream" });
		let text = "";
		for await (const chunk of response.body ?? []) {
			if (text.includes("event: delta")) continue;
			text += new TextDecoder().decode(chunk);
			if (text.includes("event: delta")) begun++;
		}
		ended++;
	});
	const all = Promise.allSettled(streams);
	while (begun < STREAMS) await pause(5);
	const before = ended;
	for (const pid of run.processes()) process.kill(pid, "SIGKILL");
	await all;
	return before;
}

function state(folder: string) {
	const number = (sql: string): number => Number(rows(folder, sql)[0]?.n);
	const ours = "session_id IN (SELECT id FROM chat_sessions WHERE visitor_id LIKE 'trial-%')";
	return {
		questions: number(`SELECT COUNT(*) AS n FROM chat_messages WHERE role = 'user' AND ${ours}`),
		answers: number(
			`SELECT COUNT(*) AS n FROM chat_messages WHERE role = 'assistant' AND finish <> 'pending' AND ${ours}`,
		),
		pending: number(`SELECT COUNT(*) AS n FROM chat_messages WHERE finish = 'pending' AND ${ours}`),
		turns: number("SELECT COUNT(*) AS n FROM turns"),
		reserved: number(`SELECT COALESCE(SUM(messages), 0) AS n FROM usage_daily WHERE org_id = 'org_chadis'`),
		counted: number(`SELECT COALESCE(SUM(messages), 0) AS n FROM metrics_daily WHERE org_id = 'org_chadis'`),
		errors: number(`SELECT COALESCE(SUM(errors), 0) AS n FROM metrics_daily WHERE org_id = 'org_chadis'`),
		integrity: String(rows(folder, "PRAGMA integrity_check")[0]?.integrity_check),
		foreignKeys: rows(folder, "PRAGMA foreign_key_check").length,
	};
}

await main();
