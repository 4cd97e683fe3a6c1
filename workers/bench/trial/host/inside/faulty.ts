/** The entry of a worker on trial: the worker itself over a D1 that now and then fails. Never part of what ships. */
import worker from "koby-worker";
import { waitUntil } from "cloudflare:workers";
import { createDice, numberOf } from "../../parts/random.ts";

interface TrialEnv {
	DB: D1Database;
	TRIAL_NAME: string;
	TRIAL_SEED: number;
	/** Share of the batches that fail. */
	TRIAL_D1_FAULTS: number;
}

/** What D1 says: that the batch did not run and may run again, or that it is given no room. */
const TEXTS = [
	"D1_ERROR: Network connection lost.",
	"D1_ERROR: D1 DB is overloaded. Requests queued for too long.",
] as const;
/** Longer than anyone waits for D1, ms. */
const STALL_MS = 3400;
/**
 * Every so often D1 fails for a while, ms: only then do all tries of a booking fail. By turns it carries out all and says that it
 * did not, for a short while, and carries out nothing, for longer than a booking tries.
 */
const OUTAGE_EVERY_MS = 200_000;
const OUTAGE_MS = { mute: 2500, down: 7000 } as const;
/** The first one comes this long after the start, ms, and up to as much later. */
const FIRST_OUTAGE_MS = 30_000;

/**
 * before: an error, and nothing was written · after: it was written, and then an error · stall: it is written when nobody waits
 * any more · deaf: it was written, and D1 says so when nobody waits any more
 */
const KINDS = ["before", "after", "stall", "deaf"] as const;

const counts: Record<string, number> = { batches: 0 };
let isFaulty = true;

function pause(ms: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, ms));
}

/** D1 goes on though the worker has left: what was sent is carried out. */
function goingOn<T>(work: Promise<T>): Promise<T> {
	waitUntil(work.catch(() => undefined));
	return work;
}

/** The results, when nobody waits any more. */
async function told<T>(work: Promise<T>): Promise<T> {
	const results = await work;
	await pause(STALL_MS);
	return results;
}

function faultyDatabase(real: D1Database, env: TrialEnv): D1Database {
	const dice = createDice(env.TRIAL_SEED + numberOf(env.TRIAL_NAME));
	const firstOutageMs = FIRST_OUTAGE_MS * (1 + dice.next());
	const bornAt = Date.now();
	const outage = (): "down" | "mute" | undefined => {
		const sinceMs = Date.now() - bornAt - firstOutageMs;
		if (env.TRIAL_D1_FAULTS === 0 || sinceMs < 0) return undefined;
		const turn = Math.floor(sinceMs / OUTAGE_EVERY_MS) + numberOf(env.TRIAL_NAME) + env.TRIAL_SEED;
		const kind = turn % 2 === 0 ? "down" : "mute";
		return sinceMs % OUTAGE_EVERY_MS < OUTAGE_MS[kind] ? kind : undefined;
	};
	const kindOf = (): string | undefined =>
		outage() ?? (dice.happens(env.TRIAL_D1_FAULTS) ? KINDS[dice.below(KINDS.length)] : undefined);
	const fail = (): never => {
		throw new Error(TEXTS[dice.below(TEXTS.length)]);
	};
	const batch: D1Database["batch"] = async (statements) => {
		counts.batches = (counts.batches ?? 0) + 1;
		const run = () => real.batch<never>(statements);
		const kind = isFaulty ? kindOf() : undefined;
		if (kind === undefined) return run();
		counts[kind] = (counts[kind] ?? 0) + 1;
		switch (kind) {
			case "after":
			case "mute":
				await run();
				return fail();
			case "stall":
				return goingOn(pause(STALL_MS).then(run));
			case "deaf":
				return goingOn(told(run()));
			default:
				return fail();
		}
	};
	return new Proxy(real, {
		get(target, name) {
			if (name === "batch") return batch;
			const value: unknown = Reflect.get(target, name);
			return typeof value === "function" ? value.bind(target) : value;
		},
	});
}

let known: object | undefined;

/** The same object for every request, as on the platform: the worker reads its bindings once. */
function envOf(env: TrialEnv): object {
	known ??= { ...env, DB: faultyDatabase(env.DB, env) };
	return known;
}

/** `/trial/…` is the trial's own; the worker knows no such path. */
function trialAnswer(request: Request): Response | undefined {
	const { pathname } = new URL(request.url);
	if (pathname === "/trial/on" || pathname === "/trial/off") isFaulty = pathname === "/trial/on";
	return pathname.startsWith("/trial/") ? Response.json(counts) : undefined;
}

export default {
	async fetch(request: Request, env: TrialEnv, ctx: ExecutionContext): Promise<Response> {
		return trialAnswer(request) ?? worker.fetch(request, envOf(env), ctx);
	},
	async scheduled(controller: ScheduledController, env: TrialEnv, ctx: ExecutionContext): Promise<void> {
		await worker.scheduled?.(controller, envOf(env), ctx);
	},
};
