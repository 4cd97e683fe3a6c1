import { numberColumn, numberColumnOrNull, textColumn } from "../../../lib/d1/row.ts";
import type { Row } from "../../../lib/d1/row.ts";

/** Why staff should look at a client, the most pressing first. */
export const ATTENTION = ["past_due", "near_brake", "near_quota", "errors", "leads_waiting", "unanswered"] as const;
type Attention = (typeof ATTENTION)[number];

/** From here on a plan or a brake is nearly used up, percent. */
const NEAR_PERCENT = 80;
/** A bot has errors, or questions without an answer, when they are this many and this share of its turns. */
const MANY = { errors: { count: 3, percent: 5 }, unanswered: { count: 5, percent: 10 } };
/** The statuses in which a client is served. */
const SERVED = ["trialing", "active", "past_due"];
/** Those of them in which it pays. */
const PAYING = ["active", "past_due"];

/** What a client uses, costs and lacks, and why that wants looking at; of a client that is not served nothing does. */
export function standingOf(row: Row) {
	const status = textColumn(row, "status");
	const cost = numberColumn(row, "cost_30d_usd_micros");
	const price = numberColumnOrNull(row, "monthly_price_usd_micros");
	const standing = {
		quota_percent: quotaPercent(row),
		brake_percent: percent(numberColumn(row, "cost_today"), numberColumn(row, "daily_budget_usd_micros")),
		errors_7d: numberColumn(row, "errors_7d"),
		unanswered_30d: numberColumn(row, "unanswered_30d"),
		leads_waiting: numberColumn(row, "leads_waiting"),
		cost_30d_usd_micros: cost,
		monthly_price_usd_micros: price,
		margin_30d_usd_micros: price === null || !PAYING.includes(status) ? null : price - cost,
	};
	const isDue: Record<Attention, boolean> = {
		past_due: status === "past_due",
		near_brake: standing.brake_percent >= NEAR_PERCENT,
		near_quota: (standing.quota_percent ?? 0) >= NEAR_PERCENT,
		errors: isMany(standing.errors_7d, numberColumn(row, "messages_7d") + standing.errors_7d, MANY.errors),
		leads_waiting: standing.leads_waiting > 0,
		unanswered: isMany(standing.unanswered_30d, numberColumn(row, "messages_30d"), MANY.unanswered),
	};
	const attention = SERVED.includes(status) ? ATTENTION.filter((flag) => isDue[flag]) : [];
	return { attention, ...standing };
}

function isMany(count: number, of: number, least: { count: number; percent: number }): boolean {
	return count >= least.count && count * 100 >= of * least.percent;
}

/** How much of what the plan limits is used, of the fullest limit: months, and days, which are a tenth of them; null = the plan has no limit. */
function quotaPercent(row: Row): number | null {
	const units = ["messages", "voice_characters", "conversation_seconds"].flatMap((unit) => {
		const limit = numberColumnOrNull(row, `monthly_${unit}`);
		if (limit === null || (limit === 0 && unit === "conversation_seconds")) return [];
		const month = percent(numberColumn(row, `month_${unit}`), limit);
		return unit === "conversation_seconds"
			? [month]
			: [month, percent(numberColumn(row, `day_${unit}`), Math.ceil(limit / 10))];
	});
	return units.length === 0 ? null : Math.max(...units);
}

/** Whole percent, rounded down; all of nothing is used up. */
function percent(used: number, limit: number): number {
	return limit === 0 ? 100 : Math.floor((used * 100) / limit);
}
