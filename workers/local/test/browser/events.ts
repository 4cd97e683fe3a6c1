/** Headers of a streamed answer, as far as a page needs them. */
export const EVENT_STREAM = { "content-type": "text/event-stream", "access-control-allow-origin": "*" };

/** A streamed answer as the chat writes it, in these pieces. */
export function eventsOf(pieces: readonly string[], sources: readonly { title: string; url: string }[] = []): string {
	const messageId = crypto.randomUUID();
	const done = {
		response: pieces.join(""),
		session_id: null,
		latency_ms: 1,
		message_id: messageId,
		finish: "stop",
		sources,
	};
	const events: [string, unknown][] = [
		["session", { session_id: null, message_id: messageId }],
		...pieces.map((text): [string, unknown] => ["delta", { text }]),
		["done", done],
	];
	return events.map(([event, data]) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`).join("");
}
