/** Whether a path is one of those on which the chat stays away. In a pattern `*` stands for any characters, a slash included. */
export function isHiddenPath(path: string, patterns: readonly string[]): boolean {
	return patterns.some((pattern) => matches(path, pattern));
}

/** What stands between the stars has to come one after the other, the first at the beginning and the last at the end. */
function matches(path: string, pattern: string): boolean {
	const parts = pattern.split("*");
	const last = parts.pop() ?? "";
	if (parts.length === 0) return path === last;
	let at = 0;
	// Not by `entries()`, which Prototype.js makes another function.
	const areThere = parts.every((part, index) => {
		const found = path.indexOf(part, at);
		at = found + part.length;
		return index === 0 ? found === 0 : found >= 0;
	});
	return areThere && path.length - last.length >= at && path.endsWith(last);
}

/** Tells when the page moves to another path without being loaded anew. @param signal ends it */
export function onMove(listener: () => void, signal: AbortSignal): void {
	addEventListener("popstate", listener, { signal });
	if (window.navigation) {
		navigation.addEventListener("currententrychange", listener, { signal });
		return;
	}
	// Older browsers say nothing of a page's own moves.
	for (const name of ["pushState", "replaceState"] as const) {
		const move = history[name];
		history[name] = (...state) => {
			move.apply(history, state);
			if (!signal.aborted) listener();
		};
	}
}
