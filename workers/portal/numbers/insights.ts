import { packedCells, textColumn } from "../../lib/d1/row.ts";
import type { Row } from "../../lib/d1/row.ts";
import { ApiError } from "../../lib/http/errors.ts";
import type { FieldError } from "../../lib/http/errors.ts";
import { invalidFields } from "../../lib/http/fields.ts";
import { taggedJson } from "../../lib/http/conditional.ts";
import { LATENCY_COLUMNS, latencyPercentile } from "../../lib/metrics/latency.ts";
import type { MetricsCounter } from "../../lib/metrics/metrics.ts";
import { HAS_ENGINE, readRecorded } from "../audit/reads.ts";
import type { Read } from "../audit/reads.ts";
import { IS_ORG, ORG_COLUMNS } from "../auth/access.ts";
import type { OrgTarget } from "../auth/access.ts";
import { addCells, addDays, averageMs, daysSql, emptyActivity, sumsSql, zeros } from "./activity.ts";
import type { Activity } from "./activity.ts";
import { parseDayRange, rangeBefore } from "./day-range.ts";
import type { DayRange } from "./day-range.ts";
import { SAFETY_COLUMN, safetyOf } from "./safety.ts";
import { MAX_LIST_ROWS } from "../request/page.ts";
import { questionColumns, questionsOf } from "../conversations/questions.ts";
import { queryText } from "../request/query.ts";

/** The counters that are shown by day, with their places in every list of sums. */
const AT = {
	sessions: 0,
	messages: 1,
	visitors: 2,
	errors: 3,
	blocked: 4,
	cache_hits: 5,
	feedback_up: 6,
	feedback_down: 7,
	input_tokens: 8,
	output_tokens: 9,
	cost_usd_micros: 10,
	voice_requests: 11,
	voice_characters: 12,
	latency_sum_ms: 13,
} as const satisfies Partial<Record<MetricsCounter, number>>;
const COUNTERS = Object.keys(AT);

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
	const statements = [questionsStatement(db, target.ref, query), enginesStatement(db, target.ref, query)];
	const read: Read = { action: "insights.read", now, target: query.engineId, exists: HAS_ENGINE };
	const { row, results } = await readRecorded(db, target, statements, read);
	const engines = results[1] ?? [];
	if (query.engineId !== null && engines.length === 0)
		throw new ApiError("not_found", "There is no engine with this id; GET /portal/engines lists them.");
	return taggedJson(insightsBody(row, engines, query));
}

function parseInsightsQuery(params: URLSearchParams, now: number): InsightsQuery {
	const faults: FieldError[] = [];
	const range = parseDayRange(params, now, faults);
	const engineId = queryText(params, "engine_id", 100, faults) ?? null;
	if (range === undefined || faults.length > 0) throw invalidFields(faults);
	return { range, engineId };
}

const QUESTIONS_SQL = `SELECT ${ORG_COLUMNS}, ${questionColumns("?2")}, ${SAFETY_COLUMN} FROM orgs o WHERE ${IS_ORG}`;

function questionsStatement(db: D1Database, ref: string, { range, engineId }: InsightsQuery): D1PreparedStatement {
	return db.prepare(QUESTIONS_SQL).bind(ref, engineId, range.from, range.to);
}

/** One row per engine, its days packed: a year of all of them in one value would pass D1's 2 MB. */
const ENGINES_SQL = `
	SELECT s.id, s.name, s.type, s.environment,
		(SELECT json_array(${daysSql(COUNTERS)}, ${sumsSql(LATENCY_COLUMNS)})
			FROM metrics_daily m INDEXED BY metrics_daily_by_site
			WHERE m.site_id = s.id AND m.date BETWEEN ?3 AND ?4 AND m.org_id = s.org_id) AS days,
		(SELECT json_array(${sumsSql(COUNTERS)})
			FROM metrics_daily m INDEXED BY metrics_daily_by_site
			WHERE m.site_id = s.id AND m.date >= ?2 AND m.date < ?3 AND m.org_id = s.org_id) AS previous
	FROM orgs o
	JOIN portal_sites s ON s.org_id = o.id
	WHERE ${IS_ORG} AND (?5 IS NULL OR s.id = ?5)
	ORDER BY s.created_at, s.id
	LIMIT ${MAX_LIST_ROWS}
`;

function enginesStatement(db: D1Database, ref: string, { range, engineId }: InsightsQuery): D1PreparedStatement {
	return db.prepare(ENGINES_SQL).bind(ref, rangeBefore(range).from, range.from, range.to, engineId);
}

/** The activity of all engines that count, and their turns by latency. */
interface Whole {
	activity: Activity;
	latency: number[];
}

function insightsBody(row: Row, engines: Row[], { range, engineId }: InsightsQuery) {
	const activity = emptyActivity(range, COUNTERS.length);
	const latency = zeros(LATENCY_COLUMNS.length);
	const byEngine = engines.map((engine) => {
		const isCounted = engineId !== null || engine["environment"] === "live";
		return engineOf(engine, countEngine(engine, isCounted ? { activity, latency } : undefined));
	});
	return {
		range,
		timezone: "UTC",
		totals: numbersOf(activity.totals),
		previous: numbersOf(activity.previous),
		daily: Array.from(activity.days, ([date, sums]) => numbersOf(sums, date)),
		latency: latencyOf(latency),
		by_engine: byEngine,
		top_questions: questionsOf(row, "top_questions"),
		unanswered: questionsOf(row, "unanswered"),
		safety: safetyOf(row),
	};
}

/** An engine's own sums over the range, which are added to the whole where it counts. */
function countEngine(engine: Row, whole: Whole | undefined): number[] {
	const [days = [], latency = []] = packedCells(engine, "days");
	const own = zeros(COUNTERS.length);
	addDays(days, own, whole?.activity.days);
	if (whole === undefined) return own;
	addCells(whole.activity.totals, own);
	for (const sums of packedCells(engine, "previous")) addCells(whole.activity.previous, sums);
	addCells(whole.latency, latency);
	return own;
}

function engineOf(row: Row, sums: readonly number[]) {
	return {
		engine_id: textColumn(row, "id"),
		engine_name: textColumn(row, "name"),
		type: textColumn(row, "type"),
		environment: textColumn(row, "environment"),
		...numbersOf(sums),
	};
}

/** The numbers of a day; or of several, which have no date: JSON leaves out what is undefined. */
function numbersOf(sums: readonly number[], date?: string) {
	return {
		date,
		sessions: sums[AT.sessions],
		messages: sums[AT.messages],
		visitors: sums[AT.visitors],
		errors: sums[AT.errors],
		blocked: sums[AT.blocked],
		cache_hits: sums[AT.cache_hits],
		feedback_up: sums[AT.feedback_up],
		feedback_down: sums[AT.feedback_down],
		input_tokens: sums[AT.input_tokens],
		output_tokens: sums[AT.output_tokens],
		cost_usd_micros: sums[AT.cost_usd_micros],
		voice_requests: sums[AT.voice_requests],
		voice_characters: sums[AT.voice_characters],
		avg_latency_ms: averageMs(sums[AT.latency_sum_ms] ?? 0, sums[AT.messages] ?? 0),
	};
}

function latencyOf(counts: readonly number[]) {
	return {
		p50_ms: latencyPercentile(counts, 0.5),
		p95_ms: latencyPercentile(counts, 0.95),
		p99_ms: latencyPercentile(counts, 0.99),
	};
}
