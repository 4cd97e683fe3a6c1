import { GeminiFault } from "../../lib/gemini/fault.ts";

/** Fields of the event stream format that carry no data, and comments. */
const NO_DATA = /^(?::|(?:event|id|retry)(?::|$))/;

/** How an error object or a page begins that stands right below an event, where the format knows only fields. */
const STRAY = /^\s*[[{<]/;

/**
 * The data of one event. A text outside any field stands for itself (Gemini may put a bare error object into a stream); beside
 * data an unknown field is passed over, as the format says.
 */
function eventData(lines: readonly string[]): string[] {
	const data = lines.filter((line) => line.startsWith("data:"));
	const stray = lines.filter((line) => !line.startsWith("data:") && !NO_DATA.test(line)).join("\n");
	const given = data.map((line) => line.slice(line.startsWith("data: ") ? 6 : 5)).join("\n");
	return [given, data.length === 0 || STRAY.test(stray) ? stray : ""].filter((text) => text !== "");
}

interface EventParser {
	/** The data of the events that this text completes. */
	push(text: string): string[];
	/** The data of an event that the end of the stream completes. */
	end(): string[];
}

/** Lines end in LF, CR or CRLF, also when a chunk ends between the two. */
function createEventParser(): EventParser {
	let line = "";
	let lines: string[] = [];
	let afterCr = false;
	const takeEvent = (): string[] => {
		const data = eventData(lines);
		lines = [];
		return data;
	};
	const takeLine = (ended: string): string[] => {
		if (ended === "") return takeEvent();
		lines.push(ended);
		return [];
	};
	return {
		push(text) {
			if (text === "") return [];
			const [head = "", ...rest] = (afterCr && text.startsWith("\n") ? text.slice(1) : text).split(/\r\n|\r|\n/);
			afterCr = text.endsWith("\r");
			const parts = [line + head, ...rest];
			line = parts.pop() ?? "";
			return parts.flatMap(takeLine);
		},
		end: () => [...takeLine(line), ...takeEvent()],
	};
}

/**
 * Reads a stream of events to its end, however its bytes are cut. The last event may lack its empty line.
 * @param maxBytes cap on the whole stream, bytes
 * @param take is given the data of each event; what it throws ends the reading
 * @throws {GeminiFault} malformed: over the cap or not UTF-8
 */
export async function readEvents(
	body: ReadableStream<Uint8Array>,
	maxBytes: number,
	take: (data: string) => void,
): Promise<void> {
	const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
	const parser = createEventParser();
	let bytes = 0;
	const reader = body.getReader();
	try {
		for (;;) {
			const { done, value } = await reader.read();
			if (done) break;
			bytes += value.byteLength;
			if (bytes > maxBytes) throw new GeminiFault("malformed");
			for (const data of parser.push(decode(decoder, value))) take(data);
		}
		for (const data of parser.push(decode(decoder))) take(data);
		for (const data of parser.end()) take(data);
	} catch (thrown) {
		void reader.cancel().catch(() => undefined);
		throw thrown;
	}
}

/** Without a chunk: the end, where no character may be half read. */
function decode(decoder: TextDecoder, chunk?: Uint8Array): string {
	try {
		return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
	} catch {
		throw new GeminiFault("malformed");
	}
}
