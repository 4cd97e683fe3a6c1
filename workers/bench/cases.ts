import type { Bench } from "./harness.ts";
import type { Shot } from "./load/load.ts";
import { SHORT_SESSIONS } from "./load/template.ts";

export interface Case {
	name: string;
	target: Shot;
	floor: Shot;
	/** What the floor does, in a few words. */
	floorName: string;
	/** Text that begins the first byte that counts, ours and the floor's. */
	markers?: { target: string; floor: string };
}

function get(url: string, headers: Record<string, string> = {}): Shot {
	return { url, method: "GET", headers: { "CF-Connecting-IP": "{ip}", ...headers } };
}

function post(url: string, body: unknown, headers: Record<string, string> = {}): Shot {
	return {
		url,
		method: "POST",
		headers: { "Content-Type": "application/json", "CF-Connecting-IP": "{ip}", ...headers },
		body: JSON.stringify(body),
	};
}

const KEY = { "X-Site-Key": "sk_chadis_live_abc123" };
const STREAM = { ...KEY, Accept: "text/event-stream" };

const LONG_SESSION = "10000000-0000-4000-8000-000000000000";

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
	const portal = (path: string): Shot =>
		get(`${bench.url("portal")}${path}`, { Authorization: `Bearer ${bench.token}` });
	const [floorUrl, chatUrl, voiceUrl] = [bench.url("floor"), `${bench.url("chat")}/`, `${bench.url("voice")}/`];
	const hello = { floor: get(`${floorUrl}/hello`), floorName: "hello" };
	const read = { floor: get(`${floorUrl}/limited-d1`), floorName: "limiter, one D1 row" };
	const question = { message: "Can I fill in the questionnaire on my phone? ({n})", visitor_id: "v{n}" };
	const turn = { message: "And what about Sundays?", visitor_id: "bench" };
	const [phrase, welcome] = [{ text: "Your appointment is at {n}." }, { text: "Welcome to CHADIS." }];
	const markers = { target: "event: delta", floor: "data:" };
	const keyed = post(chatUrl, question, KEY);
	const streamed = post(chatUrl, question, STREAM);
	return [
		{ name: "health", target: get(`${bench.url("portal")}/health`), ...hello },
		{ name: "one D1 row", target: get(`${floorUrl}/d1`), ...hello },
		{ name: "portal config", target: portal("/portal/config"), ...read },
		{ name: "portal engines", target: portal("/portal/engines"), ...read },
		{ name: "portal overview", target: portal("/portal/overview"), ...read },
		{ name: "portal insights", target: portal("/portal/insights"), ...read },
		{ name: "chat keyed", target: keyed, floor: post(`${floorUrl}/chat`, question), floorName: "same calls" },
		{
			name: "chat keyed, streamed",
			target: streamed,
			floor: post(`${floorUrl}/chat-stream`, question),
			floorName: "same calls",
			markers,
		},
		{
			name: "chat, from turn 1,000 on",
			target: post(chatUrl, { ...turn, session_id: LONG_SESSION }, KEY),
			floor: post(chatUrl, { ...turn, session_id: "{session}" }, KEY),
			floorName: "ours, turn 10",
		},
		{
			name: "chat against pass-through",
			target: keyed,
			floor: get(`${floorUrl}/pass`),
			floorName: "Gemini alone",
		},
		{
			name: "chat streamed against pass-through",
			target: streamed,
			floor: get(`${floorUrl}/pass-stream`),
			floorName: "Gemini alone",
			markers,
		},
		{
			name: "voice, cache miss",
			target: post(voiceUrl, phrase, KEY),
			floor: post(`${floorUrl}/voice`, phrase),
			floorName: "same calls",
		},
		{
			name: "voice, cache hit",
			target: post(voiceUrl, welcome, KEY),
			floor: post(`${floorUrl}/voice`, welcome),
			floorName: "same calls",
		},
	];
}
