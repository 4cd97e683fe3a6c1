import { retryLater } from "../http/errors.ts";
import type { ApiError } from "../http/errors.ts";
import { SECOND_MS, nextUtcDay, nextUtcMonth } from "../time.ts";
import { conversationBudget, readAccount } from "./account.ts";
import type { Account, AccountKey, UnitAccount } from "./account.ts";
import { tellBrakeReached } from "./brake.ts";

/** What a request is about to spend, at most. */
export interface Spending {
	messages: number;
	voiceCharacters: number;
	/** Seconds of a voice conversation. */
	conversationSeconds: number;
	/** Micro-USD. */
	costUsdMicros: number;
}

/** In whose name, when and in which words a request is refused. */
interface Refused {
	spending: Spending;
	/** ms since the epoch */
	now: number;
	/** The org's own words for a plan or a brake that is used up. */
	limitMessage: string;
	/** Micro-USD a UTC day of all orgs together. */
	deploymentBudget: number;
}

/**
 * The 429 of what stands in the way of a spending, in the order of refusal: the client's share, the plan, the brakes.
 * @returns a 503 where nothing does: something was given back in between
 */
export function spendingRefused(account: Account, refused: Refused): ApiError {
	const { spending, now } = refused;
	const toMidnight = (nextUtcDay(now) - now) / SECOND_MS;
	const units = [
		[account.messages, spending.messages] as const,
		[account.voiceCharacters, spending.voiceCharacters] as const,
	].filter(([, amount]) => amount > 0);
	if (units.some(([unit, amount]) => isOverShare(unit, amount, account.clientShare))) {
		const message =
			"You have used what one visitor may use of this assistant in a day; please come back tomorrow, after 00:00 UTC.";
		return retryLater("client_quota_exceeded", message, toMidnight);
	}
	for (const [unit, amount] of units) {
		const period = usedUp(unit, amount);
		if (period !== undefined) return quotaExceeded(period, now, refused.limitMessage);
	}
	const { monthlyLimit, month } = account.conversationSeconds;
	const seconds = spending.conversationSeconds;
	if (seconds > 0 && monthlyLimit !== null && month + seconds > monthlyLimit)
		return quotaExceeded("month", now, refused.limitMessage);
	return brakeRefused(account, refused, toMidnight);
}

function isOverShare({ monthlyLimit, ofClient }: UnitAccount, amount: number, percent: number): boolean {
	if (monthlyLimit === null || percent === 100) return false;
	const share = Math.ceil((dayLimit(monthlyLimit) * percent) / 100);
	return ofClient + amount > Math.max(amount, share);
}

function dayLimit(monthlyLimit: number): number {
	return Math.ceil(monthlyLimit / 10);
}

function usedUp({ monthlyLimit, month, day }: UnitAccount, amount: number): "month" | "day" | undefined {
	if (monthlyLimit === null) return undefined;
	if (month + amount > monthlyLimit) return "month";
	return day + amount > dayLimit(monthlyLimit) ? "day" : undefined;
}

function quotaExceeded(period: "month" | "day", now: number, message: string): ApiError {
	const resetsAt = period === "month" ? nextUtcMonth(now) : nextUtcDay(now);
	return retryLater("quota_exceeded", message, (resetsAt - now) / SECOND_MS, period);
}

function brakeRefused(account: Account, { spending, limitMessage, deploymentBudget }: Refused, seconds: number) {
	const { cost, deploymentCost } = account;
	const budget = spending.conversationSeconds > 0 ? conversationBudget(account.budget) : account.budget;
	const isOrgs = cost + spending.costUsdMicros > budget;
	if (!isOrgs && deploymentCost + spending.costUsdMicros <= deploymentBudget) {
		return retryLater("unavailable", "There was no room for this a moment ago; please try again.", 1, "room_again");
	}
	const brake = isOrgs ? "org" : "deployment";
	return retryLater("budget_exhausted", limitMessage, seconds, brake);
}

/**
 * Why a spending that found no room was refused. Costs a round trip, which only refused requests pay.
 * @throws {ApiError} unavailable
 */
export async function whyRefused(db: D1Database, key: AccountKey, refused: Refused): Promise<ApiError> {
	const account = await readAccount(db, key);
	const error = spendingRefused(account, refused);
	if (error.code === "budget_exhausted") tellBrakeReached(account, key, refused.deploymentBudget);
	return error;
}
