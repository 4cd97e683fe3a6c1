/** A proxy that drops silent connections sees one of these in time. */
const PING_INTERVAL_MS = 10_000;

const utf8 = new TextEncoder();

/** A response of server-sent events, written from outside. */
export interface EventStream {
	response: Response;
	/** Sends an event; once the client has left it is dropped. */
	send(event: string, data: unknown): void;
	close(): void;
}

/**
 * Opens an event stream. Writing never waits for the reader: the writer of a TransformStream hangs for good when the
 * client leaves, and with it all that was to happen after the last event. What piles up is bounded by the answer's length.
 */
export function openEventStream(): EventStream {
	let sink: ReadableStreamDefaultController<Uint8Array> | undefined;
	const detach = (): void => {
		clearInterval(pings);
		sink = undefined;
	};
	const write = (text: string): void => {
		try {
			sink?.enqueue(utf8.encode(text));
		} catch {
			detach();
		}
	};
	const pings = setInterval(() => write(": ping\n\n"), PING_INTERVAL_MS);
	const body = new ReadableStream<Uint8Array>({
		start(controller) {
			sink = controller;
		},
		cancel: detach,
	});
	return {
		response: new Response(body, {
			headers: { "Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-store, no-transform" },
		}),
		send: (event, data) => write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
		close() {
			const open = sink;
			detach();
			try {
				open?.close();
			} catch {
				// The client left first: there is nothing to close.
			}
		},
	};
}
