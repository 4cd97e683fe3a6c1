/**
 * The soak: mixed traffic on several orgs while vendors and D1 fail, and whether every answer was one that is described, nobody
 * saw another's bytes, and counters, rows and log agree to the unit. Twice all workers are killed in the middle of it. In the end what the
 * log says was lost is put back by `npm run replay`, and the daily comparison of counters with rows has nothing to say.
 */
import { setTimeout as pause } from "node:timers/promises";
import { SWEEP_CRON } from "../../lib/site/sweep/sweep-cron.ts";
import { createFolder, removeFolder } from "../../local/test/local-run.ts";
import { startHost } from "./host/start.ts";
import type { Host } from "./host/start.ts";
import { fileFindings } from "./parts/file.ts";
import { createDice } from "./parts/random.ts";
import { printFindings } from "./parts/trial.ts";
import type { Finding, TrialOptions } from "./parts/trial.ts";
import { bookFindings } from "./soak/books.ts";
import { readDescriptions, WORKERS } from "./soak/client.ts";
import { createLedger } from "./soak/ledger.ts";
import { readLog } from "./soak/log.ts";
import type { WorkersLog } from "./soak/log.ts";
import { killTwice, staffToken, summed } from "./soak/kills.ts";
import type { Past } from "./soak/kills.ts";
import { recountFindings, replayFindings, replayed } from "./soak/recover.ts";
import { printTraffic } from "./soak/report.ts";
import { seenFindings } from "./soak/seen.ts";
import { chooseDeed } from "./soak/traffic.ts";
import { MARKERS, makeOrgs } from "./soak/world.ts";
import type { World } from "./soak/world.ts";

export const title =
	"Mixed traffic with 5 % of the vendors' calls and 1 % of D1's batches failing, and two kills; then replay, and counters = rows";
export const minutes = 30;

const VENDOR_FAULTS = 0.05;
const D1_FAULTS = 0.01;
const AT_ONCE = 16;
const CHUNK_GAP_MS = 4;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const DAILY_CRON = "17 3 * * *";
const LINES_MS = 2000;
/** Of every five minutes, six orgs each. */
const COMPARING_RUNS = 3;
/** The crons run so often while traffic goes on, ms. */
const CRON_MS = 20_000;
/** What is under way when the traffic ends has this long: a model's 20 s, then four tries to book. */
const DRAIN_MS = 45_000;
/** By then every turn has expired: speech, the longest, after 15 minutes. */
const AFTER_EXPIRY_MS = 16 * MINUTE_MS;
/** By then a conversation that nobody held has expired. */
const AFTER_CONVERSATIONS_MS = 30 * MINUTE_MS;
/** By then the vendor is asked no more: what it never told of is given up. */
const AFTER_GIVING_UP_MS = 8 * 24 * 60 * MINUTE_MS;

/** @returns whether all that it promises has held */
export async function run({ seed, minutes: length }: TrialOptions): Promise<boolean> {
	const folder = createFolder();
	const faults = { seed, vendorFaults: VENDOR_FAULTS, d1Faults: D1_FAULTS, markers: MARKERS, chunkGapMs: CHUNK_GAP_MS };
	const world = await makeWorld(await startHost(folder, faults), seed);
	const past: Past = { lines: [], counts: [] };
	try {
		await readDescriptions(world);
		const kills = killTwice(world, past, { folder, options: faults, lengthMs: length * MINUTE_MS });
		await Promise.all([kills, soak(world, Date.now() + length * MINUTE_MS)]);
		await pause(DRAIN_MS);
		const counts = summed([...past.counts, await world.host.counts()]);
		const recovery = await recover(world, past, folder);
		const log = readLog(past.lines, MARKERS);
		printTraffic(world.ledger, counts, log);
		const findings = [
			...exchangeFindings(world, counts.vendor.mixed, log),
			...recovery,
			...(await bookFindings(world.host.sql, world.orgs)),
			...(await seenFindings(world.host.sql, world, log)),
			...fileFindings(folder),
		];
		return printFindings(findings);
	} finally {
		await world.host.kill();
		removeFolder(folder);
	}
}

/**
 * Puts back what was lost while much of it is still under way, lets the workers settle the rest and compare, and tries to put back all
 * once more. The tools run as staff run them, while no worker does.
 */
