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

const LONG_SESSION = "10000000-0000-4000-8000-000000000000";
const SHORT_SESSIONS = 3000;

function shortSession(n: number): string {
	return `2${(n % SHORT_SESSIONS).toString(16).padStart(7, "0")}-0000-4000-8000-000000000000`;
}

/** One session of 1,000 turns, and many of ten: a turn makes its session longer. */
export const SESSIONS_SQL = `
	INSERT INTO chat_sessions (id, org_id, site_id, visitor_id, message_count)
	WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${SHORT_SESSIONS})
	SELECT '${LONG_SESSION}', 'org_chadis', 'site_chadis', 'bench', 2000
	UNION ALL SELECT printf('2%07x-0000-4000-8000-000000000000', i), 'org_chadis', 'site_chadis', 'bench', 20 FROM n;
	INSERT INTO chat_messages (id, org_id, session_id, role, content)
	WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 1999)
	SELECT s.id || '/' || n.i, s.org_id, s.id, iif(n.i % 2 = 0, 'user', 'assistant'), 'What was said before, in a sentence or two as people write them.'
	FROM chat_sessions s JOIN n ON n.i < s.message_count WHERE s.visitor_id = 'bench';
`;

/** Every measured route beside the bare work that it cannot do without. */
export function cases(bench: Bench): Case[] {
	const floor = (path: string): string => `${bench.url("floor")}${path}`;
	const portal = (path: string): Gun =>
		get(`${bench.url("portal")}${path}`, { Authorization: `Bearer ${bench.token}` });
	const read = { floor: get(floor("/limited-d1")), floorName: "limiter, one D1 row" };
	const question = (n: number): unknown => ({
		message: `Can I fill in the questionnaire on my phone? (${n})`,
		visitor_id: `v${n}`,
	});
	const turn = { message: "And what about Sundays?", visitor_id: "bench" };
	return [
		{ name: "health", target: get(`${bench.url("portal")}/health`), floor: get(floor("/hello")), floorName: "hello" },
		{ name: "one D1 row", target: get(floor("/d1")), floor: get(floor("/hello")), floorName: "hello" },
		{ name: "portal config", target: portal("/portal/config"), ...read },
		{ name: "portal engines", target: portal("/portal/engines"), ...read },
		{ name: "portal overview", target: portal("/portal/overview"), ...read },
		{ name: "portal insights", target: portal("/portal/insights"), ...read },
		{
			name: "chat keyed",
			target: post(`${bench.url("chat")}/`, question, KEY),
			floor: post(floor("/chat"), question),
			floorName: "same calls",
		},
		{
			name: "chat keyed, streamed",
			target: post(`${bench.url("chat")}/`, question, STREAM),
			floor: post(floor("/chat-stream"), question),
			floorName: "same calls",
			markers: { target: "event: delta", floor: "data:" },
		},
		{
			name: "chat, turn 1,000",
			target: post(`${bench.url("chat")}/`, () => ({ ...turn, session_id: LONG_SESSION }), KEY),
			floor: post(`${bench.url("chat")}/`, (n) => ({ ...turn, session_id: shortSession(n) }), KEY),
			floorName: "ours, turn 10",
		},
		{
			name: "chat against pass-through",
			target: post(`${bench.url("chat")}/`, question, KEY),
			floor: get(floor("/pass")),
			floorName: "Gemini alone",
		},
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
