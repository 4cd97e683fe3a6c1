import type { Finding } from "../parts/trial.ts";
import type { Org } from "./world.ts";

type Row = Record<string, unknown>;
type Sql = (sql: string) => Promise<Row[]>;

/** Of one org, what is counted at two places or more, each with its SQL; all of a line must be equal. ?org, ?chat and ?voice are filled in. */
const EQUAL: [promise: string, ...sql: [string, string, ...string[]]][] = [
	[
		"answered turns: usage = month = metrics = rows",
		"SELECT SUM(messages) FROM usage_daily WHERE org_id = ?org",
		"SELECT SUM(messages) FROM usage_monthly WHERE org_id = ?org",
		"SELECT SUM(messages) FROM metrics_daily WHERE org_id = ?org",
		"SELECT COUNT(*) FROM chat_messages WHERE org_id = ?org AND role = 'assistant'",
		"SELECT COUNT(*) FROM chat_messages WHERE org_id = ?org AND role = 'assistant' AND finish IN ('stop', 'length', 'blocked', 'curated', 'cached') AND (content <> '' OR replayed_at IS NOT NULL)",
	],
	[
		"voice characters: usage = month = metrics",
		"SELECT SUM(voice_characters) FROM usage_daily WHERE org_id = ?org",
		"SELECT SUM(voice_characters) FROM usage_monthly WHERE org_id = ?org",
		"SELECT SUM(voice_characters) FROM metrics_daily WHERE org_id = ?org",
	],
	[
		"sessions: metrics = rows",
		"SELECT SUM(sessions) FROM metrics_daily WHERE org_id = ?org",
		"SELECT COUNT(*) FROM chat_sessions WHERE org_id = ?org",
	],
	[
		"visitor-days: metrics = rows",
		"SELECT SUM(visitors) FROM metrics_daily WHERE org_id = ?org",
		`SELECT COUNT(DISTINCT s.visitor_id || ' ' || substr(m.created_at, 1, 10))
			FROM chat_messages m JOIN chat_sessions s ON s.id = m.session_id WHERE m.org_id = ?org AND m.role = 'user'`,
	],
	[
		"failed turns of the chat: metrics = questions without an answer",
		"SELECT SUM(errors) FROM metrics_daily WHERE org_id = ?org AND site_id = ?chat",
		"SELECT SUM(iif(role = 'user', 1, -1)) FROM chat_messages WHERE org_id = ?org",
	],
	[
		"messages of a session: message_count = rows",
		"SELECT SUM(message_count) FROM chat_sessions WHERE org_id = ?org",
		"SELECT COUNT(*) FROM chat_messages WHERE org_id = ?org",
		"SELECT SUM((SELECT COUNT(*) FROM chat_messages m WHERE m.session_id = s.id AND s.message_count > 0)) FROM chat_sessions s WHERE org_id = ?org",
	],
	...["blocked", "curated", "cached"].map((finish): [string, string, string] => [
		`${finish} answers: metrics = rows`,
		`SELECT SUM(${finish === "cached" ? "cache_hits" : finish}) FROM metrics_daily WHERE org_id = ?org AND site_id = ?chat`,
		`SELECT COUNT(*) FROM chat_messages WHERE org_id = ?org AND finish = '${finish}'`,
	]),
	[
		"latencies and tokens: metrics = rows",
		"SELECT SUM(latency_sum_ms) || ' ' || SUM(input_tokens) || ' ' || SUM(output_tokens) FROM metrics_daily WHERE org_id = ?org AND site_id = ?chat",
		"SELECT SUM(latency_ms) || ' ' || SUM(input_tokens) || ' ' || SUM(output_tokens) FROM chat_messages WHERE org_id = ?org AND role = 'assistant'",
	],
	[
		"cost of the chat, micro-USD: metrics = rows",
		"SELECT SUM(cost_usd_micros) FROM metrics_daily WHERE org_id = ?org AND site_id = ?chat",
		"SELECT SUM(cost_usd_micros) FROM chat_messages WHERE org_id = ?org AND role = 'assistant'",
	],
	[
		"ratings up and down: metrics = sessions = rows",
		"SELECT SUM(feedback_up) || ' ' || SUM(feedback_down) FROM metrics_daily WHERE org_id = ?org",
		"SELECT SUM(rating_up) || ' ' || SUM(rating_down) FROM chat_sessions WHERE org_id = ?org",
		"SELECT SUM(rating IS 'up') || ' ' || SUM(rating IS 'down') FROM chat_messages WHERE org_id = ?org",
	],
	[
		"leads: metrics = rows",
		"SELECT SUM(leads) FROM metrics_daily WHERE org_id = ?org",
		"SELECT COUNT(*) FROM leads WHERE org_id = ?org",
	],
	[
		"conversations: metrics = minted rows",
		"SELECT SUM(voice_sessions) FROM metrics_daily WHERE org_id = ?org",
		"SELECT COUNT(*) FROM voice_sessions WHERE org_id = ?org AND conversation_id IS NOT NULL",
	],
	[
		"conversation seconds: metrics = rows",
		"SELECT SUM(voice_seconds) FROM metrics_daily WHERE org_id = ?org",
		"SELECT COALESCE(SUM(duration_seconds), 0) FROM voice_sessions WHERE org_id = ?org",
	],
	[
		"passages: org = entries = rows",
		"SELECT knowledge_passages FROM orgs WHERE id = ?org",
		"SELECT COALESCE(SUM(passages), 0) FROM knowledge WHERE org_id = ?org",
		"SELECT COUNT(*) FROM knowledge_passages p JOIN knowledge k ON k.id = p.knowledge_id WHERE k.org_id = ?org",
		"SELECT COUNT(DISTINCT passage_id) FROM knowledge_terms WHERE org_id = ?org",
	],
];

