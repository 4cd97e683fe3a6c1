/** A limiter that lets nobody pass. */
export const FULL: RateLimit = { limit: () => Promise.resolve({ success: false }) };
/** A limiter that fails. */
export const BROKEN: RateLimit = { limit: () => Promise.reject(new Error("limiter down")) };

/** A limiter's minute begins with the clock's: a test that counts to a limit waits for the next when this one is nearly over. */
export async function inOneMinute(): Promise<void> {
	const leftMs = 60_000 - (Date.now() % 60_000);
	if (leftMs < 8000) await scheduler.wait(leftMs);
}
