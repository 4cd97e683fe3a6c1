import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { openEventStream } from "../event-stream.ts";

beforeEach(() => vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] }));
afterEach(() => vi.useRealTimers());

it("sends a comment each 10 seconds until it is closed", async () => {
	const stream = openEventStream();
	stream.send("session", { session_id: null });
	vi.advanceTimersByTime(25_000);
	stream.send("delta", { text: "a\nb" });
	stream.close();
	vi.advanceTimersByTime(60_000);
	stream.send("delta", { text: "too late" });
	expect(vi.getTimerCount()).toBe(0);
	const session = 'event: session\ndata: {"session_id":null}\n\n';
	expect(await stream.response.text()).toBe(`${session}: ping\n\n: ping\n\nevent: delta\ndata: {"text":"a\\nb"}\n\n`);
});

it("takes what is sent after the reader has left, and stops its pings", async () => {
	const stream = openEventStream();
	await stream.response.body?.cancel();
	stream.send("delta", { text: "to nobody" });
	stream.close();
	expect(vi.getTimerCount()).toBe(0);
});