/** What of the whole database must be nothing, with its SQL. */
const NOTHING: [promise: string, sql: string][] = [
	["turns left after the sweep", "SELECT COUNT(*) FROM turns"],
	["answers still pending", "SELECT COUNT(*) FROM chat_messages WHERE finish = 'pending'"],
	[
		"sessions whose message_count is another",
		"SELECT COUNT(*) FROM chat_sessions s WHERE message_count <> (SELECT COUNT(*) FROM chat_messages m WHERE m.session_id = s.id)",
	],
	[
		"sessions whose rows are of two orgs",
		"SELECT COUNT(*) FROM chat_messages m JOIN chat_sessions s ON s.id = m.session_id WHERE m.org_id <> s.org_id",
	],
	["conversations still open", "SELECT COUNT(*) FROM voice_sessions WHERE status = 'open'"],
	[
		"counters below 0",
		"SELECT COUNT(*) FROM metrics_daily WHERE MIN(sessions, messages, visitors, errors, feedback_up, feedback_down, leads, voice_characters) < 0",
	],
];

async function onlyValue(sql: Sql, text: string): Promise<string | number> {
	const [row] = await sql(text);
	const [value] = Object.values(row ?? {});
	return typeof value === "number" || typeof value === "string" ? value : 0;
}

/** Holds counters against rows, org by org. */
export async function bookFindings(sql: Sql, orgs: readonly Org[]): Promise<Finding[]> {
	const findings: Finding[] = [];
	for (const [promise, ...texts] of EQUAL) {
		const byPlace: (string | number)[][] = texts.map(() => []);
		for (const { id, chatSite, voiceSite } of orgs) {
			const filled = texts.map((text) =>
				text.replaceAll("?org", `'${id}'`).replaceAll("?chat", `'${chatSite}'`).replaceAll("?voice", `'${voiceSite}'`),
			);
			for (const [place, text] of filled.entries()) byPlace[place]?.push(await onlyValue(sql, text));
		}
		const [expected = "", ...others] = byPlace.map((values) => values.join(", "));
		findings.push({ promise, expected, found: others.find((other) => other !== expected) ?? expected });
	}
	for (const [promise, text] of NOTHING) findings.push({ promise, expected: 0, found: await onlyValue(sql, text) });
	return findings;
}
