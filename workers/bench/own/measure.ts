import { readFileSync, readdirSync } from "node:fs";
import type { Generator, LoadOrder } from "../load/load.ts";
import { isSteady, requestsFor } from "./steady.ts";
import type { Stretch } from "./steady.ts";

/** A process under load. */
export interface Target {
	pid: number;
	order: Omit<LoadOrder, "requests">;
}

export interface WarmTarget extends Target {
	/** Whether the warm-up came to its end. */
	isSteady: boolean;
	/** The last stretch of load, by which the next is sized. */
	pace: Paced;
}

interface Paced extends Stretch {
	requests: number;
}

const STRETCH_SECONDS = 1.2;
/** A warm-up that is not steady by then never will be. */
const MOST_STRETCHES = 16;
const FIRST_REQUESTS = 400;
/** Work left under waitUntil belongs to the requests that began it, ms. */
const SETTLE_MS = 30;

/** Time on a processor of a process' threads so far, microseconds. */
function cpuTimeUs(pid: number): number {
	const times = readdirSync(`/proc/${pid}/task`).map((thread) =>
		Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ", 1)[0]),
	);
	return times.reduce((sum, ns) => sum + ns, 0) / 1000;
}

/** Loads a process with so many requests; what each cost it. */
async function load(generator: Generator, { pid, order }: Target, requests: number): Promise<Paced> {
	const beforeUs = cpuTimeUs(pid);
	const { seconds } = await generator.send({ ...order, requests });
	await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
	return { seconds, requests, us: (cpuTimeUs(pid) - beforeUs) / requests };
}

/** Loads until two stretches in a row cost the same. */
export async function warmUp(generator: Generator, target: Target): Promise<WarmTarget> {
	let pace = await load(generator, target, FIRST_REQUESTS);
	const stretches: Stretch[] = [pace];
	while (!isSteady(stretches) && stretches.length < MOST_STRETCHES) {
		pace = await load(generator, target, requestsFor(STRETCH_SECONDS, pace, target.order.connections));
		stretches.push(pace);
	}
	return { ...target, isSteady: isSteady(stretches), pace };
}

/** CPU of the process per request over a slice of load, microseconds. */
export async function slice(generator: Generator, target: WarmTarget, seconds: number): Promise<number> {
	return (await load(generator, target, requestsFor(seconds, target.pace, target.order.connections))).us;
}
