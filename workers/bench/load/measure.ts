import { readFileSync, readdirSync } from "node:fs";
import type { Generator, Shot } from "./load.ts";
import { isSteady, requestsFor } from "./steady.ts";

/** A process and what it is loaded with. */
export interface Target {
	pid: number;
	shot: Shot;
	/** Kept alive, each with one request at a time. */
	connections: number;
	/** Whether every request is another one, by its number. */
	isNumbered: boolean;
}

export interface WarmTarget extends Target {
	/** Whether the warm-up came to its end. */
	isSteady: boolean;
	/** The last stretch of load, by which the next is sized. */
	pace: Paced;
}

/** A stretch of load and what it cost. */
export interface Paced {
	requests: number;
	seconds: number;
	/** CPU of the process per request, microseconds. */
	us: number;
	/** Median time to the last byte, ms. */
	p50Ms: number;
}

const STRETCH_SECONDS = 1.2;
/** A warm-up that is not steady by then never will be. */
const MOST_STRETCHES = 16;
const FIRST_REQUESTS = 400;
/** Work left under waitUntil belongs to the requests that began it, ms. */
const SETTLE_MS = 30;

/** Time on a processor of a process' threads so far, microseconds. */
export function cpuTimeUs(pid: number): number {
	const times = readdirSync(`/proc/${pid}/task`).map((thread) =>
		Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ", 1)[0]),
	);
	return times.reduce((sum, ns) => sum + ns, 0) / 1000;
}

let nextNumber = 0;

/** Numbers that no other request of this run has. */
export function takeNumbers(count: number): number {
	nextNumber += count;
	return nextNumber - count;
}

/** Loads a process with so many requests. */
async function load(generator: Generator, target: Target, requests: number): Promise<Paced> {
	const { pid, shot, connections, isNumbered } = target;
	const beforeUs = cpuTimeUs(pid);
	const numbers = isNumbered ? { first: takeNumbers(requests) } : {};
	const { seconds, p50Ms } = await generator.send({ ...shot, connections, requests, ...numbers });
	await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
	return { seconds, requests, p50Ms, us: (cpuTimeUs(pid) - beforeUs) / requests };
}

/** Loads until two stretches in a row cost the same. */
export async function warmUp(generator: Generator, target: Target): Promise<WarmTarget> {
	let pace = await load(generator, target, FIRST_REQUESTS);
	const stretches = [pace];
	while (!isSteady(stretches) && stretches.length < MOST_STRETCHES) {
		pace = await load(generator, target, requestsFor(STRETCH_SECONDS, pace, target.connections));
		stretches.push(pace);
	}
	return { ...target, isSteady: isSteady(stretches), pace };
}

/** A slice of load on a process that is warm. */
export function slice(generator: Generator, target: WarmTarget, seconds: number): Promise<Paced> {
	return load(generator, target, requestsFor(seconds, target.pace, target.connections));
}
