import type { Caller } from "../auth/clerk-claims.ts";

/** Who the audit log says it was. */
export interface Actor {
	userId: string;
	actingAs: "admin" | "staff" | "stripe";
}

/** A write that follows from what Stripe told. */
export const STRIPE: Actor = { userId: "stripe", actingAs: "stripe" };

/** Someone signed in, who writes for their own org or, as staff, for a customer's. */
export function actorOf({ userId, staff }: Caller): Actor {
	return { userId, actingAs: staff ? "staff" : "admin" };
}

type Action =
	| "billing.checkout"
	| "billing.portal"
	| "billing.sync"
	| "client.create"
	| "client.delete"
	| "client.erasure"
	| "client.update"
	| "config.draft"
	| "config.publish"
	| "config.restore"
	| "config.update"
	| "conversation.delete"
	| "engine.create"
	| "engine.rotate_key"
	| "engine.update"
	| "export.create"
	| "golden_questions.run"
	| "golden_questions.update"
	| "knowledge.create"
	| "knowledge.delete"
	| "knowledge.update"
	| "lead.delete"
	| "visitor.delete";

/** What the audit log keeps of a write: never the values that were written. */
export interface AuditEntry {
	orgId: string;
	/** ISO instant */
	at: string;
	by: Actor;
	action: Action;
	/** id of what is written; of an export its days, from/to */
	target: string;
	/** The names of the fields that are written, none by default; or SQL that gives their JSON list, over the condition's row. */
	fields?: readonly string[] | { sql: string };
}

/** When there is something to record. */
export interface AuditCondition {
	/** `FROM … WHERE …` or `WHERE …`, which gives one row then and none else; its parameters are ?1 and on. */
	sql: string;
	parameters: readonly (string | number | null)[];
}

const ALWAYS: AuditCondition = { sql: "", parameters: [] };

/**
 * The statement that writes a row of the audit log. It stands in the batch of the write it tells of, before it: with the
 * write's own condition, which must not see what the write changes, there are both or neither.
 */
export function auditStatement(
	db: D1Database,
	{ orgId, at, by, action, target, fields = [] }: AuditEntry,
	{ sql, parameters }: AuditCondition = ALWAYS,
): D1PreparedStatement {
	const named = "sql" in fields ? [] : [JSON.stringify(fields)];
	const values = [orgId, at, by.userId, by.actingAs, action, target, ...named];
	const selected = values.map((_, index) => `?${parameters.length + index + 1}`);
	if ("sql" in fields) selected.push(fields.sql);
	return db
		.prepare(`
			INSERT INTO audit_log (org_id, at, user_id, acting_as, action, target, fields)
			SELECT ${selected.join(", ")} ${sql}
		`)
		.bind(...parameters, ...values);
}
