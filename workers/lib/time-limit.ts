/** Work took longer than it may. */
export class TimeLimitPassed extends Error {}

/**
 * The result of work, or its failure once `limitMs` have passed. The work itself cannot be called off.
 * @param limitMs ms
 * @throws {TimeLimitPassed} the work is not done by then; and whatever the work throws before
 */
export function withinTimeLimit<T>(work: Promise<T>, limitMs: number): Promise<T> {
	return new Promise((resolve, reject) => {
		const timer = setTimeout(() => reject(new TimeLimitPassed()), limitMs);
		work.then(
			(value) => {
				clearTimeout(timer);
				resolve(value);
			},
			(error: unknown) => {
				clearTimeout(timer);
				reject(error);
			},
		);
	});
}

/** Waits. @param ms */
export function pause(ms: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, ms));
}
