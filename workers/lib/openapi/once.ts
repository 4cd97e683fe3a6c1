/** Work that is done when its result is first asked for, and never again. */
export function once<Result>(work: () => Result): () => Result {
	let done: { result: Result } | undefined;
	return () => {
		done ??= { result: work() };
		return done.result;
	};
}
