/** One event of a stream. */
export interface StreamEvent {
	name: string;
	data: string;
}

/** The events of an answer's body, as they come; comments and unknown fields are passed over. `onBytes` hears each sign of life. */
export async function* streamEvents(
	body: ReadableStream<Uint8Array>,
	onBytes: () => void,
): AsyncGenerator<StreamEvent> {
	let event: StreamEvent = { name: "", data: "" };
	for await (const line of streamLines(body, onBytes)) {
		if (line === "") {
			if (event.data !== "") yield event;
			event = { name: "", data: "" };
		} else if (line.startsWith("event:")) event.name = line.slice(6).trim();
		else if (line.startsWith("data:")) event.data += line.slice(5).trimStart();
	}
}

async function* streamLines(body: ReadableStream<Uint8Array>, onBytes: () => void): AsyncGenerator<string> {
	const reader = body.getReader();
	const decoder = new TextDecoder();
	let rest = "";
	try {
		for (;;) {
			const { done, value } = await reader.read();
			if (done) return;
			onBytes();
			const lines = (rest + decoder.decode(value, { stream: true })).split(/\r?\n/);
			rest = lines.pop() ?? "";
			yield* lines;
		}
	} finally {
		// Whoever stops listening lets go of the connection.
		await reader.cancel().catch(() => undefined);
	}
}
