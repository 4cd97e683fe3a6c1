import { packedCells, textColumn } from "../../lib/d1/row.ts";
import type { Row } from "../../lib/d1/row.ts";
import { ApiError } from "../../lib/http/errors.ts";
import type { FieldError } from "../../lib/http/errors.ts";
import { invalidFields } from "../../lib/http/fields.ts";
import { json } from "../../lib/http/json.ts";
import { LATENCY_COLUMNS, latencyPercentile } from "../../lib/metrics/latency.ts";
import type { MetricsCounter } from "../../lib/metrics/metrics.ts";
import { IS_ORG, ORG_COLUMNS, readForOrg } from "../auth/access.ts";
import type { OrgTarget } from "../auth/access.ts";
import { addCells, addDay, averageMs, emptyActivity, isInRange, zeros } from "./activity.ts";
import type { Activity } from "./activity.ts";
import { parseDayRange, rangeBefore } from "./day-range.ts";
import type { DayRange } from "./day-range.ts";
import { MAX_LIST_ROWS } from "../request/page.ts";
import { questionColumns, questionsOf } from "../conversations/questions.ts";
import { queryText } from "../request/query.ts";

const SHOWN = [
	"sessions",
	"messages",
	"visitors",
	"errors",
	"blocked",
	"cache_hits",
	"feedback_up",
	"feedback_down",
	"input_tokens",
	"output_tokens",
	"cost_usd_micros",
	"voice_requests",
	"voice_characters",
	"latency_sum_ms",
] as const satisfies readonly MetricsCounter[];
const COUNTERS = [...SHOWN, ...LATENCY_COLUMNS];

interface InsightsQuery {
	range: DayRange;
	/** One engine of the org, of any environment; null = all live ones. */
	engineId: string | null;
}

/**
 * `GET /portal/insights`: the numbers of a range of days. Totals and days count live engines (or the one asked for),
 * `by_engine` lists every engine.
 * @throws {ApiError} invalid_request; not_found: the org has no such engine
 */
export async function getInsights(
	db: D1Database,
	target: OrgTarget,
	params: URLSearchParams,
	now: number,
): Promise<Response> {
	const query = parseInsightsQuery(params, now);
	const { row, results } = await readForOrg(db, target, [
		questionsStatement(db, target.ref, query),
		enginesStatement(db, target.ref, query),
	]);
	const engines = results[1] ?? [];
	if (query.engineId !== null && engines.length === 0)
		throw new ApiError("not_found", "There is no engine with this id.");
	return json(insightsBody(row, engines, query));
}

function parseInsightsQuery(params: URLSearchParams, now: number): InsightsQuery {
	const faults: FieldError[] = [];
	const range = parseDayRange(params, now, faults);
	const engineId = queryText(params, "engine_id", 100, faults) ?? null;
	if (range === undefined || faults.length > 0) throw invalidFields(faults);
	return { range, engineId };
}

const QUESTIONS_SQL = `SELECT ${ORG_COLUMNS}, ${questionColumns("?2")} FROM orgs o WHERE ${IS_ORG}`;

function questionsStatement(db: D1Database, ref: string, { engineId }: InsightsQuery): D1PreparedStatement {
	return db.prepare(QUESTIONS_SQL).bind(ref, engineId);
}

/** One row per engine, its days packed: a year of all of them in one value would pass D1's 2 MB. */
const ENGINES_SQL = `
	SELECT s.id, s.name, s.type, s.environment,
		(SELECT json_group_array(json_array(m.date, ${COUNTERS.map((counter) => `m.${counter}`).join(", ")}))
			FROM metrics_daily m
			WHERE m.site_id = s.id AND m.date BETWEEN ?2 AND ?3 AND +m.org_id = s.org_id) AS days
	FROM orgs o
	JOIN portal_sites s ON s.org_id = o.id
	WHERE ${IS_ORG} AND (?4 IS NULL OR s.id = ?4)
	ORDER BY s.created_at, s.id
	LIMIT ${MAX_LIST_ROWS}
`;

function enginesStatement(db: D1Database, ref: string, { range, engineId }: InsightsQuery): D1PreparedStatement {
	return db.prepare(ENGINES_SQL).bind(ref, rangeBefore(range).from, range.to, engineId);
}

function insightsBody(row: Row, engines: Row[], { range, engineId }: InsightsQuery) {
	const activity = emptyActivity(range, COUNTERS.length);
	const byEngine = engines.map((engine) => {
		const isCounted = engineId !== null || engine["environment"] === "live";
		return engineOf(engine, countEngine(activity, packedCells(engine, "days"), isCounted));
	});
	return {
		range,
		timezone: "UTC",
		totals: numbersOf(activity.totals),
		previous: numbersOf(activity.previous),
		daily: Array.from(activity.days, ([date, sum]) => ({ date, ...numbersOf(sum) })),
		latency: latencyOf(activity.totals),
		by_engine: byEngine,
		top_questions: questionsOf(row, "top_questions"),
		unanswered: questionsOf(row, "unanswered"),
	};
}

/** Adds an engine's days to the whole, when it counts, and gives its own sum over the range. */
function countEngine(activity: Activity, days: unknown[][], isCounted: boolean): number[] {
	const own = zeros(COUNTERS.length);
	for (const cells of days) {
		if (isInRange(activity, cells)) addCells(cells, own);
		if (isCounted) addDay(activity, cells);
	}
	return own;
}

function engineOf(row: Row, sum: readonly number[]) {
	return {
		engine_id: textColumn(row, "id"),
		engine_name: textColumn(row, "name"),
		type: textColumn(row, "type"),
		environment: textColumn(row, "environment"),
		...numbersOf(sum),
	};
}

function counterOf(sum: readonly number[], counter: (typeof COUNTERS)[number]): number {
	return sum[COUNTERS.indexOf(counter)] ?? 0;
}

function numbersOf(sum: readonly number[]) {
	return {
		sessions: counterOf(sum, "sessions"),
		messages: counterOf(sum, "messages"),
		visitors: counterOf(sum, "visitors"),
		errors: counterOf(sum, "errors"),
		blocked: counterOf(sum, "blocked"),
		cache_hits: counterOf(sum, "cache_hits"),
		feedback_up: counterOf(sum, "feedback_up"),
		feedback_down: counterOf(sum, "feedback_down"),
		input_tokens: counterOf(sum, "input_tokens"),
		output_tokens: counterOf(sum, "output_tokens"),
		cost_usd_micros: counterOf(sum, "cost_usd_micros"),
		voice_requests: counterOf(sum, "voice_requests"),
		voice_characters: counterOf(sum, "voice_characters"),
		avg_latency_ms: averageMs(counterOf(sum, "latency_sum_ms"), counterOf(sum, "messages")),
	};
}

function latencyOf(sum: readonly number[]) {
	const counts = sum.slice(SHOWN.length);
	return {
		p50_ms: latencyPercentile(counts, 0.5),
		p95_ms: latencyPercentile(counts, 0.95),
		p99_ms: latencyPercentile(counts, 0.99),
	};
}
