import { fields, list, number, numberOrNull, object, text, textOrNull } from "./read.ts";
import type { Fields } from "./read.ts";

/** The totals of `GET /portal/overview` and `/portal/insights` that the page draws. */
export interface Totals {
	sessions: number;
	messages: number;
	visitors: number;
	errors: number;
	cacheHits: number;
	costUsdMicros: number;
	voiceCharacters: number;
	averageMs: number | null;
}

interface Day {
	date: string;
	sessions: number;
	messages: number;
}

export interface Question {
	question: string;
	asked: number;
	unanswered: number;
}

export interface Insights {
	from: string;
	to: string;
	days: number;
	totals: Totals;
	previous: Totals;
	daily: Day[];
	latency: { name: string; ms: number | null }[];
	topQuestions: Question[];
	unanswered: Question[];
}

export function insightsOf(answer: unknown): Insights {
	const from = fields(answer);
	const range = object(from, "range");
	const latency = object(from, "latency");
	return {
		from: text(range, "from"),
		to: text(range, "to"),
		days: number(range, "days"),
		totals: totalsOf(object(from, "totals")),
		previous: totalsOf(object(from, "previous")),
		daily: list(from, "daily", dayOf),
		latency: ["p50", "p95", "p99"].map((name) => ({ name, ms: numberOrNull(latency, `${name}_ms`) })),
		topQuestions: list(from, "top_questions", questionOf),
		unanswered: list(from, "unanswered", questionOf),
	};
}

function totalsOf(from: Fields): Totals {
	return {
		sessions: number(from, "sessions"),
		messages: number(from, "messages"),
		visitors: number(from, "visitors"),
		errors: number(from, "errors"),
		cacheHits: number(from, "cache_hits"),
		costUsdMicros: number(from, "cost_usd_micros"),
		voiceCharacters: number(from, "voice_characters"),
		averageMs: numberOrNull(from, "avg_latency_ms"),
	};
}

function dayOf(from: Fields): Day {
	return { date: text(from, "date"), sessions: number(from, "sessions"), messages: number(from, "messages") };
}

function questionOf(from: Fields): Question {
	return { question: text(from, "question"), asked: number(from, "asked"), unanswered: number(from, "unanswered") };
}

export interface Usage {
	used: number;
	/** null = the plan has none. */
	limit: number | null;
	resetsAt: string;
}

export interface Conversation {
	engine: string;
	visitor: string;
	startedAt: string;
	messages: number;
}

export interface Overview {
	userId: string;
	org: { name: string; plan: string; status: string };
	today: { sessions: number; messages: number };
	messages: Usage;
	voiceCharacters: Usage;
	conversations: Conversation[];
}

export function overviewOf(answer: unknown): Overview {
	const from = fields(answer);
	const org = object(from, "org");
	const today = object(from, "today");
	const usage = object(from, "usage");
	return {
		userId: text(object(from, "viewer"), "user_id"),
		org: { name: text(org, "name"), plan: text(org, "plan"), status: text(org, "status") },
		today: { sessions: number(today, "sessions"), messages: number(today, "messages") },
		messages: usageOf(object(usage, "messages")),
		voiceCharacters: usageOf(object(usage, "voice_characters")),
		conversations: list(from, "recent_sessions", conversationOf),
	};
}

function usageOf(from: Fields): Usage {
	return { used: number(from, "used"), limit: numberOrNull(from, "limit"), resetsAt: text(from, "resets_at") };
}

function conversationOf(from: Fields): Conversation {
	return {
		engine: text(from, "engine_name"),
		visitor: text(from, "visitor"),
		startedAt: text(from, "started_at"),
		messages: number(from, "message_count"),
	};
}

export interface Engine {
	name: string;
	type: string;
	status: string;
	environment: string;
	siteKey: string;
	lastActiveAt: string | null;
	sessions: number;
	messages: number;
}

export function enginesOf(answer: unknown): Engine[] {
	return list(fields(answer), "engines", (from) => ({
		name: text(from, "name"),
		type: text(from, "type"),
		status: text(from, "status"),
		environment: text(from, "environment"),
		siteKey: text(from, "site_key"),
		lastActiveAt: textOrNull(from, "last_active_at"),
		sessions: number(from, "sessions_30d"),
		messages: number(from, "messages_30d"),
	}));
}

export interface Client {
	id: string;
	name: string;
	plan: string;
}

export function clientsOf(answer: unknown): Client[] {
	return list(fields(answer), "clients", (from) => ({
		id: text(from, "id"),
		name: text(from, "name"),
		plan: text(from, "plan"),
	}));
}
