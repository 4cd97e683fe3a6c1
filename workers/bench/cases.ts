import type { Bench } from "./harness.ts";
import type { Gun, Shot } from "./measure.ts";

export interface Case {
	name: string;
	target: Gun;
	floor: Gun;
	/** What the floor does, in a few words. */
	floorName: string;
	/** Text that begins the first byte that counts, ours and the floor's. */
	markers?: { target: string; floor: string };
}

/** A different client each time, as real visitors are: limiters count by IP. */
function clientIp(n: number): string {
	return `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;
}

function get(url: string, headers: Record<string, string> = {}): Gun {
	return (n) => ({ url, method: "GET", headers: { "CF-Connecting-IP": clientIp(n), ...headers } });
}

function post(url: string, body: (n: number) => unknown, headers: Record<string, string> = {}): Gun {
	return (n): Shot => ({
		url,
		method: "POST",
		headers: { "Content-Type": "application/json", "CF-Connecting-IP": clientIp(n), ...headers },
		body: JSON.stringify(body(n)),
	});
}

const KEY = { "X-Site-Key": "sk_chadis_live_abc123" };
const STREAM = { ...KEY, Accept: "text/event-stream" };

/** Every measured route beside the bare work that it cannot do without. */
export function cases(bench: Bench): Case[] {
	const floor = (path: string): string => `${bench.url("floor")}${path}`;
	const portal = (path: string): Gun => get(`${bench.url("portal")}${path}`, { Authorization: `Bearer ${bench.token}` });
	const read = { floor: get(floor("/limited-d1")), floorName: "limiter, one D1 row" };
	const question = (n: number): unknown => ({ message: `What are your opening hours? (${n})`, visitor_id: `v${n}` });
	return [
		{ name: "health", target: get(`${bench.url("portal")}/health`), floor: get(floor("/hello")), floorName: "hello" },
		{ name: "one D1 row", target: get(floor("/d1")), floor: get(floor("/hello")), floorName: "hello" },
		{ name: "portal config", target: portal("/portal/config"), ...read },
		{ name: "portal engines", target: portal("/portal/engines"), ...read },
		{ name: "portal overview", target: portal("/portal/overview"), ...read },
		{ name: "portal insights", target: portal("/portal/insights"), ...read },
		{ name: "chat keyed", target: post(`${bench.url("chat")}/`, question, KEY), floor: post(floor("/chat"), question), floorName: "same calls" },
		{
			name: "chat keyed, streamed",
			target: post(`${bench.url("chat")}/`, question, STREAM),
			floor: post(floor("/chat-stream"), question),
			floorName: "same calls",
			markers: { target: "event: delta", floor: "data:" },
		},
		{ name: "chat against pass-through", target: post(`${bench.url("chat")}/`, question, KEY), floor: get(floor("/pass")), floorName: "Gemini alone" },
		{
			name: "chat streamed against pass-through",
			target: post(`${bench.url("chat")}/`, question, STREAM),
			floor: get(floor("/pass-stream")),
			floorName: "Gemini alone",
			markers: { target: "event: delta", floor: "data:" },
		},
		{
			name: "voice, cache miss",
			target: post(`${bench.url("voice")}/`, (n) => ({ text: `Your appointment is at ${n}.` }), KEY),
			floor: post(floor("/voice"), (n) => ({ text: `Your appointment is at ${n}.` })),
			floorName: "same calls",
		},
		{
			name: "voice, cache hit",
			target: post(`${bench.url("voice")}/`, () => ({ text: "Welcome to CHADIS." }), KEY),
			floor: post(floor("/voice"), () => ({ text: "Welcome to CHADIS." })),
			floorName: "same calls",
		},
	];
}
