/**
 * `npm run bench:find`: rows that D1 reads for a page of conversations, by filter and by words, of a database with 10,000 messages and
 * of one with 1,000,000; and how long the run of every five minutes takes to index. Option: --messages N (default both).
 */
import { parseArgs } from "node:util";
import { SWEEP_CRON } from "../../lib/site/sweep/sweep-cron.ts";
import { ROOT } from "../../local/root.ts";
import { builtTree } from "../own/prepare.ts";
import { startRecorder } from "../own/record.ts";
import type { Recorder } from "../own/record.ts";
import type { Database } from "../knowledge/orgs.ts";
import { fillConversations, leaveUnindexed } from "./fill.ts";

const { values: options } = parseArgs({ options: { messages: { type: "string" } } });
const SIZES = options.messages === undefined ? [10_000, 1_000_000] : [Number(options.messages)];
const LIMIT = 25;
const PAGES = 50;
/** What one run indexes. */
const RUN_MESSAGES = 3000;
const RUNS = 5;

const QUERIES = [
	"",
	"rating=down",
	"unanswered=true",
	"unanswered=false",
	"has_lead=true",
	"has_lead=false",
	"has_lead=true&rating=up",
	"rating=down&engine_id=site_chadis",
	"q=opening",
	"q=parking",
	"q=braces",
	"q=rareword",
	"q=opening+parking",
	"q=parking+insurance",
	"q=opening+rareword",
	"q=opening+parking+insurance+crown",
	"q=anaesthesia+toddler",
	"q=nowhere",
	"q=opening+nowhere",
	"q=parking&rating=down",
	"q=parking&has_lead=true&unanswered=true",
];

interface Page {
	conversations: number;
	rows: number;
	next: string | null;
}

/** Pages of a query until the last, or the fiftieth. */
async function pagesOf(recorder: Recorder, query: string): Promise<Page[]> {
	const before = (await recorder.told()).runs.length;
	const pages: Omit<Page, "rows">[] = [];
	for (let next: string | null = ""; next !== null && pages.length < PAGES; ) {
		const cursor: string = next === "" ? "" : `&cursor=${next}`;
		const response = await fetch(`${recorder.url}/portal/conversations?limit=${LIMIT}&${query}${cursor}`, {
			headers: { Authorization: `Bearer ${recorder.token}` },
		});
		const body: { conversations: unknown[]; next_cursor: string | null } = JSON.parse(await response.text());
		next = body.next_cursor;
		pages.push({ conversations: body.conversations.length, next });
	}
	const trips = Map.groupBy((await recorder.told()).runs.slice(before), ({ roundTrip }) => roundTrip);
	const rows = [...trips.values()].map((runs) => runs.reduce((sum, run) => sum + Number(run.result.meta.rows_read), 0));
	if (rows.length !== pages.length) throw new Error(`${pages.length} pages took ${rows.length} round trips`);
	return pages.map((page, index) => ({ ...page, rows: rows[index] ?? 0 }));
}

async function measure(messages: number): Promise<void> {
	const tree = builtTree(ROOT, { minify: true });
	const portal = await tree.source("portal");
	let database: Database | undefined;
	const recorder = await startRecorder(ROOT, portal, portal, {
		async prepare(db) {
			database = db;
			await fillConversations(db, messages);
		},
	});
	try {
		const terms = await database?.prepare("SELECT COUNT(*) AS n FROM session_terms").first("n");
		console.log(`\n${messages} messages, ${String(terms)} rows of terms; ${LIMIT} to a page\n`);
		console.log(
			"| query | pages | on the first | rows of the first | of the last read | most |\n|---|---|---|---|---|---|",
		);
		for (const query of QUERIES) {
			const pages = await pagesOf(recorder, query);
			const last = pages.at(-1);
			const count = `${pages.length}${last?.next === null ? "" : ", more"}`;
			const most = Math.max(...pages.map(({ rows }) => rows));
			const [first] = pages;
			console.log(
				`| ${query === "" ? "none" : `\`${query}\``} | ${count} | ${first?.conversations} | ${first?.rows} | ${last?.rows} | ${most} |`,
			);
		}
		if (database !== undefined) await indexing(recorder, database, Math.min(messages, RUNS * RUN_MESSAGES));
	} finally {
		await recorder.stop();
	}
}

/** Indexes the newest messages anew, run by run. */
async function indexing(recorder: Recorder, db: Database, messages: number): Promise<void> {
	await leaveUnindexed(db, messages);
	const times: number[] = [];
	for (let left = messages; left > 0; left -= RUN_MESSAGES) {
		const begun = performance.now();
		await recorder.schedule(SWEEP_CRON);
		times.push(Math.round(performance.now() - begun));
	}
	console.log(`\n${messages} messages indexed in runs of ${times.join(", ")} ms`);
}

for (const messages of SIZES) await measure(messages);
