import { batch } from "../../lib/d1/batch.ts";
import { isoInstant } from "../../lib/time.ts";
import { IS_ORG, readForOrg } from "../auth/access.ts";
import type { OrgRead, OrgTarget } from "../auth/access.ts";
import type { Caller } from "../auth/clerk-claims.ts";

// Who was shown what. Everything that a GET tells of one org is recorded when it is shown to somebody who is not of its own
// people: staff, or whoever acts in a user's name. Of its own people's reads those are recorded that show what a single visitor
// said or left. The list of all orgs is in nobody's log: it shows what Koby itself knows of its customers, and nothing of theirs.

/** What is shown, and whether the org's own people leave a trace as well. */
const READS = {
	"audit.list": false,
	"billing.read": false,
	"client.read": false,
	"config.read": false,
	"config_draft.read": false,
	"config_version.list": false,
	"config_version.read": false,
	"conversation.list": true,
	"conversation.read": true,
	"engine.list": false,
	"engine.read": false,
	"golden_questions.read": false,
	"golden_run.list": false,
	"golden_run.read": false,
	"insights.read": false,
	"knowledge.list": false,
	"knowledge.read": false,
	"knowledge.test": false,
	"lead.list": true,
	"overview.read": false,
	"person.read": true,
	"retention.read": false,
	"team.list": false,
	"workflow.list": false,
} as const satisfies Record<string, boolean>;

type ReadAction = keyof typeof READS;

export interface Read {
	action: ReadAction;
	/** epoch ms */
	now: number;
	/** id of what is shown, where that is less than all the org has of it. */
	target?: string | null;
	/** SQL that is true where the org o has it, which ?2 names: what is answered with 404 is shown to nobody. */
	exists?: string;
}

/**
 * As `readForOrg`, for what is shown: the same round trip writes that it was. Where the database does not take that, nothing is
 * shown. Nobody leaves a trace who is refused; but what fails after the batch, at Clerk or on its way to the reader, has left one,
 * and a batch that is tried again may count twice: the log names too many reads rather than too few.
 * @throws {ApiError} as `readForOrg`
 */
export function readRecorded(
	db: D1Database,
	target: OrgTarget,
	statements: D1PreparedStatement[],
	read: Read,
): Promise<OrgRead> {
	return readForOrg(db, target, [...statements, ...readStatements(db, target, read)]);
}

/** Records what a write shows that changes nothing, in a round trip of its own; none where it leaves no trace. @throws {ApiError} unavailable */
export async function recordRead(db: D1Database, target: OrgTarget, read: Read): Promise<void> {
	const statements = readStatements(db, target, read);
	if (statements.length > 0) await batch(db, statements);
}

/** What a read writes: one statement, or none where it leaves no trace. It returns no rows. */
function readStatements(db: D1Database, target: OrgTarget, read: Read): D1PreparedStatement[] {
	const { caller } = target;
	const isRecorded = caller.staff || caller.impersonated || READS[read.action];
	return isRecorded ? [readStatement(db, target, read)] : [];
}

/**
 * An hour's reads of one person of one thing are one row, found by its unique index. The org's condition and the caller's name for
 * it are repeated, as `readForOrg` refuses only after the batch.
 */
function readStatement(
	db: D1Database,
	{ caller, ref, named }: OrgTarget,
	{ action, now, target = null, exists = "TRUE" }: Read,
): D1PreparedStatement {
	const at = isoInstant(now);
	return db
		.prepare(`
			INSERT INTO audit_log (org_id, at, last_at, hour, user_id, acting_as, impersonator_id, action, target)
			SELECT o.id, ?3, ?3, ?4, ?5, ?6, ?7, ?8, COALESCE(?2, o.id)
			FROM orgs o
			WHERE ${IS_ORG} AND (?9 IS NULL OR o.id = ?9 OR o.clerk_org_id = ?9) AND (?2 IS NULL OR ${exists})
			ON CONFLICT (org_id, user_id, acting_as, impersonator_id, action, target, hour) WHERE hour IS NOT NULL
			DO UPDATE SET reads = reads + 1, last_at = MAX(last_at, excluded.last_at)
		`)
		.bind(
			ref,
			target,
			at,
			at.slice(0, "2026-01-31T12".length),
			caller.userId,
			readerOf(caller),
			caller.impersonatorId ?? "",
			action,
			caller.staff ? null : named,
		);
}

function readerOf({ impersonated, staff, role }: Caller): "impersonated" | "staff" | "admin" | "member" {
	if (impersonated) return "impersonated";
	return staff ? "staff" : (role ?? "member");
}

/** SQL for `exists`: the org has this engine. */
export const HAS_ENGINE = "EXISTS (SELECT 1 FROM portal_sites e WHERE e.id = ?2 AND e.org_id = o.id)";
