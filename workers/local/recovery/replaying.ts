import type { Row } from "../../lib/d1/row.ts";
import type { Store } from "../../lib/recovery/store.ts";
import { judge, stateStatement } from "./judge.ts";
import type { Verdict } from "./judge.ts";
import { logLinesIn } from "./lines.ts";
import { lostBy } from "./read-line.ts";
import { writtenLength } from "./wrangler-store.ts";
import type { Lost, Unfit } from "./lost.ts";

/** Lines whose state is read in one round trip: their statement is 1,600 characters long, and a command line takes 128 KiB. */
const AT_ONCE = 40;
/** Of the statements of one command line, UTF-16 units. */
const MAX_TEXT_CHARS = 90_000;

export interface ReplayOptions {
	/** Put back what can be; else it is only told. */
	isApplied: boolean;
	/** Epoch ms. */
	now: number;
	/** Takes each line of the report. */
	tell(text: string): void;
}

/** How many lines ended how. */
export interface ReplayCounts {
	/** Put back; of a dry run: would be. */
	putBack: number;
	there: number;
	cannot: number;
	/** Lines of the log that tell of nothing lost. */
	others: number;
}

/** Puts back what the lines of a log tell to be lost, each once, whatever else stands in it. @param texts lines of files */
export async function replayLines(
	store: Store,
	texts: AsyncIterable<string>,
	options: ReplayOptions,
): Promise<ReplayCounts> {
	const counts: ReplayCounts = { putBack: 0, there: 0, cannot: 0, others: 0 };
	const seen = new Set<string>();
	let waiting: Lost[] = [];
	for await (const text of texts) {
		for (const line of logLinesIn(text)) {
			const lost = lostBy(line);
			if (lost === undefined) counts.others += 1;
			else if (isNew(lost, seen)) {
				if (lost.kind === "unfit") tellUnfit(lost, counts, options);
				else waiting.push(lost);
			}
		}
		while (waiting.length >= AT_ONCE) {
			await replaySome(store, waiting.slice(0, AT_ONCE), counts, options);
			waiting = waiting.slice(AT_ONCE);
		}
	}
	await replaySome(store, waiting, counts, options);
	return counts;
}

/** Files overlap: a line that was seen in one is passed over in the next. */
function isNew({ kind, id }: Lost | Unfit, seen: Set<string>): boolean {
	const name = `${kind} ${id}`;
	if (seen.has(name)) return false;
	seen.add(name);
	return true;
}

function tellUnfit({ id, why }: Unfit, counts: ReplayCounts, { tell }: ReplayOptions): void {
	counts.cannot += 1;
	tell(`${"cannot".padEnd(15)}${id}: ${why}`);
}

async function replaySome(
	store: Store,
	some: readonly Lost[],
	counts: ReplayCounts,
	options: ReplayOptions,
): Promise<void> {
	if (some.length === 0) return;
	const states = await store.run(some.map((lost) => stateStatement(store.db, lost)));
	const judged = some.map((lost, index): Judged => {
		return { lost, verdict: judge(store.db, lost, states[index]?.[0] ?? {}, options.now) };
	});
	const ended = options.isApplied ? await applyAll(store, judged) : judged;
	for (const { lost, verdict } of ended) report(lost, verdict, counts, options);
}

interface Judged {
	lost: Lost;
	verdict: Verdict;
}

/** As many lines in one transaction as a command line takes; where one of them fails, each by itself. */
async function applyAll(store: Store, judged: readonly Judged[]): Promise<Judged[]> {
	const ended: Judged[] = [];
	for (const group of groupsOf(judged)) {
		if (group.every((one) => statementsOf(one).length === 0)) {
			ended.push(...group);
			continue;
		}
		try {
			ended.push(...(await applyTogether(store, group)));
		} catch {
			for (const one of group) ended.push(await applyAlone(store, one));
		}
	}
	return ended;
}

function groupsOf(judged: readonly Judged[]): Judged[][] {
	const groups: Judged[][] = [[]];
	let length = 0;
	for (const one of judged) {
		const own = statementsOf(one).reduce((sum, statement) => sum + writtenLength(statement), 0);
		if (length + own > MAX_TEXT_CHARS) {
			groups.push([]);
			length = 0;
		}
		groups.at(-1)?.push(one);
		length += own;
	}
	return groups;
}

function statementsOf({ verdict }: Judged): D1PreparedStatement[] {
	return verdict.is === "lost" ? verdict.statements : [];
}

/** @throws {Error} one of them failed, and nothing of any stands */
async function applyTogether(store: Store, group: readonly Judged[]): Promise<Judged[]> {
	const rows = await store.run(group.flatMap(statementsOf));
	let at = 0;
	return group.map((one) => {
		const begin = at;
		at += statementsOf(one).length;
		return endedWith(one, rows.slice(begin, at));
	});
}

function endedWith({ lost, verdict }: Judged, rows: Row[][]): Judged {
	if (verdict.is !== "lost" || verdict.isDone(rows)) return { lost, verdict };
	return { lost, verdict: { is: "there", why: "it was put back, or erased, meanwhile" } };
}

async function applyAlone(store: Store, one: Judged): Promise<Judged> {
	const { lost } = one;
	if (one.verdict.is !== "lost") return one;
	try {
		return endedWith(one, await store.run(statementsOf(one)));
	} catch (error) {
		const text = error instanceof Error ? error.message : String(error);
		// Somebody else was faster.
		if (text.includes("booking_notes.id")) return { lost, verdict: { is: "there", why: "it was put back meanwhile" } };
		const why = `the database refused it: ${(text.split("\n")[0] ?? "").slice(0, 120)}`;
		return { lost, verdict: { is: "cannot", why } };
	}
}

/** What of the report a verdict counts among, and how its line begins. */
const REPORTED = {
	lost: ["putBack", "put back"],
	there: ["there", "already there"],
	cannot: ["cannot", "cannot"],
} as const;

function report(lost: Lost, verdict: Verdict, counts: ReplayCounts, { isApplied, tell }: ReplayOptions): void {
	const [counted, name] = REPORTED[verdict.is];
	counts[counted] += 1;
	const begin = verdict.is === "lost" && !isApplied ? "would put back" : name;
	const of = `${lost.id}${"orgId" in lost ? ` of ${lost.orgId}` : ""}${"date" in lost ? `, ${lost.date}` : ""}`;
	tell(`${begin.padEnd(15)}${lost.kind} ${of}: ${verdict.is === "lost" ? verdict.what : verdict.why}`);
}
