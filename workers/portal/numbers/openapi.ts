import { closedObjectSchema, schema } from "../../lib/http/openapi.ts";
import type { OpenapiRoom } from "../../lib/http/openapi.ts";
import {
	COUNT,
	DAY,
	DAYS,
	ENGINE_ID,
	ENGINE_TYPE,
	ENVIRONMENT,
	FLAG,
	INSTANT,
	ORG_STATUS,
	ROLE,
	TEXT,
	VISITOR,
	choice,
	each,
	listOf,
	ofOrg,
	orNull,
	query,
	text,
} from "../request/openapi-parts.ts";
import { NUMBERS_WORDS } from "./openapi-words.ts";

const COUNTED = ["sessions", "messages", "visitors", "errors", "voice_characters"];
const INSIGHTS_COUNTED = [
	...["sessions", "messages", "visitors", "errors", "blocked", "cache_hits", "feedback_up", "feedback_down"],
	...["input_tokens", "output_tokens", "cost_usd_micros", "voice_requests", "voice_characters"],
];
const MILLISECONDS = orNull({ type: "number", minimum: 0 });
const NUMBERS = { ...each(INSIGHTS_COUNTED, COUNT), avg_latency_ms: MILLISECONDS };

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

const SAFETY = {
	...listOf(
		closedObjectSchema({
			class: choice("self_harm", "medical_emergency", "poisoning", "abuse", "dental_emergency"),
			tier: { enum: [1, 2] },
			count: COUNT,
		}),
		10,
	),
	description:
		"How often visitors spoke of danger, of all engines: tier 1 was answered with a fixed text, and nothing else of it is kept; tier 2 with a line of help below the answer.",
};

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
	safety: SAFETY,
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
	safety: SAFETY,
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

const EXPORT =
	"The last record is an end mark: conversation_id `#end`, role `end`, and as text `complete: N rows` (of this file), or `continues: N rows` with message_id as the cursor of the next file. A file without an end mark broke off: go on from the message_id of its last whole row. Every file has the header line.";
const EXPORT_CURSOR = query(
	"cursor",
	text(200),
	"The message_id of the last row that is there: what follows it is given. Send the same from and to.",
);

/** How an organization fares. */
export const NUMBERS_ROOM: OpenapiRoom = {
	tag: { name: "Numbers", description: "How an organization fares." },
	words: NUMBERS_WORDS,
	schemas: {
		DayRange: closedObjectSchema({ from: DAY, to: DAY, days: COUNT }),
		OverviewTotals: closedObjectSchema({ ...each(COUNTED, COUNT), avg_latency_ms: MILLISECONDS }),
		Usage: closedObjectSchema({ messages: USED, voice_characters: USED }),
		Overview: OVERVIEW,
		Workflows: closedObjectSchema({ workflows: listOf(WORKFLOW) }),
		Numbers: closedObjectSchema(NUMBERS),
		Question: closedObjectSchema({
			question: { ...TEXT, description: "Without case, marks and spacing." },
			wording: {
				...orNull(TEXT),
				description:
					"As visitors put it, once two of them have put it alike; good as title of an answer, as question is.",
			},
			engine_id: TEXT,
			asked: COUNT,
			unanswered: COUNT,
			last_asked_at: INSTANT,
		}),
		Insights: INSIGHTS,
	},
	paths: {
		"/portal/overview": { get: ofOrg("getOverview", "The last 30 days of the live engines", "Overview") },
		"/portal/workflows": {
			get: ofOrg("listWorkflows", "Every workflow by name, with its runs of the last 30 days", "Workflows"),
		},
		"/portal/insights": {
			get: ofOrg("getInsights", "The numbers of a range of days, by default the last 30", "Insights", {
				parameters: [...DAYS, ENGINE_ID],
				errors: ["not_found"],
			}),
		},
		"/portal/export": {
			get: ofOrg(
				"exportConversations",
				"For admins and staff: every message of a range of days, by default the last 30",
				{ "text/csv": { schema: TEXT } },
				{ description: EXPORT, parameters: [...DAYS, EXPORT_CURSOR] },
			),
		},
	},
};
