import { retryLater } from "../http/errors.ts";
import type { ApiError } from "../http/errors.ts";
import { SECOND_MS, nextUtcDay, nextUtcMonth } from "../time.ts";

/** What one unit of a plan has been used, and its limit. */
export interface UnitUsage {
	/** Units a UTC month; null = no limit. */
	monthlyLimit: number | null;
	/** Used in this UTC month. */
	month: number;
	/** Used on this UTC day. */
	day: number;
}

/** What an org has used of its plan. */
export interface PlanUsage {
	messages: UnitUsage;
	voiceCharacters: UnitUsage;
}

/** What a request is about to spend. One of the two is 0. */
export interface Spending {
	messages: number;
	voiceCharacters: number;
}

/**
 * The 429 of a plan that is used up, saying when there is more.
 * @param usage as read in the batch that refused the reservation
 * @param amount what was asked for
 * @param message the org's own words
 */
export function quotaExceeded(usage: UnitUsage, amount: number, now: number, message: string): ApiError {
	const isMonth = usage.monthlyLimit !== null && usage.month + amount > usage.monthlyLimit;
	const resetsAt = isMonth ? nextUtcMonth(now) : nextUtcDay(now);
	return retryLater("quota_exceeded", message, (resetsAt - now) / SECOND_MS, isMonth ? "month" : "day");
}
