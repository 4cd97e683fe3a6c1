/**
 * What the INSERT of a row may take, bytes. D1 refuses a statement of over 100,000, and of an export that holds one no table
 * arrives (developers.cloudflare.com/d1/platform/limits).
 */
export const MAX_ROW_BYTES = 90_000;
/** The statement around a row's texts: names of table and columns, ids, instants, numbers. The widest table's takes 1,400. */
const FRAME_BYTES = 2000;
/** A text with line breaks is wrapped so: `replace(replace('…','\r',char(13)),'\n',char(10))`. */
const WRAP_BYTES = 48;

const encoder = new TextEncoder();

/**
 * How many bytes a value takes in the file that `wrangler d1 export` writes: UTF-8 between apostrophes, where an apostrophe and
 * a line break take two (miniflare's dumpSql, as D1 does it).
 */
export function exportedBytes(text: string | null): number {
	if (text === null) return "NULL,".length;
	const doubled = text.match(/['\r\n]/g)?.length ?? 0;
	return encoder.encode(text).byteLength + doubled + WRAP_BYTES + "'',".length;
}

/** How many bytes too much a row with these texts would take in an export; 0 or less = it fits. */
export function excessBytes(texts: readonly (string | null)[]): number {
	return texts.reduce((sum, text) => sum + exportedBytes(text), FRAME_BYTES) - MAX_ROW_BYTES;
}
