import type { MetricsDeltas } from "../../lib/metrics/metrics.ts";

// What the lines of lost bookings tell. Each has the id by which it is put back once.

/** What every line of an org's tells. */
export interface OfOrg {
	orgId: string;
	siteId: string;
	/** UTC day on which it is counted. */
	date: string;
}

/** An answer that was given and not recorded. */
export interface LostAnswer extends OfOrg {
	kind: "answer";
	/** Of the turn, and of the answer's message. */
	id: string;
	sessionId: string;
	/** Of the visitor's message. */
	questionId: string;
	/** ISO instants: of the request, and of the whole answer. */
	at: string;
	answeredAt: string;
	finish: string;
	model: string | null;
	isRanked: boolean;
	isUnanswered: boolean;
	knowledgeIds: readonly string[];
	inputTokens: number;
	cachedTokens: number;
	outputTokens: number;
	costUsdMicros: number;
	/** What of its reservation the brakes keep. */
	brakedUsdMicros: number;
	latencyMs: number;
	firstTokenMs: number;
}

/** A clip that was made and not booked. */
export interface LostClip extends OfOrg {
	kind: "clip";
	/** Of the turn. */
	id: string;
	deltas: MetricsDeltas;
	brakedUsdMicros: number;
}

/** A cached clip, or an answer by rule, that was not counted. */
export interface LostCount extends OfOrg {
	kind: "count";
	/** Of the request, by which its note is known. */
	id: string;
	at: string;
	deltas: MetricsDeltas;
	/** D1 told at the last look that it was not carried out. */
	isCertain: boolean;
}

/** A turn that failed and was not ended. */
export interface UnsettledTurn {
	kind: "turn";
	id: string;
	brakedUsdMicros: number;
}

/** A cost that was reserved and not given back. */
export interface KeptCost {
	kind: "cost";
	/** Of its booking. */
	id: string;
	orgId: string;
	date: string;
	costUsdMicros: number;
}

/** As `KeptCost`, of a request without a site key. */
export interface KeptRequest {
	kind: "request";
	id: string;
	worker: "chat" | "voice";
	date: string;
	requests: number;
	costUsdMicros: number;
}

/** A place of a conversation that was taken and not freed. */
export interface KeptSlot {
	kind: "slot";
	id: string;
	orgId: string;
}

export type Lost = LostAnswer | LostClip | LostCount | UnsettledTurn | KeptCost | KeptRequest | KeptSlot;

/** A line that names something lost and cannot be put back. */
export interface Unfit {
	kind: "unfit";
	id: string;
	why: string;
}
