import { isObject } from "../../lib/http/json.ts";
import { latencyColumn } from "../../lib/metrics/latency.ts";
import type { MetricsDeltas } from "../../lib/metrics/metrics.ts";
import type { LogLine } from "./lines.ts";
import type {
	KeptCost,
	KeptRequest,
	KeptSlot,
	Lost,
	LostAnswer,
	LostClip,
	LostCount,
	OfOrg,
	Unfit,
	UnsettledTurn,
} from "./lost.ts";

// A line is read field by field: it may be of another version, or cut, or made up.

/** A field of a line is missing, or not what it should be. */
class Unreadable extends Error {}

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;
const ID = /^[A-Za-z0-9_-]{1,64}$/;
const DATE = /^2\d{3}-\d\d-\d\d$/;
const INSTANT = /^2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const WORD = /^[a-z0-9.-]{1,100}$/;

function text(line: LogLine, name: string, form: RegExp): string {
	const value = line[name];
	if (typeof value !== "string" || !form.test(value)) throw new Unreadable(name);
	return value;
}

/** A count, ms or micro-USD; a line cut short, or made up, names no more than anything can have cost. */
function count(line: LogLine, name: string): number {
	const value = line[name];
	if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0 || value > 1e9) throw new Unreadable(name);
	return value;
}

function flag(line: LogLine, name: string): boolean {
	const value = line[name];
	if (typeof value !== "boolean") throw new Unreadable(name);
	return value;
}

function ofOrg(line: LogLine): OfOrg {
	return { orgId: text(line, "org_id", ID), siteId: text(line, "site_id", ID), date: text(line, "date", DATE) };
}

function answer(line: LogLine): LostAnswer {
	const ids = line["knowledge_ids"];
	return {
		kind: "answer",
		id: text(line, "message_id", UUID),
		...ofOrg(line),
		sessionId: text(line, "session_id", UUID),
		questionId: text(line, "question_id", UUID),
		at: text(line, "at", INSTANT),
		answeredAt: text(line, "answered_at", INSTANT),
		finish: text(line, "finish", /^(?:stop|length|blocked|curated|cached|safety)$/),
		model: line["model"] === null ? null : text(line, "model", WORD),
		isRanked: flag(line, "is_ranked"),
		isUnanswered: flag(line, "is_unanswered"),
		knowledgeIds: typeof ids === "string" ? ids.split(" ").filter((id) => ID.test(id)) : [],
		inputTokens: count(line, "input_tokens"),
		cachedTokens: count(line, "cached_tokens"),
		outputTokens: count(line, "output_tokens"),
		costUsdMicros: count(line, "cost_usd_micros"),
		brakedUsdMicros: count(line, "braked_usd_micros"),
		latencyMs: count(line, "latency_ms"),
		firstTokenMs: count(line, "first_token_ms"),
	};
}

/** A clip that was made had a turn; a cached one had none. */
function speech(line: LogLine): LostClip | LostCount {
	if (line["turn_id"] === undefined) return counted(line, { voice_requests: 1, cache_hits: count(line, "cache_hits") });
	return {
		kind: "clip",
		id: text(line, "turn_id", UUID),
		...ofOrg(line),
		deltas: {
			voice_requests: count(line, "voice_requests"),
			errors: count(line, "errors"),
			voice_characters: count(line, "voice_characters"),
			cost_usd_micros: count(line, "cost_usd_micros"),
		},
		brakedUsdMicros: count(line, "braked_usd_micros"),
	};
}

function counted(line: LogLine, deltas: MetricsDeltas): LostCount {
	const isCertain = text(line, "unwritten", WORD) === "told";
	return {
		kind: "count",
		id: text(line, "request_id", UUID),
		...ofOrg(line),
		at: text(line, "at", INSTANT),
		deltas,
		isCertain,
	};
}

function rule(line: LogLine): LostCount {
	const latencyMs = count(line, "latency_ms");
	return counted(line, { messages: 1, curated: 1, latency_sum_ms: latencyMs, [latencyColumn(latencyMs)]: 1 });
}

function turn(line: LogLine): UnsettledTurn {
	return { kind: "turn", id: text(line, "turn_id", UUID), brakedUsdMicros: count(line, "braked_usd_micros") };
}

function cost(line: LogLine): KeptCost {
	return {
		kind: "cost",
		id: text(line, "booking_id", UUID),
		orgId: text(line, "org_id", ID),
		date: text(line, "date", DATE),
		costUsdMicros: count(line, "cost_usd_micros"),
	};
}

function request(line: LogLine): KeptRequest {
	return {
		kind: "request",
		id: text(line, "booking_id", UUID),
		worker: text(line, "worker", /^(?:chat|voice)$/) === "chat" ? "chat" : "voice",
		date: text(line, "date", DATE),
		requests: count(line, "requests"),
		costUsdMicros: count(line, "cost_usd_micros"),
	};
}

function slot(line: LogLine): KeptSlot {
	return { kind: "slot", id: text(line, "session_id", UUID), orgId: text(line, "org_id", ID) };
}

/** Every event that says that something was not written and will not be by itself, and how its line is read. */
const READERS: ReadonlyMap<string, (line: LogLine) => Lost> = new Map<string, (line: LogLine) => Lost>([
	["turn_not_logged", answer],
	["speech_not_booked", speech],
	["rule_not_counted", rule],
	["turn_not_settled", turn],
	["cost_not_given_back", cost],
	["legacy_request_not_settled", request],
	["session_slot_not_freed", slot],
]);

/** What of danger was counted is nobody's: its line names no org. */
const UNCOUNTED = "safety_not_counted";

/** What a line of the log has lost; undefined = it tells of nothing lost. */
export function lostBy(line: unknown): Lost | Unfit | undefined {
	if (!isObject(line)) return undefined;
	const event = String(line["event"]);
	const id = String(line["message_id"] ?? line["turn_id"] ?? line["booking_id"] ?? line["request_id"] ?? "");
	if (event === UNCOUNTED)
		return { kind: "unfit", id, why: "such a line names no customer, since nobody knows whose message it was" };
	const read = READERS.get(event);
	if (read === undefined) return undefined;
	try {
		return read(line);
	} catch (error) {
		if (!(error instanceof Unreadable)) throw error;
		return { kind: "unfit", id, why: `its ${error.message} is missing or malformed: a line of an older version` };
	}
}
