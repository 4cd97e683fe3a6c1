import { numberColumnOrNull, textColumn } from "../../lib/d1/row.ts";
import type { Row } from "../../lib/d1/row.ts";

/** What a plan limits, the weightiest first. */
const LIMITS = ["monthly_messages", "monthly_voice_characters", "monthly_conversation_seconds"] as const;

/** A plan that Stripe sells. */
export interface SoldPlan {
	id: string;
	/** What it allows, in the order of `LIMITS`; Infinity = no limit. */
	limits: readonly number[];
}

/** Reads the plans that Stripe sells, for `soldPlans`. */
export function soldPlansStatement(db: D1Database): D1PreparedStatement {
	return db.prepare(
		`SELECT id, stripe_lookup_key, ${LIMITS.join(", ")} FROM plans WHERE stripe_lookup_key IS NOT NULL LIMIT 100`,
	);
}

/** Plan by lookup key of its price. */
export function soldPlans(rows: Row[]): Map<string, SoldPlan> {
	return new Map(rows.map((row) => [textColumn(row, "stripe_lookup_key"), soldPlan(row)]));
}

function soldPlan(row: Row): SoldPlan {
	const limits = LIMITS.map((limit) => numberColumnOrNull(row, limit) ?? Number.POSITIVE_INFINITY);
	return { id: textColumn(row, "id"), limits };
}

/**
 * Sorts the larger plan first: by the first limit in which the two differ, where no limit is more than any. Of plans that allow
 * the same the one whose id comes first in the alphabet, so that no two stand level.
 */
export function byPlanSize(one: SoldPlan, other: SoldPlan): number {
	for (const [index, limit] of one.limits.entries()) {
		const others = other.limits[index] ?? 0;
		if (limit !== others) return limit > others ? -1 : 1;
	}
	return one.id < other.id ? -1 : Number(one.id > other.id);
}
