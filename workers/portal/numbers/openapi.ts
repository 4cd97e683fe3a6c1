import { closedObjectSchema, schema } from "../../lib/http/openapi.ts";
import {
	COUNT,
	DAY,
	DAYS,
	ENGINE_ID,
	FLAG,
	INSTANT,
	ORG_STATUS,
	PAGE,
	PLAN,
	TEXT,
	VISITOR,
	choice,
	each,
	listOf,
	ofOrg,
	ofStaff,
	orNull,
	pageOf,
	query,
	text,
} from "../request/openapi-parts.ts";
import type { Group } from "../request/openapi-parts.ts";

const COUNTED = ["sessions", "messages", "visitors", "errors", "voice_characters"];
const INSIGHTS_COUNTED = [
	...["sessions", "messages", "visitors", "errors", "blocked", "cache_hits", "feedback_up", "feedback_down"],
	...["input_tokens", "output_tokens", "cost_usd_micros", "voice_requests", "voice_characters"],
];
const ROLE = choice("admin", "member");
const MILLISECONDS = orNull({ type: "number", minimum: 0 });
const NUMBERS = { ...each(INSIGHTS_COUNTED, COUNT), avg_latency_ms: MILLISECONDS };
const ENVIRONMENT = choice("live", "test", "dev");
const ENGINE_TYPE = choice("chatbot", "voice");

/** What every answer shows of an engine. */
export const ENGINE = {
	...each(["id", "name", "site_key"], TEXT),
	type: ENGINE_TYPE,
	status: choice("active", "paused", "archived"),
	environment: ENVIRONMENT,
	allowed_origins: { ...orNull(listOf(TEXT)), description: "null = any https origin." },
	origins_open: FLAG,
	last_active_at: orNull(INSTANT),
	sessions_30d: COUNT,
	messages_30d: COUNT,
};

const SESSION = {
	...each(["id", "engine_id", "engine_name"], TEXT),
	visitor: VISITOR,
	started_at: INSTANT,
	last_message_at: INSTANT,
	message_count: COUNT,
};

const USED = closedObjectSchema({
	used: COUNT,
	limit: { ...orNull(COUNT), description: "null = no limit." },
	resets_at: INSTANT,
});

const OVERVIEW = closedObjectSchema({
	viewer: closedObjectSchema({
		user_id: TEXT,
		role: { ...orNull(ROLE), description: "null = none, as of staff who look in." },
		staff: FLAG,
		impersonated: FLAG,
	}),
	org: closedObjectSchema({ ...each(["id", "name", "slug", "plan"], TEXT), status: ORG_STATUS }),
	range: schema("DayRange"),
	totals: schema("OverviewTotals"),
	previous: schema("OverviewTotals"),
	today: closedObjectSchema({ sessions: COUNT, messages: COUNT }),
	engines: closedObjectSchema({ active: COUNT, total: COUNT }),
	usage: schema("Usage"),
	daily: listOf(closedObjectSchema({ date: DAY, sessions: COUNT, messages: COUNT })),
	recent_sessions: listOf(closedObjectSchema(SESSION), 5),
});

const INSIGHTS = closedObjectSchema({
	range: schema("DayRange"),
	timezone: { const: "UTC" },
	totals: schema("Numbers"),
	previous: schema("Numbers"),
	daily: listOf(closedObjectSchema({ date: DAY, ...NUMBERS })),
	latency: closedObjectSchema(each(["p50_ms", "p95_ms", "p99_ms"], MILLISECONDS)),
	by_engine: listOf(
		closedObjectSchema({ engine_id: TEXT, engine_name: TEXT, type: ENGINE_TYPE, environment: ENVIRONMENT, ...NUMBERS }),
	),
	top_questions: listOf(schema("Question"), 10),
	unanswered: listOf(schema("Question"), 10),
});

const WORKFLOW = closedObjectSchema({
	...each(["id", "name", "description", "trigger"], TEXT),
	status: choice("active", "paused", "draft"),
	last_run_at: orNull(INSTANT),
	last_run_status: orNull(choice("success", "failure", "running")),
	runs_30d: COUNT,
	success_rate_30d: {
		...orNull({ type: "number", minimum: 0, maximum: 1 }),
		description: "Of the runs that have ended; null when none has.",
	},
});

const MEMBER = closedObjectSchema({
	user_id: TEXT,
	...each(["name", "email", "image_url"], orNull(TEXT)),
	role: ROLE,
	joined_at: INSTANT,
});

const CLIENT = closedObjectSchema({
	...each(["id", "name", "slug", "plan"], TEXT),
	status: ORG_STATUS,
	created_at: INSTANT,
	...each(["engines", "sessions_30d", "messages_30d"], COUNT),
	last_active_at: orNull(INSTANT),
});

const AUDIT_ENTRY = closedObjectSchema({
	id: COUNT,
	at: INSTANT,
	user_id: { ...TEXT, description: "Clerk's id of the user, or stripe." },
	acting_as: choice("admin", "staff", "stripe"),
	action: { ...TEXT, description: "Such as config.update." },
	target: orNull(TEXT),
	fields: { ...listOf(TEXT), description: "The names of what was written." },
});

/** What an organization looks at. */
export const READS: Group = {
	schemas: {
		DayRange: closedObjectSchema({ from: DAY, to: DAY, days: COUNT }),
		OverviewTotals: closedObjectSchema({ ...each(COUNTED, COUNT), avg_latency_ms: MILLISECONDS }),
		Usage: closedObjectSchema({ messages: USED, voice_characters: USED }),
		Overview: OVERVIEW,
		Engine: closedObjectSchema(ENGINE),
		Engines: closedObjectSchema({ engines: listOf(schema("Engine")) }),
		Workflows: closedObjectSchema({ workflows: listOf(WORKFLOW) }),
		Numbers: closedObjectSchema(NUMBERS),
		Question: closedObjectSchema({
			question: TEXT,
			engine_id: TEXT,
			asked: COUNT,
			unanswered: COUNT,
			last_asked_at: INSTANT,
		}),
		Insights: INSIGHTS,
		Team: closedObjectSchema({ members: listOf(MEMBER), total: COUNT, source: choice("clerk", "database") }),
		Client: CLIENT,
		Clients: pageOf("clients", "Client"),
		AuditEntry: AUDIT_ENTRY,
		Audit: pageOf("entries", "AuditEntry"),
	},
	paths: {
		"/portal/overview": { get: ofOrg("getOverview", "The last 30 days of the live engines", "Overview") },
		"/portal/engines": { get: ofOrg("listEngines", "Every engine, the oldest first", "Engines") },
		"/portal/workflows": {
			get: ofOrg("listWorkflows", "Every workflow by name, with its runs of the last 30 days", "Workflows"),
		},
		"/portal/insights": {
			get: ofOrg("getInsights", "The numbers of a range of days, by default the last 30", "Insights", {
				parameters: [...DAYS, ENGINE_ID],
				errors: ["not_found"],
			}),
		},
		"/portal/team": {
			get: ofOrg("getTeam", "The members, the oldest first", "Team", { errors: ["team_unavailable"] }),
		},
		"/portal/clients": {
			get: ofStaff("listClients", "For staff: every organization by name", "Clients", [
				...PAGE,
				query("q", text(40), "What the name or slug begins with."),
				query("status", ORG_STATUS),
				query("plan", PLAN),
			]),
		},
		"/portal/audit": {
			get: ofOrg("listAudit", "For admins and staff: every write, the newest first", "Audit", { parameters: PAGE }),
		},
	},
};
