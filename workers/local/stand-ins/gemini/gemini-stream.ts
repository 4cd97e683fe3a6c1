import type { ReplyChunk } from "./gemini-reply.ts";
import type { Answer, Fault, Incoming } from "../wire.ts";

const PAGE = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n\r\n<body>nginx</body>\r\n</html>\r\n\r\n";

/**
 * SSE events parted by CRLF CRLF with `alt=sse`, else one JSON array in pieces. The end is the stream's close. A fault bends the
 * stream's text; where it is cut or falls silent the wire sees to.
 * @param error put in after `error_event_after` chunks
 */
export function streamed(chunks: ReplyChunk[], call: Incoming, error: unknown): Answer {
	const fault = call.fault ?? {};
	const isSse = call.url.searchParams.get("alt") === "sse";
	const frames = isSse ? sseFrames(chunks, fault, error) : listFrames(chunks, fault, error);
	const type = isSse ? "text/event-stream" : "application/json; charset=UTF-8";
	return { status: 200, headers: { "content-type": type }, chunks: frames, streamed: true };
}

function sseFrames(chunks: ReplyChunk[], fault: Fault, error: unknown): string[] {
	const frames = chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\r\n\r\n`);
	const { error_event_after: errorAt, page_after: pageAt, half_after: halfAt } = fault;
	if (pageAt !== undefined) frames.splice(pageAt, 0, PAGE);
	if (halfAt !== undefined) frames.splice(halfAt, Infinity, half(frames[halfAt] ?? ""));
	if (errorAt === undefined) return frames;
	const before = frames.slice(0, errorAt);
	// Without the empty line that ends an event, what follows stands right below it.
	const last = fault.error_shape === "below" ? before.splice(-1).map((frame) => frame.replace(/\r\n$/, "")) : [];
	return [...before, ...last, errorFrame(chunks[errorAt], fault, error)];
}

/** @param next the chunk in whose place the error stands */
function errorFrame(next: ReplyChunk | undefined, { error_shape: shape }: Fault, error: unknown): string {
	switch (shape) {
		case "bare":
		case "below":
			return JSON.stringify(error, null, 2);
		case "beside_text":
			return `data: ${JSON.stringify({ ...next, ...Object(error) })}\r\n\r\n`;
		case "list":
			return `data: ${JSON.stringify([error])}\r\n\r\n`;
		default:
			return `data: ${JSON.stringify(error)}\r\n\r\n`;
	}
}

function listFrames(chunks: ReplyChunk[], { error_event_after: errorAt }: Fault, error: unknown): string[] {
	const events: unknown[] = errorAt === undefined ? chunks : [...chunks.slice(0, errorAt), error];
	return [...events.map((event, index) => (index === 0 ? "[" : ",\r\n") + JSON.stringify(event)), "]"];
}

function half(text: string): string {
	return text.slice(0, Math.floor(text.length / 2));
}
