import { isObject } from "../../lib/http/json.ts";

/** A line of a worker's log, its fields unchecked. */
export type LogLine = Record<string, unknown>;

/** Longest line of a file that is looked at, UTF-16 units: a tail event holds 256 KB of log. What is longer is none of ours. */
const MAX_LINE_CHARS = 4_000_000;
/** How a line of the log begins (`lib/log.ts`), as it is and within a JSON text, as `wrangler tail --format json` has it. */
const PLAIN = '{"level":"';
const QUOTED = '"{\\"level\\":\\"';

/** The lines of a stream, never more than one of them in memory; what is too long is left out. */
export async function* physicalLines(chunks: AsyncIterable<string>): AsyncGenerator<string> {
	let rest = "";
	for await (const chunk of chunks) {
		const parts = chunk.split("\n");
		const last = parts.pop() ?? "";
		for (const part of parts) {
			yield joined(rest, part);
			rest = "";
		}
		rest = joined(rest, last);
	}
	if (rest !== "") yield rest;
}

/** Of a line that is too long nothing but its end is looked at. */
function joined(rest: string, part: string): string {
	return rest.length + part.length > MAX_LINE_CHARS ? "" : rest + part;
}

/**
 * The workers' log lines in a line of a file, whatever stands around them: what a worker has printed, what a terminal has put before it,
 * or a tail event in which they are JSON texts. Halves are passed over.
 */
export function logLinesIn(text: string): LogLine[] {
	const found: LogLine[] = [];
	let at = 0;
	while (at < text.length) {
		const plain = text.indexOf(PLAIN, at);
		const quoted = text.indexOf(QUOTED, at);
		const isQuoted = quoted !== -1 && (plain === -1 || quoted < plain);
		const begin = isQuoted ? quoted : plain;
		if (begin === -1) break;
		const end = isQuoted ? endOfText(text, begin) : endOfObject(text, begin);
		const line = end === -1 ? undefined : parsed(text.slice(begin, end));
		if (line !== undefined) found.push(line);
		at = line === undefined ? begin + 1 : end;
	}
	return found;
}

/** Behind the JSON text that begins here; -1 = it does not end. */
function endOfText(text: string, begin: number): number {
	for (let at = begin + 1; at < text.length; at++) {
		if (text[at] === "\\") at++;
		else if (text[at] === '"') return at + 1;
	}
	return -1;
}

/** Behind the flat object that begins here; -1 = it does not end. */
function endOfObject(text: string, begin: number): number {
	for (let at = begin + 1; at < text.length; at++) {
		if (text[at] === '"') {
			at = endOfText(text, at) - 1;
			if (at < 0) return -1;
		} else if (text[at] === "}") return at + 1;
	}
	return -1;
}

function parsed(json: string): LogLine | undefined {
	try {
		const value: unknown = JSON.parse(json);
		if (typeof value === "string") return parsed(value);
		return isObject(value) && typeof value["event"] === "string" ? value : undefined;
	} catch {
		return undefined;
	}
}
