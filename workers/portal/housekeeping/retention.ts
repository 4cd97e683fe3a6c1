import { batch, repeatableBatch } from "../../lib/d1/batch.ts";
import { ApiError } from "../../lib/http/errors.ts";
import { log } from "../../lib/log.ts";
import { pause } from "../../lib/time-limit.ts";
import { DAY_MS } from "../../lib/time.ts";
import { STEP_MESSAGES, eraseMessagesStatements } from "../conversations/erase/erase-messages.ts";
import { agedWork } from "./aged-work.ts";
import { COUNTED } from "./erasure.ts";
import type { Counted, Work } from "./erasure.ts";
import { dueOrgs } from "./org-work.ts";
import { beginContinued, beginDaily, endRun, keepSize } from "./retention-state.ts";
import type { DatabaseSize, Permit } from "./retention-state.ts";

// What is old is erased in steps, each a transaction of few rows, with a rest after each: the database answers visitors in
// between. A run has its bounds, and where work is left the next five minutes' goes on.

const STEP_TIME_LIMIT_MS = 20_000;
/** The least and the longest rest after a step, ms: in between it is as long as the step was. */
const REST_MS = 20;
const MAX_REST_MS = 1000;
/** Statements of a run's steps. D1 takes 1,000 of an invocation: the daily one also indexes texts, the others settle turns and end erasures. */
const MAX_STATEMENTS = { daily: 500, continued: 400 };
/** Pages of orgs, of 50 each, that a run looks through: with more orgs than these hold it would say so as a fault. */
const MAX_PAGES = 100;
/** A run ends before the next one may begin, ms. */
const RUN_TIME_LIMIT_MS = 180_000;
/** Work that has waited for as long, with runs every five minutes, will not be done by itself, ms. */
const BEHIND_MS = DAY_MS;
/** Below as many days to a full database somebody has to look, which takes time to act upon. */
const FILLING_DAYS = 60;

/** How a run goes. */
interface Run {
	kind: "daily" | "continued";
	counts: Map<Counted, number>;
	/** Orgs that have something due. */
	orgs: number;
	steps: number;
	statements: number;
	/** Work, and lists of it, left out after a fault. */
	failed: number;
	longestDueMs: number;
}

/**
 * The daily run: erases what is older than its period, each org's in turn, and tells how large the database is. A fault of one
 * org is logged and stops no other. Never rejects.
 * @param now epoch ms
 */
export async function runRetention(db: D1Database, now: number): Promise<void> {
	const run = newRun("daily");
	const permit = await attempt(run, undefined, () => beginDaily(db, now));
	const waiting = await work(db, now, run, permit);
	const size = permit?.size;
	if (size !== undefined) await attempt(run, undefined, () => keepSize(db, now, size.bytes));
	report(run, waiting, size);
	if (size !== undefined && size.daysLeft !== null && size.daysLeft < FILLING_DAYS)
		log("warn", "database_filling", { db_bytes: size.bytes, days_left: size.daysLeft });
	const waitedMs = permit === undefined ? 0 : now - Date.parse(permit.waitingSince);
	if (waiting > 0 && waitedMs >= BEHIND_MS)
		log("warn", "retention_behind", { waiting, days_waiting: days(waitedMs), oldest_due_days: days(run.longestDueMs) });
}

/** Goes on where a run ended with work left, or died. With nothing left it reads one row and is silent. Never rejects. @param now epoch ms */
export async function continueRetention(db: D1Database, now: number): Promise<void> {
	const run = newRun("continued");
	const permit = await attempt(run, undefined, () => beginContinued(db, now));
	if (permit === undefined) return;
	report(run, await work(db, now, run, permit));
}

function newRun(kind: Run["kind"]): Run {
	return {
		kind,
		counts: new Map(COUNTED.map((of) => [of, 0])),
		orgs: 0,
		steps: 0,
		statements: 0,
		failed: 0,
		longestDueMs: 0,
	};
}

function days(ms: number): number {
	return Math.floor(ms / DAY_MS);
}

function report(run: Run, waiting: number, size?: DatabaseSize): void {
	const { kind, orgs, steps, failed, counts } = run;
	const ofSize = size === undefined ? {} : { db_bytes: size.bytes, days_left: size.daysLeft };
	log("info", "retention", { run: kind, orgs, waiting, steps, failed, ...Object.fromEntries(counts), ...ofSize });
}

