import { createServer } from "node:http";
import { afterEach, describe, expect, it, vi } from "vitest";
import { nodeOutbound } from "../../run/outbound.ts";
import { harness } from "./harness.ts";
import type { Harness } from "./harness.ts";

const SPEECH_PATH = "/v1/text-to-speech/hpp4J3VqNfWAUOO0d1Us/stream";
const SPEECH = `https://api.elevenlabs.io${SPEECH_PATH}`;
const TEXT = { text: "Good morning, how are you today?" };

function speak({ post }: Harness, key: string): Promise<Response> {
	return post(SPEECH, TEXT, { "xi-api-key": key });
}

afterEach(() => {
	vi.restoreAllMocks();
});

describe("dispatch", () => {
	it("refuses loudly what no vendor serves, and counts it", async () => {
		const complain = vi.spyOn(console, "error").mockImplementation(() => {});
		const { fetch, post } = harness();
		const message = "The stand-ins serve no GET https://example.com/a?b=1. Nothing outside may be called here.";
		const refused = await fetch("https://example.com/a?b=1");
		expect(refused.status).toBe(421);
		expect(await refused.json()).toEqual({ error: "unexpected_request", message });
		expect(complain).toHaveBeenCalledWith(message);
		expect((await post("https://api.stripe.com/v1/refunds", {}, { authorization: "Bearer sk_test_one" })).status).toBe(
			421,
		);
		expect(await (await fetch("http://stand-ins.test/control/unexpected")).json()).toEqual({
			count: 2,
			requests: ["GET https://example.com/a?b=1", "POST https://api.stripe.com/v1/refunds"],
		});
	});

	it.each([
		["/v1beta/models/gemini-3.5-flash-lite:generateContent", "POST", 403],
		[SPEECH_PATH, "POST", 401],
		["/v1/organizations/org_1/memberships", "GET", 401],
		["/v1/prices", "GET", 401],
		["/.well-known/jwks.json", "GET", 200],
		["/control/unexpected", "GET", 200],
	])("tells the vendor by path on a loopback host: %s", async (path, method, status) => {
		const { fetch } = harness();
		expect((await fetch(`http://127.0.0.1:8788${path}`, { method })).status).toBe(status);
	});
});

describe("faults", () => {
	it("meet only the credential they are for, in order, and are used up", async () => {
		const bench = harness();
		await bench.faults("one", { status: 500, times: 2 }, { status: 503 });
		const statuses = [];
		for (const key of ["one", "two", "one", "one", "one"]) statuses.push((await speak(bench, key)).status);
		expect(statuses).toEqual([500, 200, 500, 503, 200]);
	});

	it("wait for the path they name", async () => {
		const bench = harness();
		await bench.faults("one", { path: "gemini-3.1", status: 500 }, { path: "text-to-speech", status: 503 });
		expect((await speak(bench, "one")).status).toBe(503);
	});

	it("refuse a field that is misspelt", async () => {
		const { control } = harness();
		const response = await control("faults", { credential: "one", faults: [{ cut_aftr: 1 }] });
		expect(response.status).toBe(400);
		expect(await response.json()).toEqual({ error: 'A fault has no field "cut_aftr".' });
	});

	it("replace the body: HTML, nothing, garbage, text, exact writes", async () => {
		const bench = harness();
		const writes = [[0xe2, 0x82], [0xac]].map((bytes) => btoa(String.fromCharCode(...bytes)));
		await bench.faults(
			"one",
			{ replace: "html" },
			{ replace: "empty" },
			{ replace: "garbage" },
			{ body: "no", content_type: "text/plain" },
			{ chunks_base64: writes },
		);
		const html = await speak(bench, "one");
		expect([html.status, html.headers.get("content-type")]).toEqual([200, "text/html; charset=UTF-8"]);
		expect(await (await speak(bench, "one")).text()).toBe("");
		expect([...new Uint8Array(await (await speak(bench, "one")).arrayBuffer())]).toContain(0xff);
		const text = await speak(bench, "one");
		expect([text.headers.get("content-type"), await text.text()]).toEqual(["text/plain", "no"]);
		const chunks: number[][] = [];
		for await (const chunk of (await speak(bench, "one")).body ?? []) chunks.push([...chunk]);
		expect(chunks).toEqual([[0xe2, 0x82], [0xac]]);
	});

	it("redirect", async () => {
		const bench = harness();
		await bench.faults("one", { redirect: "https://evil.example/" });
		const response = await speak(bench, "one");
		expect([response.status, response.headers.get("location")]).toEqual([302, "https://evil.example/"]);
	});
});

describe("call records", () => {
	it("tell the method, path, headers, parsed body and how the answer ended", async () => {
		const bench = harness();
		await (await speak(bench, "one")).arrayBuffer();
		await (await speak(bench, "one")).body?.cancel();
		const [read, left] = await bench.calls("one");
		expect(read).toEqual({
			vendor: "elevenlabs",
			method: "POST",
			path: SPEECH_PATH,
			headers: { "content-type": "application/json", "xi-api-key": "one" },
			body: TEXT,
			status: 200,
			response: "complete",
			chunks_sent: read?.chunks_sent,
		});
		expect(left).toMatchObject({ response: "cancelled", chunks_sent: 0 });
		expect(await bench.calls("two")).toEqual([]);
	});

	it("are forgotten on demand", async () => {
		const bench = harness();
		await speak(bench, "one");
		await bench.fetch("http://stand-ins.test/control/calls?credential=one", { method: "DELETE" });
		expect(await bench.calls("one")).toEqual([]);
	});
});

describe("behind a Node server", () => {
	async function served(bench: Harness, act: (url: string) => Promise<void>): Promise<void> {
		const server = createServer(nodeOutbound(bench.standIns));
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		const address = server.address();
		try {
			await act(`http://127.0.0.1:${typeof address === "object" ? address?.port : 0}${SPEECH_PATH}`);
		} finally {
			server.closeAllConnections();
			server.close();
		}
	}
	const asking = {
		method: "POST",
		headers: { "content-type": "application/json", "xi-api-key": "one" },
		body: JSON.stringify(TEXT),
	};

	it("a cut answer delivers what came before and then breaks", async () => {
		const bench = harness();
		await bench.faults("one", { cut_after: 1 });
		await served(bench, async (url) => {
			let bytes = 0;
			const read = async () => {
				for await (const chunk of (await fetch(url, asking)).body ?? []) bytes += chunk.byteLength;
			};
			await expect(read()).rejects.toThrow();
			expect(bytes).toBeGreaterThan(0);
		});
		expect((await bench.calls("one"))[0]).toMatchObject({ status: 200, response: "broken", chunks_sent: 1 });
	});

	it("a caller who leaves is noticed, mid-stream and while nothing comes", async () => {
		const bench = harness();
		await bench.faults("one", { stall_after: 1 }, { hang: true });
		await served(bench, async (url) => {
			await (await fetch(url, asking)).body?.cancel();
			await expect(fetch(url, { ...asking, signal: AbortSignal.timeout(50) })).rejects.toThrow();
			await vi.waitFor(async () => {
				expect((await bench.calls("one")).map(({ response }) => response)).toEqual(["cancelled", "cancelled"]);
			});
		});
	});

	it("a reset comes before any header", async () => {
		const bench = harness();
		await bench.faults("one", { reset: true });
		await served(bench, async (url) => {
			await expect(fetch(url, asking)).rejects.toThrow("fetch failed");
		});
		expect((await bench.calls("one"))[0]).toMatchObject({ status: 0, response: "broken" });
	});
});
