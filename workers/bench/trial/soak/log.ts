import { isObject } from "../../../lib/http/json.ts";

/** A line of the log, read. */
export type LogLine = Record<string, unknown>;

/** What the workers said. */
export interface WorkersLog {
	lines: LogLine[];
	/** Lines that are none of ours: what workerd says of an exception that nobody caught, say. */
	strange: string[];
	/** Lines that hold what no line may. */
	leaks: string[];
}

/** What no line may hold: an e-mail address, a token, a key, a secret, a link that lets somebody in. */
const FORBIDDEN = [
	/[^\s"@]+@[^\s"@]+\.[a-z]+/i,
	/eyJ[\w-]{10,}/,
	/sk_[a-z0-9_-]+_(?:live|test|dev)_\w+/,
	/whsec_\w+/,
	/wss?:\/\//,
];

/** What workerd says of a stream that a worker broke on purpose, which no worker can keep it from. */
const BROKEN_STREAM = /^Uncaught exception: .*: (?:the clip was cut|the export broke off)$/;

/** @param words of which each message, address and configuration holds one */
export function readLog(raw: readonly string[], words: readonly string[]): WorkersLog {
	const log: WorkersLog = { lines: [], strange: [], leaks: [] };
	for (const text of raw) {
		if (words.some((word) => text.includes(word)) || FORBIDDEN.some((pattern) => pattern.test(text)))
			log.leaks.push(text);
		const line = parsed(text);
		if (line !== undefined) log.lines.push(line);
		else if (!BROKEN_STREAM.test(text)) log.strange.push(text);
	}
	return log;
}

function parsed(text: string): LogLine | undefined {
	try {
		const value: unknown = JSON.parse(text);
		return isObject(value) && typeof value.event === "string" ? value : undefined;
	} catch {
		return undefined;
	}
}

/** The lines of one event. */
export function linesOf({ lines }: WorkersLog, event: string): LogLine[] {
	return lines.filter((line) => line.event === event);
}
