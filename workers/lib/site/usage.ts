import { ADMITTED_SQL, admissionParameters } from "./admission.ts";
import type { SiteCaller } from "./admission.ts";
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

/** Who reserves, and for which day. */
export interface ReservationKey extends SiteCaller {
	/** UTC day */
	date: string;
}

/** Its ?1 to ?5 are `admissionParameters`. */
const RESERVE_SQL = `
	INSERT INTO usage_daily (org_id, date, messages, voice_characters)
	SELECT o.id, ?6, ?7, ?8
	FROM portal_sites s
	JOIN orgs o ON o.id = s.org_id
	JOIN plans p ON p.id = o.plan
	LEFT JOIN usage_daily d ON d.org_id = o.id AND d.date = ?6
	LEFT JOIN usage_monthly m ON m.org_id = o.id AND m.month = substr(?6, 1, 7)
	WHERE ${ADMITTED_SQL}
		AND (?7 = 0 OR p.monthly_messages IS NULL
			OR (COALESCE(m.messages, 0) + ?7 <= p.monthly_messages AND COALESCE(d.messages, 0) + ?7 <= (p.monthly_messages + 9) / 10))
		AND (?8 = 0 OR p.monthly_voice_characters IS NULL
			OR (COALESCE(m.voice_characters, 0) + ?8 <= p.monthly_voice_characters
				AND COALESCE(d.voice_characters, 0) + ?8 <= (p.monthly_voice_characters + 9) / 10))
	ON CONFLICT (org_id, date) DO UPDATE
	SET messages = messages + excluded.messages, voice_characters = voice_characters + excluded.voice_characters
	RETURNING org_id
`;

/**
 * The statement that takes `spending` from the plan of the site's org, for this UTC day and month. It writes (and returns
 * one row) only where the site may be used from this origin and both limits allow it, so it is exact under concurrency
 * and can stand in the same batch as the lookup it depends on.
 */
export function reserveStatement(db: D1Database, key: ReservationKey, spending: Spending): D1PreparedStatement {
	return db
		.prepare(RESERVE_SQL)
		.bind(...admissionParameters(key), key.date, spending.messages, spending.voiceCharacters);
}

/** The statement that gives a reservation back. `date` is the day it was taken on. */
export function giveBackStatement(
	db: D1Database,
	orgId: string,
	date: string,
	spending: Spending,
): D1PreparedStatement {
	return db
		.prepare(`
			UPDATE usage_daily
			SET messages = MAX(0, messages - ?3), voice_characters = MAX(0, voice_characters - ?4)
			WHERE org_id = ?1 AND date = ?2
		`)
		.bind(orgId, date, spending.messages, spending.voiceCharacters);
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
