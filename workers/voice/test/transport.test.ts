import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { callsOf } from "../../local/stand-ins/control.ts";
import { resetDatabase } from "../../lib/test/database.ts";
import { PANNU_KEY, ask, envelope, freshAddress, hear, session, speech, start, vendorKey } from "./client.ts";
import type { Sent } from "./client.ts";
import { NOTHING_WRITTEN, allowConversations, untouchedDb, written } from "./d1.ts";

beforeEach(async () => {
	await resetDatabase(env.DB);
	await allowConversations();
});
afterEach(() => {
	vi.useRealTimers();
});

describe("a request in an odd form", () => {
	describe.each(["/", "/session", "/session/4b1f7e1e-95a4-4d0a-8f41-6f5c1a1f0c11/end"])("%s", (path) => {
		it.each(["GET", "HEAD", "PUT", "PATCH", "DELETE"])("does not take %s, and says what it takes", async (method) => {
			const { db, touches } = untouchedDb();
			const key = vendorKey();
			const answer = await ask({
				method,
				path,
				headers: { "X-Site-Key": PANNU_KEY },
				env: { CONVERSATION: "on", DB: db, ELEVENLABS_API_KEY: key },
			});
			expect(answer.status).toBe(405);
			expect(answer.body).toEqual(envelope(answer, "method_not_allowed"));
			expect(answer.headers.get("Allow")).toBe("POST, OPTIONS");
			expect(touches).toEqual([]);
			expect(await callsOf(key)).toEqual([]);
		});
	});

	it("a storm of one client's preflights costs neither the database nor its own limit", async () => {
		const { db, touches } = untouchedDb();
		const headers = {
			"CF-Connecting-IP": freshAddress(),
			Origin: "https://www.example.com",
			"Access-Control-Request-Method": "POST",
		};
		const storm = await Promise.all(
			Array.from({ length: 200 }, () => ask({ method: "OPTIONS", headers, env: { DB: db } })),
		);
		expect(new Set(storm.map(({ status }) => status))).toEqual(new Set([204]));
		expect(touches).toEqual([]);
		expect((await ask({ method: "GET", path: "/health", headers })).status).toBe(200);
	});

	it("an address of 16 KB is nothing to serve", async () => {
		const { db, touches } = untouchedDb();
		const answer = await ask({ path: `/${"a".repeat(16_000)}`, body: { text: "Hello" }, env: { DB: db } });
		expect(answer.status).toBe(404);
		expect(answer.body).toEqual(envelope(answer, "not_found"));
		expect(touches).toEqual([]);
	});

	it("an address with 100 parameters is the address without them, for the cache as well", async () => {
		const key = vendorKey();
		const parameters = Array.from({ length: 100 }, (_, n) => `p${n}=${n}`).join("&");
		const sent = speech("A hundred parameters.", key);
		expect((await hear({ ...sent, path: `/?${parameters}` })).headers.get("X-Cache")).toBe("MISS");
		expect((await hear(sent)).headers.get("X-Cache")).toBe("HIT");
	});
});

interface SlowBody {
	stream: ReadableStream<Uint8Array>;
	isCancelled: boolean;
}

/** A body that begins well and brings a further space every `gapMs`, or nothing more, and never ends. */
function slowBody(gapMs: number): SlowBody {
	const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
	let isFirst = true;
	const slow: SlowBody = {
		isCancelled: false,
		stream: new ReadableStream({
			async pull(controller) {
				if (!isFirst) await new Promise((resolve) => setTimeout(resolve, gapMs));
				controller.enqueue(bytes(isFirst ? '{"text":' : " "));
				isFirst = false;
			},
			cancel() {
				slow.isCancelled = true;
			},
		}),
	};
	return slow;
}

type Slow = [what: string, gapMs: number, sent: (key: string) => Sent];

const SLOW: Slow[] = [
	["that stops, with a site key", 1e9, (key) => speech("", key)],
	["that trickles, with a site key", 900, (key) => speech("", key)],
	["that trickles, without one", 900, (key) => ({ env: { ELEVENLABS_API_KEY: key } })],
	["that stops, of a conversation", 1e9, (key) => session(key)],
	["that trickles, of a conversation", 900, (key) => session(key)],
];

describe("a body that never ends", () => {
	it.each(SLOW)("%s, is let go after ten seconds, before anything is spent", async (_, gapMs, make) => {
		vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
		const key = vendorKey();
		const { db, touches } = untouchedDb();
		const slow = slowBody(gapMs);
		const sent = make(key);
		const { answer, settled } = start({
			...sent,
			stream: slow.stream,
			headers: { ...sent.headers, "Content-Type": "application/json" },
			env: { ...sent.env, DB: db },
		});
		let isAnswered = false;
		void answer.then(() => (isAnswered = true));
		await vi.waitFor(() => expect(vi.getTimerCount()).toBeGreaterThan(0));
		await vi.advanceTimersByTimeAsync(9000);
		expect(isAnswered).toBe(false);
		await vi.advanceTimersByTimeAsync(1000);
		const response = await answer;
		expect(response.status).toBe(408);
		expect(await response.json()).toEqual(
			envelope({ status: 408, headers: response.headers, body: null }, "request_timeout"),
		);
		expect(slow.isCancelled).toBe(true);
		vi.useRealTimers();
		await settled();
		expect(touches).toEqual([]);
		expect(await written()).toEqual(NOTHING_WRITTEN);
		expect(await callsOf(key)).toEqual([]);
	});
});

/** 50 KB that a pattern with a quantifier in a quantifier would try in more ways than a test has time for. */
const HARD = ["a", "_", "a-", "1.", "; ", "::"].map((unit): [string, string] => [
	unit,
	`${unit.repeat(50_000 / unit.length)}!`,
]);

describe("a header that is made to be hard to match", () => {
	it.each(HARD)("is refused: 50 KB of %j", async (_, text) => {
		const { db, touches } = untouchedDb();
		const refusal = async (headers: Record<string, string>, status: number, code: string) => {
			const answer = await ask({ body: { text: "Hello" }, headers, env: { DB: db } });
			expect(answer.body).toEqual(envelope(answer, code));
			expect(answer.status).toBe(status);
		};
		await refusal({ "X-Site-Key": `sk_${text}` }, 401, "invalid_site_key");
		await refusal({ "X-Site-Key": `sk_a_live_${text}` }, 401, "invalid_site_key");
		await refusal({ Origin: `https://${text}` }, 403, "origin_not_allowed");
		await refusal({ "Content-Type": text }, 415, "unsupported_media_type");
		await refusal({ "Content-Type": `application/json; charset=x${text}` }, 415, "unsupported_media_type");
		expect(touches).toEqual([]);
	});

	it.each(HARD)("is no address: 50 KB of %j", async (_, text) => {
		expect(
			(await ask({ method: "GET", path: "/health", headers: { "CF-Connecting-IP": `${freshAddress()}${text}` } }))
				.status,
		).toBe(200);
	});
});