/** The result, or undefined when it failed, which is logged. */
async function attempt<T>(run: Run, orgId: string | undefined, work: () => Promise<T>): Promise<T | undefined> {
	try {
		return await work();
	} catch (error) {
		run.failed += 1;
		log("error", "retention_failed", { org_id: orgId, reason: error instanceof ApiError ? error.reason : "internal" });
		return undefined;
	}
}

/** @returns how many pieces of work the next run goes on with; one that failed is among them */
async function work(db: D1Database, now: number, run: Run, permit: Permit | undefined): Promise<number> {
	const deadline = Date.now() + RUN_TIME_LIMIT_MS;
	const due = await orgWork(db, now, run);
	const left = (await eraseInTurn(db, [...agedWork(now), ...shuffled(due)], run, deadline)) + run.failed;
	if (permit !== undefined) await attempt(run, undefined, () => endRun(db, permit, left === 0));
	return left;
}

async function orgWork(db: D1Database, now: number, run: Run): Promise<Work[]> {
	const due: Work[] = [];
	let after: string | undefined = "";
	for (let page = 0; page < MAX_PAGES && after !== undefined; page++) {
		const begin: string = after;
		const found = await attempt(run, undefined, () => dueOrgs(db, now, begin));
		due.push(...(found?.work ?? []));
		run.orgs += found?.orgs ?? 0;
		run.longestDueMs = Math.max(run.longestDueMs, found?.longestDueMs ?? 0);
		after = found?.after;
	}
	if (after !== undefined) await attempt(run, undefined, () => Promise.reject(new Error("too many orgs")));
	return due;
}

/** In an order of chance, so that no org comes last every time. */
function shuffled(work: readonly Work[]): Work[] {
	return work
		.map((one) => ({ one, place: Math.random() }))
		.sort((a, b) => a.place - b.place)
		.map(({ one }) => one);
}

/** @returns how many pieces of work are left */
async function eraseInTurn(db: D1Database, work: readonly Work[], run: Run, deadline: number): Promise<number> {
	const waiting = [...work];
	while (waiting.length > 0 && run.statements < MAX_STATEMENTS[run.kind] && Date.now() < deadline) {
		const one = waiting.shift();
		if (one === undefined) break;
		const begun = Date.now();
		const hasMore = await attempt(run, one.orgId, () => eraseStep(db, one, run));
		if (hasMore === true) waiting.push(one);
		await pause(Math.min(MAX_REST_MS, Math.max(REST_MS, Date.now() - begun)));
	}
	return waiting.length;
}

/** @returns whether there may be more to erase */
async function eraseStep(db: D1Database, { erasures, parameters, messagesSql }: Work, run: Run): Promise<boolean> {
	run.steps += 1;
	const messages = messagesSql === undefined ? [] : await messagesStatements(db, messagesSql, parameters);
	run.statements += erasures.length + messages.length + (messagesSql === undefined ? 0 : 1);
	// Each row says that it is gone: what D1 counts as changed includes the rows that triggers change.
	const statements = erasures.map(({ sql }) => db.prepare(`${sql} RETURNING 1`).bind(...parameters));
	const all = await batch(db, [...messages, ...statements], { timeLimitMs: STEP_TIME_LIMIT_MS });
	const results = all.slice(messages.length);
	const erasedMessages = all[messages.length - 1]?.length ?? 0;
	run.counts.set("messages", (run.counts.get("messages") ?? 0) + erasedMessages);
	const erased = erasures.map((_, index) => results[index]?.length ?? 0);
	for (const [index, { of }] of erasures.entries())
		run.counts.set(of, (run.counts.get(of) ?? 0) + (erased[index] ?? 0));
	return erasedMessages >= STEP_MESSAGES || erasures.some(({ limit }, index) => (erased[index] ?? 0) >= limit);
}

/** The statements that erase the next messages with their questions; the last gives a row for each message. */
async function messagesStatements(
	db: D1Database,
	sql: string,
	parameters: readonly string[],
): Promise<D1PreparedStatement[]> {
	const [page = []] = await repeatableBatch(db, [db.prepare(sql).bind(...parameters)]);
	return eraseMessagesStatements(db, page);
}
