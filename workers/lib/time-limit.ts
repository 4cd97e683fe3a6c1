/** Work took longer than it may. */
export class TimeLimitPassed extends Error {}

/**
 * The result of work, or its failure once `limitMs` have passed. The work itself cannot be called off.
 * @throws {TimeLimitPassed}
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
