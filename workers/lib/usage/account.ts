import { repeatableBatch } from "../d1/batch.ts";
import { numberColumn, numberColumnOrNull, textColumn } from "../d1/row.ts";

// What an org may use and what of it is used: the joins and conditions for a statement that spends only where there is room, and
// the reading of the same numbers where there was none, to say why (usage.ts).

/** Whose account a request is on, and on which UTC day. */
export interface AccountKey {
	orgId: string;
	date: string;
	/** As `clientDigest`; null = its share is not asked for. */
	client: string | null;
}

export interface UnitAccount {
	/** Units a UTC month; null = no limit. */
	monthlyLimit: number | null;
	/** Used in this UTC month. */
	month: number;
	/** Used on this UTC day. */
	day: number;
	/** Of these, used by the client. */
	ofClient: number;
}

/** What an org may use, and what of it is used. */
export interface Account {
	/** The plan's name, as customers know it. */
	plan: string;
	messages: UnitAccount;
	voiceCharacters: UnitAccount;
	conversationSeconds: Pick<UnitAccount, "monthlyLimit" | "month">;
	/** Percent of a day that one client may use. */
	clientShare: number;
	/** The org's brake: micro-USD a UTC day. */
	budget: number;
	/** Cost of the org on this UTC day, micro-USD. */
	cost: number;
	/** Cost of all orgs together on this UTC day, micro-USD. */
	deploymentCost: number;
}

/**
 * Joins, over `orgs o`, of what the conditions below read. Their parameters are written by the caller's own numbers.
 * @param date, client the SQL of each, such as `?6`
 */
export function accountJoinsSql(date: string, client: string): string {
	return `
	JOIN plans p ON p.id = o.plan
	LEFT JOIN usage_daily d ON d.org_id = o.id AND d.date = ${date}
	LEFT JOIN usage_monthly m ON m.org_id = o.id AND m.month = substr(${date}, 1, 7)
	LEFT JOIN usage_clients u ON u.org_id = o.id AND u.date = ${date} AND u.client = ${client}
	LEFT JOIN usage_deployment g ON g.date = ${date}`;
}

/** The org's brake, over `accountJoinsSql`. */
const BUDGET_SQL = "COALESCE(o.daily_budget_usd_micros, p.daily_budget_usd_micros)";

/**
 * The condition, over `accountJoinsSql`, that an amount of a unit is within the plan's month, its day (a tenth of the month) and the
 * client's share of that day. A client's first request of a day is never over its share.
 */
export function withinPlanSql(unit: "messages" | "voice_characters", amount: string): string {
	const limit = `p.monthly_${unit}`;
	const day = `(${limit} + 9) / 10`;
	return `(${amount} = 0 OR ${limit} IS NULL
			OR (COALESCE(m.${unit}, 0) + ${amount} <= ${limit} AND COALESCE(d.${unit}, 0) + ${amount} <= ${day}
				AND (o.client_share_percent = 100
					OR COALESCE(u.${unit}, 0) + ${amount} <= MAX(${amount}, (${day} * o.client_share_percent + 99) / 100))))`;
}

/**
 * The condition, over `accountJoinsSql`, that a cost is within the org's brake and the deployment's. At the deployment's only those
 * orgs are stopped that are over half of their own: what one of them burns does not silence the others.
 * @param cost, deploymentBudget the SQL of each
 */
export function withinBrakesSql(cost: string, deploymentBudget: string): string {
	const after = `COALESCE(d.cost_usd_micros, 0) + ${cost}`;
	return `(${after} <= ${BUDGET_SQL}
			AND (COALESCE(g.cost_usd_micros, 0) + ${cost} <= ${deploymentBudget} OR (${after}) * 2 <= ${BUDGET_SQL}))`;
}

/** Conversations leave this part of an org's brake to everything else, percent: they reserve the most, and for the longest. */
const PERCENT_BESIDE_CONVERSATIONS = 20;

/** The part of an org's brake that conversations may take, micro-USD. */
export function conversationBudget(budget: number): number {
	return Math.floor((budget * (100 - PERCENT_BESIDE_CONVERSATIONS)) / 100);
}

/** As `withinBrakesSql`, for a conversation. */
export function withinConversationBrakesSql(cost: string, deploymentBudget: string): string {
	return `(${withinBrakesSql(cost, deploymentBudget)}
			AND COALESCE(d.cost_usd_micros, 0) + ${cost} <= ${BUDGET_SQL} * ${100 - PERCENT_BESIDE_CONVERSATIONS} / 100)`;
}

/** How much is taken with a cost of the org's brake or the deployment's, whichever is the fuller, percent, over `accountJoinsSql`. */
export function brakePercentSql(cost: string, deploymentBudget: string): string {
	return `MAX((COALESCE(d.cost_usd_micros, 0) + ${cost}) * 100 / MAX(${BUDGET_SQL}, 1),
			(COALESCE(g.cost_usd_micros, 0) + ${cost}) * 100 / MAX(${deploymentBudget}, 1))`;
}

const ACCOUNT_SQL = `
	SELECT p.name AS plan, p.monthly_messages, p.monthly_voice_characters, p.monthly_conversation_seconds,
		o.client_share_percent, ${BUDGET_SQL} AS budget,
		COALESCE(d.messages, 0) AS day_messages, COALESCE(d.voice_characters, 0) AS day_characters,
		COALESCE(m.messages, 0) AS month_messages, COALESCE(m.voice_characters, 0) AS month_characters,
		COALESCE(m.conversation_seconds, 0) AS month_seconds,
		COALESCE(u.messages, 0) AS client_messages, COALESCE(u.voice_characters, 0) AS client_characters,
		COALESCE(d.cost_usd_micros, 0) AS cost, COALESCE(g.cost_usd_micros, 0) AS deployment_cost
	FROM orgs o ${accountJoinsSql("?2", "?3")}
	WHERE o.id = ?1
`;

/**
 * Reads why a request was refused what it was about to spend: a round trip that only refused ones cost.
 * @throws {ApiError} unavailable
 */
export async function readAccount(db: D1Database, { orgId, date, client }: AccountKey): Promise<Account> {
	const [[row = {}] = []] = await repeatableBatch(db, [db.prepare(ACCOUNT_SQL).bind(orgId, date, client)]);
	return {
		plan: textColumn(row, "plan"),
		messages: {
			monthlyLimit: numberColumnOrNull(row, "monthly_messages"),
			month: numberColumn(row, "month_messages"),
			day: numberColumn(row, "day_messages"),
			ofClient: numberColumn(row, "client_messages"),
		},
		voiceCharacters: {
			monthlyLimit: numberColumnOrNull(row, "monthly_voice_characters"),
			month: numberColumn(row, "month_characters"),
			day: numberColumn(row, "day_characters"),
			ofClient: numberColumn(row, "client_characters"),
		},
		conversationSeconds: {
			monthlyLimit: numberColumnOrNull(row, "monthly_conversation_seconds"),
			month: numberColumn(row, "month_seconds"),
		},
		clientShare: numberColumn(row, "client_share_percent"),
		budget: numberColumn(row, "budget"),
		cost: numberColumn(row, "cost"),
		deploymentCost: numberColumn(row, "deployment_cost"),
	};
}
