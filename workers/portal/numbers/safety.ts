import { numberColumn, packedRows, textColumn } from "../../lib/d1/row.ts";
import type { Row } from "../../lib/d1/row.ts";
import { packedColumn } from "../request/packed.ts";

/**
 * A column for a statement FROM orgs o: how often the org's visitors spoke of danger from the day ?3 to the day ?4, by class and tier,
 * of all its engines. It reads at most ten rows a day.
 */
export const SAFETY_COLUMN = `
	(SELECT ${packedColumn("class", "tier", "count")}
		FROM (
			SELECT d.class, d.tier, SUM(d.count) AS count
			FROM safety_daily d
			WHERE d.org_id = o.id AND d.date BETWEEN ?3 AND ?4
			GROUP BY d.class, d.tier
			ORDER BY d.class, d.tier
			LIMIT 10) listed) AS safety`;

/** What is counted in that column; a class that nobody spoke of is not listed. */
export function safetyOf(row: Row) {
	return packedRows(row, "safety").map((counted) => ({
		class: textColumn(counted, "class"),
		tier: numberColumn(counted, "tier"),
		count: numberColumn(counted, "count"),
	}));
}
