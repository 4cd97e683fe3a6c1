import { onTestFinished, vi } from "vitest";

/** What a booking that fails waits for before its next try and its next look (lib/d1/booking.ts), ms. */
export const BOOKING_PAUSES_MS = [300, 1200, 3500, 2500];

/** A pause takes this part of its time, so that of two pauses the shorter one still ends first. */
const SHARE = 1 / 20;

/**
 * Lets pauses of these lengths pass at once until the test ends, and the clock go on as if they had been waited for. Whatever
 * else waits, time limits above all, takes as long as ever: with a limit that ran faster, a slow machine would fail the test.
 * A clock that the test has stopped stays stopped.
 * @returns the pauses that were made, ms
 */
export function skipPauses(pausesMs: readonly number[]): number[] {
	const { setTimeout, Date: clock } = globalThis;
	const realNow = clock.now;
	const made: number[] = [];
	let skippedMs = 0;
	vi.stubGlobal("setTimeout", (work: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) => {
		if (!pausesMs.includes(ms)) return setTimeout(work, ms, ...args);
		made.push(ms);
		const endsAt = clock.now() + ms;
		return setTimeout(() => {
			// What pauses at the same time waits once, not one after the other.
			skippedMs = Math.max(skippedMs, endsAt - realNow());
			work(...args);
		}, ms * SHARE);
	});
	if (!vi.isFakeTimers()) clock.now = () => realNow() + skippedMs;
	onTestFinished(() => {
		vi.stubGlobal("setTimeout", setTimeout);
		clock.now = realNow;
	});
	return made;
}
