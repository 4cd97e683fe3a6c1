/** Whether a path is one of those on which the chat stays away. In a pattern `*` stands for any characters, a slash included. */
export function isHiddenPath(path: string, patterns: readonly string[]): boolean {
	return patterns.some((pattern) => matches(path, pattern.split("*")));
}

/** @param parts what has to come one after the other, the first at the beginning and the last at the end */
function matches(path: string, parts: readonly string[]): boolean {
	const [first = ""] = parts;
	const last = parts.at(-1) ?? "";
	if (parts.length === 1) return path === first;
	if (!path.startsWith(first) || !path.endsWith(last)) return false;
	let at = first.length;
	for (const part of parts.slice(1, -1)) {
		const found = path.indexOf(part, at);
		if (found < 0) return false;
		at = found + part.length;
	}
	return path.length - last.length >= at;
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
