/**
 * Room for what the portal's longest sort values can be: a name of 200 control characters, which JSON writes as six each, and an
 * id. A row written by hand may have such a name, and a page must go on behind it.
 */
export const MAX_CURSOR_CHARS = 2000;

/**
 * Where a keyset page ended, as an opaque text: the sort values of its last row. It grants nothing: the query that it bounds
 * is bound to its caller anyway.
 */
export function encodeCursor(values: string[]): string {
	const bytes = new TextEncoder().encode(JSON.stringify(values));
	return btoa(String.fromCharCode(...bytes))
		.replaceAll("+", "-")
		.replaceAll("/", "_")
		.replaceAll("=", "");
}

/** The `count` values of a cursor; undefined when it is none of ours. */
export function decodeCursor(text: string, count: number): string[] | undefined {
	if (text.length > MAX_CURSOR_CHARS || !/^[\w-]+$/.test(text)) return undefined;
	const values = parseValues(text);
	if (!Array.isArray(values) || values.length !== count) return undefined;
	const texts = values.filter((value): value is string => typeof value === "string" && value.isWellFormed());
	return texts.length === count ? texts : undefined;
}

function parseValues(text: string): unknown {
	try {
		const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
		return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
	} catch {
		return undefined;
	}
}
