import { batch, failureOf } from "../../lib/d1/batch.ts";
import type { Danger } from "../../lib/safety/detect.ts";
import { log } from "../../lib/log.ts";
import { ADMITTED_SQL, admissionParameters } from "../../lib/site/admission.ts";
import type { SiteCaller } from "../../lib/site/admission.ts";
import { dateOf } from "../../lib/time.ts";

const UPSERT_SQL = "ON CONFLICT (org_id, date, class, tier) DO UPDATE SET count = count + 1";

const CALLER_SQL = `
	INSERT INTO safety_daily (org_id, date, class, tier, count)
	SELECT s.org_id, ?6, ?7, ?8, 1
	FROM portal_sites s JOIN orgs o ON o.id = s.org_id
	WHERE ${ADMITTED_SQL}
	LIMIT 1
	${UPSERT_SQL}
`;

/**
 * Counts a message that got the fixed text, for the org whose site admits the caller. Nobody waits for it, and what fails is not
 * counted. Never rejects.
 */
export async function countFixed(
	db: D1Database,
	caller: SiteCaller,
	{ class: name, tier }: Danger,
	requestId: string,
): Promise<void> {
	try {
		await batch(db, [db.prepare(CALLER_SQL).bind(...admissionParameters(caller), dateOf(caller.now), name, tier)]);
	} catch (error) {
		log("warn", "safety_not_counted", { request_id: requestId, reason: failureOf(error) });
	}
}

const TURN_SQL = `
	INSERT INTO safety_daily (org_id, date, class, tier, count)
	SELECT org_id, date, ?2, ?3, 1 FROM turns WHERE id = ?1
	${UPSERT_SQL}
`;

/** Counts a turn that spoke of danger, in the batch that ends it. @param turnId without its row nothing is counted */
export function turnSafetyStatement(
	db: D1Database,
	turnId: string,
	{ class: name, tier }: Pick<Danger, "class" | "tier">,
): D1PreparedStatement {
	return db.prepare(TURN_SQL).bind(turnId, name, tier);
}
