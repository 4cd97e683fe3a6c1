import { setTimeout as pause } from "node:timers/promises";
import { startHost } from "../host/start.ts";
import type { Host } from "../host/start.ts";
import type { Counts, HostOptions } from "../host/messages.ts";
import { bearer, tokensOf } from "./world.ts";
import type { World } from "./world.ts";

/** What was given so long before a kill may have gone unbooked with it, ms: four tries of a booking take as long, and speech is heard longer. */
const LOST_WITHIN_MS = 40_000;

/** What the hosts before the present one have left. */
export interface Past {
	lines: string[];
	counts: Counts[];
}

/** SIGKILL to all workers in the middle of everything, at moments of the soak's own; then they start again on the same state. */
export async function killTwice(
	world: World,
	past: Past,
	{ folder, options, lengthMs }: { folder: string; options: Partial<HostOptions>; lengthMs: number },
): Promise<void> {
	for (const kill of [1, 2]) {
		await pause(lengthMs / 4 + world.dice.below(lengthMs / 12));
		const up = Promise.withResolvers<void>();
		past.counts.push(await world.host.counts());
		world.down = up.promise;
		world.killedAt.push(Date.now());
		await world.host.kill();
		past.lines.push(...world.host.lines);
		world.host = await startHost(folder, { ...options, seed: (options.seed ?? 0) + kill });
		await renewTokens(world);
		world.down = undefined;
		up.resolve();
		console.log(`Kill ${kill}: the workers are back after ${Date.now() - (world.killedAt.at(-1) ?? 0)} ms.`);
	}
}

/** Clerk's stand-in has another key now. */
async function renewTokens(world: World): Promise<void> {
	for (const org of world.orgs) Object.assign(org, await tokensOf(world.host, org.id));
	world.staff = await staffToken(world.host);
}

/** The Authorization header of one of staff. */
export async function staffToken(host: Host): Promise<string> {
	return bearer(host, { user_id: "user_soakstaff", metadata: { role: "staff" } });
}

/** Whether what was given at an instant may have gone unbooked with a kill. @param at ms */
export function isExcused({ killedAt }: Pick<World, "killedAt">, at: number): boolean {
	return killedAt.some((killed) => at <= killed + LOST_WITHIN_MS && at > killed - LOST_WITHIN_MS);
}

/** What went wrong by our hand, of all hosts. */
export function summed(all: readonly Counts[]): Counts {
	const vendor = { calls: 0, faults: 0, mixed: 0 };
	const d1: Counts["d1"] = {};
	for (const counts of all) {
		for (const name of ["calls", "faults", "mixed"] as const) vendor[name] += counts.vendor[name];
		for (const [worker, faults] of Object.entries(counts.d1))
			for (const [kind, count] of Object.entries(faults))
				d1[worker] = { ...d1[worker], [kind]: (d1[worker]?.[kind] ?? 0) + count };
	}
	return { vendor, d1 };
}
