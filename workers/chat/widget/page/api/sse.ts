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
	const reader = body.getReader();
	const decoder = new TextDecoder();
	let rest = "";
	let event: StreamEvent = { name: "", data: "" };
	try {
		for (;;) {
			const { done, value } = await reader.read();
			if (done) return;
			onBytes();
			const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
			rest = lines.pop() ?? "";
			for (const line of lines.map((one) => one.replace(/\r$/, ""))) {
				if (line === "") {
					if (event.data !== "") yield event;
					event = { name: "", data: "" };
				} else if (line.startsWith("event:")) event.name = line.slice(6).trim();
				else if (line.startsWith("data:")) event.data += line.slice(5).trimStart();
			}
		}
	} finally {
		// Whoever stops listening lets go of the connection.
		await reader.cancel().catch(() => undefined);
	}
}
