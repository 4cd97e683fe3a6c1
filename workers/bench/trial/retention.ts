import { SWEEP_CRON } from "../../lib/site/sweep/sweep-cron.ts";
import { startBench } from "../harness.ts";
import type { Bench } from "../harness.ts";
import { fire, median } from "../measure.ts";
import { printFindings } from "./parts/trial.ts";
import type { TrialOptions } from "./parts/trial.ts";

export const title = "What turns take while a database full of old sessions is erased";
export const minutes = 4;

/** Old sessions, unless `--sessions` says otherwise. */
const SESSIONS = 100_000;
const CHUNK = 20_000;
const DAILY_CRON = "17 3 * * *";
/** Turns before those that count, and those of a phase without retention. */
const WARM_UPS = 100;
const TURNS = 200;
const MAX_RATIO = 2;
/** More runs than these mean that it does not end. */
const MAX_RUNS = 100;

/** Sessions that are past their period, each with 2 to 8 messages, their ages by the seed. */
function oldSessionsSql(from: number, to: number, seed: number): string {
	return `
		INSERT INTO chat_sessions (id, org_id, site_id, visitor_id, started_at, last_message_at, last_active_date, message_count)
		WITH RECURSIVE n (i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${to})
		SELECT 'old-' || i, 'org_chadis', 'site_chadis', 'visitor_' || i, t, t, substr(t, 1, 10), 2 * (1 + (i * 7 + ${seed}) % 4)
		FROM (SELECT i, strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-' || (8640000 + (i * 7919 + ${seed} * 104729) % 8640000) || ' seconds') AS t FROM n);
		INSERT INTO chat_messages (id, org_id, session_id, role, content, created_at)
		SELECT c.id || '-' || part.value, c.org_id, c.id, iif(part.value % 2, 'user', 'assistant'), 'What are your opening hours on Saturdays and Sundays?', c.started_at
		FROM chat_sessions c JOIN json_each('[1,2,3,4,5,6,7,8]') part ON part.value <= c.message_count
		WHERE c.id IN (WITH RECURSIVE n (i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${to}) SELECT 'old-' || i FROM n);
	`;
}

/** Turns one after the other for as long as asked, each of a visitor of its own. @returns their times, ms */
async function turns(bench: Bench, goesOn: (turns: number) => boolean): Promise<number[]> {
	const times: number[] = [];
	const headers = { "Content-Type": "application/json", "X-Site-Key": "sk_chadis_live_abc123" };
	while (goesOn(times.length)) {
		const body = JSON.stringify({
			message: `How do I reset my password, ${times.length}?`,
			visitor_id: crypto.randomUUID(),
		});
		times.push((await fire({ url: bench.url("chat"), method: "POST", headers, body })).totalMs);
	}
	return times;
}

const left = (bench: Bench) => bench.count("SELECT COUNT(*) AS n FROM chat_sessions WHERE id LIKE 'old-%'");

/** The daily run and as many of the five minutes' as it takes, without the waiting in between. @returns ms of each */
async function erase(bench: Bench): Promise<number[]> {
	const runs: number[] = [];
	while (runs.length < MAX_RUNS && (runs.length === 0 || (await left(bench)) > 0)) {
		const began = performance.now();
		await bench.schedule(runs.length === 0 ? DAILY_CRON : SWEEP_CRON);
		runs.push(performance.now() - began);
	}
	return runs;
}

function row(times: readonly number[]) {
	const sorted = [...times].sort((a, b) => a - b);
	const p95 = sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN;
	return { turns: times.length, "p50 ms": median(times).toFixed(1), "p95 ms": p95.toFixed(1) };
}

/**
 * The seed says how old each session is. `minutes` has no say: it ends when all are erased.
 * @returns whether nothing old is left and the turns' p50 stayed within twice that without retention
 */
export async function run({ seed, sessions = SESSIONS }: TrialOptions): Promise<boolean> {
	const bench = await startBench();
	try {
		for (let from = 0; from < sessions; from += CHUNK)
			await bench.run(oldSessionsSql(from, Math.min(sessions, from + CHUNK), seed));
		await turns(bench, (n) => n < WARM_UPS);
		const before = await turns(bench, (n) => n < TURNS);
		let isErasing = true;
		const erasing = erase(bench).finally(() => {
			isErasing = false;
		});
		const during = await turns(bench, () => isErasing);
		const runs = await erasing;
		const after = await turns(bench, (n) => n < TURNS);
		console.table({ before: row(before), "while it erases": row(during), after: row(after) });
		const seconds = runs.reduce((sum, ms) => sum + ms, 0) / 1000;
		console.log(`${sessions} sessions in ${runs.length} runs of ${seconds.toFixed(0)} s in all`);
		const ratio = median(during) / median([...before, ...after]);
		return printFindings([
			{ promise: "old sessions left", expected: 0, found: await left(bench) },
			{
				promise: `p50 within ${MAX_RATIO} times that without (it is ${ratio.toFixed(2)})`,
				expected: "yes",
				found: ratio <= MAX_RATIO ? "yes" : "no",
			},
		]);
	} finally {
		await bench.stop();
	}
}