async function recover(world: World, past: Past, folder: string): Promise<Finding[]> {
	await world.host.kill();
	past.lines.push(...world.host.lines);
	const first = await replayed(folder, past.lines);
	world.host = await startHost(folder);
	await settleAll(world.host);
	await world.host.kill();
	const settled = [...world.host.lines];
	const second = await replayed(folder, past.lines);
	const recounted = await recountFindings(folder);
	world.host = await startHost(folder);
	const compared = await comparisonFindings(world.host);
	past.lines.push(...settled, ...world.host.lines);
	return [...replayFindings(first, second), ...recounted, ...compared];
}

/** The daily run of tomorrow compares today, and as many of every five minutes as it takes for all orgs. */
async function comparisonFindings(host: Host): Promise<Finding[]> {
	const tomorrow = Date.now() + DAY_MS;
	await host.scheduled(WORKERS.portal, DAILY_CRON, tomorrow);
	for (let run = 1; run <= COMPARING_RUNS; run++)
		await host.scheduled(WORKERS.portal, SWEEP_CRON, tomorrow + run * 5 * MINUTE_MS);
	const [state] = await host.sql("SELECT after_org FROM reconciliation_state");
	// What a worker says reaches us a moment after it is done.
	await pause(LINES_MS);
	const lines = host.lines.filter((line) => line.includes('"counters_'));
	for (const line of lines) console.log(line);
	return [
		{
			promise: "orgs that the daily comparison has not come to",
			expected: "none",
			found: String(state?.after_org ?? "none"),
		},
		{ promise: "lines counters_differ of the daily comparison", expected: 0, found: lines.length },
	];
}

async function makeWorld(host: Host, seed: number): Promise<World> {
	let number = 0;
	return {
		host,
		dice: createDice(seed),
		ledger: createLedger(),
		orgs: await makeOrgs(host),
		staff: await staffToken(host),
		sessions: [],
		conversations: [],
		spoken: [],
		down: undefined,
		killedAt: [],
		count: () => ++number,
	};
}

/** So many clients, each doing one thing after the other. */
async function soak(world: World, endsAt: number): Promise<void> {
	const crons = setInterval(() => void runCrons(world.host, Date.now()).catch(() => undefined), CRON_MS);
	const client = async (): Promise<void> => {
		while (Date.now() < endsAt) {
			await world.down;
			await attempt(world);
		}
	};
	await Promise.all(Array.from({ length: AT_ONCE }, client));
	clearInterval(crons);
}

/** A deed that a kill has broken off is none. */
async function attempt(world: World): Promise<void> {
	const begun = Date.now();
	try {
		await chooseDeed(world.dice)(world);
	} catch (error) {
		if (world.down === undefined && !world.killedAt.some((at) => at >= begun)) throw error;
	}
}

async function runCrons(host: Host, at: number): Promise<void> {
	await host.scheduled(WORKERS.portal, SWEEP_CRON, at);
	await host.scheduled(WORKERS.conversation, SWEEP_CRON, at);
}

/** What nobody ends any more is settled, and every conversation read back, without faults. */
async function settleAll(host: Host): Promise<void> {
	await host.setFaults(false);
	await runCrons(host, Date.now() + AFTER_EXPIRY_MS);
	for (let left = await openConversations(host), rounds = 0; left > 0 && rounds < 100; rounds++) {
		await host.scheduled(WORKERS.conversation, SWEEP_CRON, Date.now() + AFTER_CONVERSATIONS_MS);
		left = await openConversations(host);
	}
	await host.scheduled(WORKERS.conversation, SWEEP_CRON, Date.now() + AFTER_GIVING_UP_MS);
}

async function openConversations(host: Host): Promise<number> {
	const [row] = await host.sql("SELECT COUNT(*) AS n FROM voice_sessions WHERE status = 'open'");
	return Number(row?.n);
}

function exchangeFindings({ ledger }: World, mixed: number, log: WorkersLog): Finding[] {
	for (const line of [...ledger.undocumented, ...ledger.foreign, ...log.leaks, ...log.strange].slice(0, 30))
		console.log(line);
	return [
		{ promise: "answers that are not described", expected: 0, found: ledger.undocumented.length },
		{
			promise: `answers with another org's bytes, beside ${ledger.own} with their own`,
			expected: 0,
			found: ledger.foreign.length,
		},
		{ promise: "calls of vendors with two orgs' bytes", expected: 0, found: mixed },
		{
			promise: `log lines with words, addresses, tokens or keys, of ${log.lines.length}`,
			expected: 0,
			found: log.leaks.length,
		},
		{ promise: "log lines that no worker wrote", expected: 0, found: log.strange.length },
	];
}
