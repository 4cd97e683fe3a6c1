import { env } from "cloudflare:workers";
import type { Call } from "./client.ts";
import { CHADIS_KEY, newClient } from "./client.ts";
import { rows } from "./tables.ts";

/** A conversation of one turn, as its visitor knows it. */
export interface Conversation {
	key: string;
	visitor: string | undefined;
	session_id: string;
	/** Id of the answer's message. */
	message_id: string;
}

export async function converse(more: { key?: string; visitor?: string; message?: string } = {}): Promise<Conversation> {
	const { key = CHADIS_KEY, visitor, message = "When do you open?" } = more;
	const answer = await newClient().call({ key, body: { message, visitor_id: visitor ?? null } });
	const { session_id, message_id }: { session_id: string; message_id: string } = await answer.json();
	return { key, visitor, session_id, message_id };
}

/** A call of a route on a conversation; an undefined key leaves it out. */
export type RouteCall = (talk: Conversation, key: string | undefined) => Call;

function headersOf({ visitor }: Conversation): Record<string, string> {
	return visitor === undefined ? {} : { "X-Visitor-Id": visitor };
}

export const readSession: RouteCall = (talk, key) => ({
	method: "GET",
	path: `/sessions/${talk.session_id}`,
	key,
	headers: headersOf(talk),
});
export const endSession: RouteCall = (talk, key) => ({ ...readSession(talk, key), method: "DELETE" });
const readConfig: RouteCall = (_, key) => ({
	method: "GET",
	path: key === undefined ? "/config" : `/config?site_key=${encodeURIComponent(key)}`,
});

export function rate(rating: unknown, more: Record<string, unknown> = {}): RouteCall {
	return (talk, key) => {
		const { session_id, message_id } = talk;
		return { path: "/feedback", key, headers: headersOf(talk), body: { session_id, message_id, rating, ...more } };
	};
}

export function leave(email: string, more: Record<string, unknown> = {}): RouteCall {
	return (talk, key) => ({
		path: "/leads",
		key,
		headers: headersOf(talk),
		body: { session_id: talk.session_id, email, ...more },
	});
}

/** A lead of a visitor who has begun no conversation. */
export const leaveAlone =
	(email: string, more: Record<string, unknown> = {}): RouteCall =>
	(_, key) => ({ path: "/leads", key, body: { email, ...more } });

/** Every route that takes a site key, but `POST /`, whose tests are the rest of this folder. */
export const KEYED_ROUTES: [string, RouteCall][] = [
	["GET /config", readConfig],
	["POST /leads without a session", leaveAlone("ann@example.com", { name: "Ann", message: "Call me" })],
	["GET /sessions/{id}", readSession],
	["DELETE /sessions/{id}", endSession],
	["POST /feedback", rate("up", { comment: "Thanks" })],
	["POST /leads", leave("ann@example.com", { name: "Ann", message: "Call me" })],
];

export const SESSION_ROUTES = KEYED_ROUTES.slice(2);

const TABLES = [
	"chat_sessions",
	"chat_messages",
	"metrics_daily",
	"leads",
	"usage_daily",
	"question_stats",
	"portal_sites",
	"orgs",
	"org_config",
];

/** Everything that a route could change. */
export async function everything(): Promise<unknown> {
	const tables = await env.DB.batch(TABLES.map((table) => env.DB.prepare(`SELECT * FROM ${table} ORDER BY 1, 2, 3`)));
	return tables.map(({ results }) => results);
}

/** The day's counters of ratings and leads, all sites. */
export async function counters(): Promise<unknown> {
	return rows("SELECT site_id, feedback_up, feedback_down, leads FROM metrics_daily ORDER BY site_id, date");
}
