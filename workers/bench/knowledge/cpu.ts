import { Miniflare, convertV4MiniflareOptions } from "miniflare";
import type { Json, V4WorkerOptions } from "miniflare";
import { nodeOutbound } from "../../local/run/outbound.ts";
import { ROOT } from "../../local/root.ts";
import { createStandIns } from "../../local/stand-ins/index.ts";
import type { StandIns } from "../../local/stand-ins/index.ts";
import { cpuTimeUs } from "../load/measure.ts";
import { median, workerdPid } from "../measure.ts";
import { databaseSql, workerSource } from "../tree/tree.ts";
import type { WorkerSource } from "../tree/tree.ts";
import { benchSiteKey, makeMixedOrg } from "./orgs.ts";
import type { Database } from "./orgs.ts";
import { seenQuestions } from "./texts.ts";

/** What ranks passages: words alone, or their meaning as well. */
export type Ranking = "words" | "meaning";

/** Turns of an org that are measured. */
export interface CpuCase {
	ranking: Ranking;
	passages: number;
	/** The org's knowledge is another one before each turn, so that what it means is read anew: as an isolate's first turn reads it. */
	isFirst: boolean;
}

/** Turns that follow each other before the next case has its own. */
const TURNS = 40;
/** What is left under waitUntil has this long, ms. */
const SETTLE_MS = 50;
/** No turn may go without its embedding because the machine is busy. */
const SETTINGS = { ENVIRONMENT: "development", GEMINI_API_KEY: "bench-gemini", GEMINI_EMBEDDING_TIMEOUT_MS: "10000" };
/** Before an isolate has read a site, and 30 s later again, a turn goes by words alone. */
const WITHOUT_EMBEDDING = 1;

/**
 * CPU that workerd takes for a turn, D1's simulator included, µs: for each case a number a round. The cases have their turns one
 * after the other in each round, so that a slow moment of the machine hits all. The vendor's stand-in costs another process.
 * @throws {Error} a turn is not answered, or not ranked as its case says
 */
export async function cpuOfTurns(cases: readonly CpuCase[], rounds: number): Promise<number[][]> {
	const chats = await startChats(new Set(cases.map(({ passages }) => passages)));
	try {
		const measured: number[][] = [];
		// The first round is V8's.
		for (let round = 0; round <= rounds; round++) {
			measured[round] = [];
			for (const one of cases) measured[round]?.push(await turns(chats, one));
		}
		return cases.map((_, index) => measured.slice(1).map((all) => all[index] ?? Number.NaN));
	} finally {
		await chats.stop();
	}
}

/** The chat worker twice over one database, each under its name. */
interface Chats {
	urls: Readonly<Record<Ranking, string>>;
	db: Database;
	/** Questions that were embedded so far. */
	embedded(): number;
	stop(): Promise<void>;
}

async function startChats(sizes: ReadonlySet<number>): Promise<Chats> {
	const chat = await workerSource(ROOT, "chat", { minify: true });
	const standIns = countedStandIns();
	const runtime = new Miniflare(
		convertV4MiniflareOptions({
			workers: [
				options("words", chat, "", standIns),
				options("meaning", chat, String(chat.vars.GEMINI_EMBEDDING_MODEL), standIns),
			],
			cf: false,
			// Each question is asked over and over.
			cache: false,
			handleStructuredLogs: ({ level, message }) => level !== "info" && console.error(message),
		}),
	);
	await runtime.ready;
	const db = await runtime.getD1Database("DB", "words");
	for (const sql of databaseSql(ROOT)) await db.prepare(sql).run();
	for (const passages of sizes) await makeMixedOrg(db, passages, true);
	return {
		urls: { words: await urlOf(runtime, "words"), meaning: await urlOf(runtime, "meaning") },
		db,
		embedded: () => standIns.embedded(),
		stop: () => runtime.dispose(),
	};
}

interface CountedStandIns extends StandIns {
	/** Questions that were embedded so far. */
	embedded(): number;
}

function countedStandIns(): CountedStandIns {
	const standIns = createStandIns();
	let embedded = 0;
	return {
		fetch(request) {
			if (request.url.endsWith(":embedContent")) embedded++;
			return standIns.fetch(request);
		},
		embedded: () => embedded,
	};
}

function options(
	name: Ranking,
	{ script, ...source }: WorkerSource,
	model: string,
	standIns: StandIns,
): V4WorkerOptions {
	const unlimited = { simple: { limit: 1_000_000_000, period: 60 as const } };
	return {
		name,
		modules: [{ type: "ESModule", path: `${name}.js`, contents: script }],
		compatibilityDate: source.compatibilityDate,
		compatibilityFlags: source.compatibilityFlags,
		bindings: { ...(source.vars as Record<string, Json>), ...SETTINGS, GEMINI_EMBEDDING_MODEL: model },
		d1Databases: { DB: "bench" },
		ratelimits: Object.fromEntries(
			source.limiters.map((limiter) => [limiter, { namespace_id: `${name}${limiter}`, ...unlimited }]),
		),
		outboundService: { node: nodeOutbound(standIns) },
		unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
	};
}

async function urlOf(runtime: Miniflare, name: Ranking): Promise<string> {
	return String(await runtime.unsafeGetDirectURL(name));
}

/** CPU of a turn, µs, on average over some. */
async function turns({ urls, db, embedded }: Chats, { ranking, passages, isFirst }: CpuCase): Promise<number> {
	const questions = seenQuestions();
	const changed = db
		.prepare("UPDATE orgs SET knowledge_version = knowledge_version + 1 WHERE id = ?1")
		.bind(`org_bench${passages}`);
	const pid = workerdPid();
	const embeddedBefore = embedded();
	const before = cpuTimeUs(pid);
	for (let turn = 0; turn < TURNS; turn++) {
		if (isFirst) await changed.run();
		await ask(urls[ranking], benchSiteKey(passages), questions[Math.floor((turn * questions.length) / TURNS)] ?? "");
	}
	await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
	const us = (cpuTimeUs(pid) - before) / TURNS;
	const least = ranking === "meaning" ? TURNS - WITHOUT_EMBEDDING : 0;
	if (embedded() - embeddedBefore < least) throw new Error("Too few questions were embedded.");
	return us;
}

/** Asks something as a visitor of its own, who begins a conversation. @throws {Error} it is not answered */
export async function ask(url: string, siteKey: string, message: string): Promise<void> {
	const visitor = crypto.randomUUID();
	const response = await fetch(url, {
		method: "POST",
		headers: { "Content-Type": "application/json", "CF-Connecting-IP": clientIp(visitor), "X-Site-Key": siteKey },
		body: JSON.stringify({ message, visitor_id: visitor }),
	});
	const text = await response.text();
	if (response.status !== 200) throw new Error(`${message} was answered ${response.status}: ${text}`);
}

/** An address of a visitor's own: the org's plan knows a client's share. */
function clientIp(visitor: string): string {
	return `10.${[0, 2, 4].map((at) => Number.parseInt(visitor.slice(at, at + 2), 16)).join(".")}`;
}

/** How many times as much one case takes as another, or how much more, round by round: the median, and how far the rounds lie apart. */
export function compared(
	one: readonly number[],
	other: readonly number[],
	by: (one: number, other: number) => number,
): { median: number; least: number; most: number } {
	const all = one.map((us, index) => by(us, other[index] ?? Number.NaN));
	return { median: median(all), least: Math.min(...all), most: Math.max(...all) };
}
