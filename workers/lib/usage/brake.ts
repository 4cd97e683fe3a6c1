import { log } from "../log.ts";
import { readAccount } from "./account.ts";
import type { Account, AccountKey } from "./account.ts";

const WARN_PERCENT = 80;
const MAX_TOLD = 1000;
/** What this isolate has told of, by brake, stage and UTC day: a brake is told of once, however many requests meet it. */
const told = new Set<string>();

/**
 * Tells the log once that most of a brake is taken. Reads the numbers for it, so it is for `waitUntil`. Never rejects.
 * @param percent as the statement that took it says
 */
export async function warnNearBrake(
	db: D1Database,
	key: AccountKey,
	percent: number,
	deploymentBudget: number,
): Promise<void> {
	if (percent < WARN_PERCENT || told.has(`near ${key.orgId} ${key.date}`)) return;
	remember(`near ${key.orgId} ${key.date}`);
	const account = await readAccount(db, key).catch(() => undefined);
	if (account !== undefined) tellBrakes("warn", "brake_near", account, key, deploymentBudget);
}

/** Tells the log that a request was refused for a brake, once. */
export function tellBrakeReached(account: Account, key: AccountKey, deploymentBudget: number): void {
	if (told.has(`reached ${key.orgId} ${key.date}`)) return;
	remember(`reached ${key.orgId} ${key.date}`);
	tellBrakes("error", "brake_reached", account, key, deploymentBudget);
}

function tellBrakes(
	level: "warn" | "error",
	event: string,
	account: Account,
	{ orgId, date }: AccountKey,
	deploymentBudget: number,
): void {
	log(level, event, {
		org_id: orgId,
		date,
		cost_usd_micros: account.cost,
		budget_usd_micros: account.budget,
		deployment_cost_usd_micros: account.deploymentCost,
		deployment_budget_usd_micros: deploymentBudget,
	});
}

function remember(what: string): void {
	if (told.size >= MAX_TOLD) told.clear();
	told.add(what);
}
