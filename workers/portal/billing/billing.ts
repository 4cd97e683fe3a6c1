import { numberColumnOrNull, textColumn, textColumnOrNull } from "../../lib/d1/row.ts";
import { taggedJson } from "../../lib/http/conditional.ts";
import type { OrgTarget } from "../auth/access.ts";
import { readBillingAccount } from "./billing-account.ts";
import type { BillingAccount, Plan } from "./billing-account.ts";
import { usageOf } from "../numbers/plan-usage.ts";

/** `GET /portal/billing`: what an org is on, what it could buy and what it has used. From the database alone: Stripe is not asked. */
export async function getBilling(db: D1Database, target: OrgTarget, now: number): Promise<Response> {
	return taggedJson(billingBody(await readBillingAccount(db, target, now), now));
}

function billingBody(account: BillingAccount, now: number) {
	const { caller, role, org, row, isLocked } = account;
	const mayPay = role === "admin" && !caller.staff && !caller.impersonated;
	return {
		plan: {
			id: org.plan,
			name: textColumn(row, "plan_name"),
			monthly_messages: numberColumnOrNull(row, "monthly_messages"),
			monthly_voice_characters: numberColumnOrNull(row, "monthly_voice_characters"),
		},
		status: org.status,
		...(caller.staff ? { status_locked: isLocked } : {}),
		current_period_end: textColumnOrNull(row, "current_period_end"),
		cancel_at: textColumnOrNull(row, "cancel_at"),
		can_checkout: mayPay && !account.isArranged && !account.isSubscribed,
		can_manage: mayPay && account.customerId !== null && !account.isDeleted,
		plans: account.plans.map(offerOf),
		usage: usageOf(row, now),
	};
}

function offerOf({ id, name, monthlyMessages, monthlyVoiceCharacters, lookupKey }: Plan) {
	return {
		id,
		name,
		monthly_messages: monthlyMessages,
		monthly_voice_characters: monthlyVoiceCharacters,
		available: lookupKey !== null,
	};
}
