import { numberColumn, numberColumnOrNull, packedRows, textColumn, textColumnOrNull } from "../../lib/d1/row.ts";
import type { Row } from "../../lib/d1/row.ts";
import { utcDate } from "../../lib/time.ts";
import { readRecorded } from "../audit/reads.ts";
import { IS_ORG, ORG_COLUMNS } from "../auth/access.ts";
import type { OrgRead, OrgTarget } from "../auth/access.ts";
import { CUSTOMER_DELETED, NOT_LIVE } from "../events/stripe-state.ts";
import { packedColumn } from "../request/packed.ts";

/** A plan that an org may be on. */
export interface Plan {
	id: string;
	name: string;
	/** Answered turns a UTC month; null = no limit. */
	monthlyMessages: number | null;
	/** Spoken code points a UTC month; null = no limit. */
	monthlyVoiceCharacters: number | null;
	/** The lookup key of its Stripe price; null = not sold by Stripe. */
	lookupKey: string | null;
}

/** An org's billing as the database has it. */
export interface BillingAccount extends OrgRead {
	/** cus_…; null = it never came to a checkout. Not for the eyes of members. */
	customerId: string | null;
	/** Staff decide plan and status. */
	isLocked: boolean;
	/** Its plan is not for Stripe to change: staff decide it, or gave it one that Stripe does not sell. */
	isArranged: boolean;
	/** Its customer was deleted at Stripe. */
	isDeleted: boolean;
	/** A subscription decided its status when Stripe was last read, and has not ended. */
	isSubscribed: boolean;
	plans: Plan[];
}

/**
 * Reads it in one round trip. Who pays is an admin of the org's own, so that only looking leaves a trace. `row` has the columns for `usageOf`, and `plan_name`, `current_period_end` and `cancel_at`.
 * @param now epoch ms
 * @throws {ApiError} as `readRecorded`
 */
export async function readBillingAccount(db: D1Database, target: OrgTarget, now: number): Promise<BillingAccount> {
	const statements = [accountStatement(db, target.ref, utcDate(now).slice(0, 7))];
	const read = await readRecorded(db, target, statements, { action: "billing.read", now });
	const isLocked = numberColumn(read.row, "status_locked") === 1;
	return {
		...read,
		customerId: textColumnOrNull(read.row, "stripe_customer_id"),
		isLocked,
		isArranged: isLocked || read.row["plan_lookup_key"] === null,
		isDeleted: read.row["stripe_status"] === CUSTOMER_DELETED,
		isSubscribed: isSubscribed(read.row) && read.org.status !== "churned",
		plans: packedRows(read.row, "plans").map(planOf),
	};
}

/** Staff may keep an org going whose subscription has ended: it must be able to subscribe anew. */
function isSubscribed(row: Row): boolean {
	return row["stripe_subscription_id"] !== null && !NOT_LIVE.includes(textColumnOrNull(row, "stripe_status") ?? "");
}

/** Plans stand in the order in which they were made. */
const ACCOUNT_SQL = `
	SELECT ${ORG_COLUMNS}, o.status_locked, o.stripe_customer_id, o.stripe_subscription_id, o.stripe_status, o.current_period_end, o.cancel_at,
		p.name AS plan_name, p.stripe_lookup_key AS plan_lookup_key, p.monthly_messages, p.monthly_voice_characters,
		COALESCE(u.messages, 0) AS used_messages, COALESCE(u.voice_characters, 0) AS used_voice_characters,
		(SELECT ${packedColumn("id", "name", "monthly_messages", "monthly_voice_characters", "stripe_lookup_key")}
			FROM (
				SELECT id, name, monthly_messages, monthly_voice_characters, stripe_lookup_key
				FROM plans
				ORDER BY rowid
				LIMIT 100) listed) AS plans
	FROM orgs o
	JOIN plans p ON p.id = o.plan
	LEFT JOIN usage_monthly u ON u.org_id = o.id AND u.month = ?2
	WHERE ${IS_ORG}
`;

function accountStatement(db: D1Database, ref: string, month: string): D1PreparedStatement {
	return db.prepare(ACCOUNT_SQL).bind(ref, month);
}

function planOf(row: Row): Plan {
	return {
		id: textColumn(row, "id"),
		name: textColumn(row, "name"),
		monthlyMessages: numberColumnOrNull(row, "monthly_messages"),
		monthlyVoiceCharacters: numberColumnOrNull(row, "monthly_voice_characters"),
		lookupKey: textColumnOrNull(row, "stripe_lookup_key"),
	};
}
