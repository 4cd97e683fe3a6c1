import { numberColumn, numberColumnOrNull } from "../../lib/d1/row.ts";
import type { Row } from "../../lib/d1/row.ts";
import { isoInstant, nextUtcMonth } from "../../lib/time.ts";

/**
 * What an org has used of its plan in this UTC month. The row holds the plan's `monthly_messages` and
 * `monthly_voice_characters` (null = no limit) and, of usage_monthly, `used_messages` and `used_voice_characters`.
 */
export function usageOf(row: Row, now: number) {
	const resets_at = isoInstant(nextUtcMonth(now));
	return {
		messages: {
			used: numberColumn(row, "used_messages"),
			limit: numberColumnOrNull(row, "monthly_messages"),
			resets_at,
		},
		voice_characters: {
			used: numberColumn(row, "used_voice_characters"),
			limit: numberColumnOrNull(row, "monthly_voice_characters"),
			resets_at,
		},
	};
}
