import { describe, expect, it } from "vitest";
import { readEvents } from "../sse.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

async function read(chunks: Uint8Array[], maxBytes = 10_000): Promise<string[]> {
	const body = new ReadableStream<Uint8Array>({
		start(controller) {
			for (const chunk of chunks) controller.enqueue(chunk);
			controller.close();
		},
	});
	const data: string[] = [];
	await readEvents(body, maxBytes, (event) => data.push(event));
	return data;
}

describe("the data of an event stream", () => {
	it.each(["\n", "\r\n", "\r"])(
		"is the same wherever the bytes are cut in two, with lines that end in %j",
		async (end) => {
			const lines = [
				"data: one é😀",
				"",
				": comment",
				"data:two",
				"data:  three",
				"",
				"event: x",
				"id",
				"retry: 5",
				"",
				"",
				"data: four",
			];
			const bytes = encode(lines.join(end));
			for (let at = 0; at <= bytes.length; at++) {
				expect(await read([bytes.slice(0, at), bytes.slice(at)])).toEqual(["one é😀", "two\n three", "four"]);
			}
		},
	);

	it("is given as soon as its event is complete", async () => {
		const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
		const writer = writable.getWriter();
		const taken: string[] = [];
		const reading = readEvents(readable, 10_000, (event) => taken.push(event));
		for (const [index, end] of ["\n\n", "\r\n\r\n", "\r\r"].entries()) {
			void writer.write(encode(`data: now${end}`));
			await expect.poll(() => taken).toHaveLength(index + 1);
		}
		void writer.close();
		await reading;
		expect(taken).toEqual(["now", "now", "now"]);
	});

	it("includes a text that stands outside any field", async () => {
		expect(await read([encode('data: one\n\n{\n  "error": {}\n}')])).toEqual(["one", '{\n  "error": {}\n}']);
	});

	it.each(['{"error": {}}', '[{"error": {}}]', "<html>", '{\n  "error": {}\n}'])(
		"includes a text right below an event, which the format would pass over: %j",
		async (text) => {
			expect(await read([encode(`data: one\n${text}\n\ndata: two`)])).toEqual(["one", text, "two"]);
		},
	);

	it("passes over a field that it does not know beside data", async () => {
		expect(await read([encode("data: one\nx-trace: 5\nnote\n\n")])).toEqual(["one"]);
	});

	it.each([
		["bytes that are not UTF-8", [encode("data: a"), new Uint8Array([0xff])]],
		["half a character at the end", [encode("data: a"), new Uint8Array([0xf0, 0x9f])]],
		["more bytes than the cap", [encode("data: "), encode("a".repeat(10_000))]],
	])("ends with a fault at %s", async (_, chunks) => {
		await expect(read(chunks)).rejects.toMatchObject({ name: "GeminiFault", reason: "malformed" });
	});
});
