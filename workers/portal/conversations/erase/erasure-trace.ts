import { isoInstant } from "../../../lib/time.ts";
import { actorOf, auditStatement } from "../../audit/statement.ts";
import type { AuditCondition } from "../../audit/statement.ts";
import type { Caller } from "../../auth/clerk-claims.ts";

/** An erasure that somebody asked for. */
export interface ErasureRequest {
	/** Random UUID, under which it stands in `erasures`. */
	id: string;
	kind: "conversation" | "visitor" | "lead" | "client";
	orgId: string;
	/** For the audit log: the id of what is erased, which is random (a customer's is its org's). */
	target: string;
	caller: Caller;
	/** Epoch ms. */
	now: number;
}

/**
 * The statements that stand before an erasure in its batch: the rows of the audit log and of `erasures`, both under its condition, and
 * the org's next cache epoch, by which no answer that was cached before is given any more.
 */
export function traceStatements(
	db: D1Database,
	{ id, kind, orgId, target, caller, now }: ErasureRequest,
	condition: AuditCondition,
): D1PreparedStatement[] {
	const at = isoInstant(now);
	const values = [id, at, kind, orgId, caller.userId];
	const selected = values.map((_, index) => `?${condition.parameters.length + index + 1}`);
	const entry = { orgId, at, by: actorOf(caller), action: `${kind}.delete`, target } as const;
	return [
		auditStatement(db, entry, condition),
		db
			.prepare(`INSERT INTO erasures (id, at, kind, org_id, user_id) SELECT ${selected.join(", ")} ${condition.sql}`)
			.bind(...condition.parameters, ...values),
		db.prepare("UPDATE orgs SET cache_epoch = cache_epoch + 1 WHERE id = ?1").bind(orgId),
	];
}

/** The statement that counts the leads which the one before it in the batch has deleted. */
export function leadsCountedStatement(db: D1Database, erasureId: string): D1PreparedStatement {
	return db.prepare("UPDATE erasures SET leads = leads + changes() WHERE id = ?1").bind(erasureId);
}
