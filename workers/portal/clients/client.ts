import { numberColumn, numberColumnOrNull, packedRows, textColumn, textColumnOrNull } from "../../lib/d1/row.ts";
import type { Row } from "../../lib/d1/row.ts";
import { taggedJson } from "../../lib/http/conditional.ts";
import { readRecorded } from "../audit/reads.ts";
import { ORG_COLUMNS } from "../auth/access.ts";
import type { Caller } from "../auth/clerk-claims.ts";
import { ENGINES_PACKED, engineOf } from "../engines/engines.ts";
import { DEFAULT_DAYS, lastDays } from "../numbers/day-range.ts";
import { HAS_LIVE_SUBSCRIPTION } from "./live-subscription.ts";
import { nextSteps } from "./next-steps.ts";

/** Of a client's knowledge at most so many entries are counted: what is asked is whether there is any. */
const MAX_COUNTED_ENTRIES = 1000;

/**
 * `GET /portal/clients/{id}`, for staff: all that is set of a client, its engines with their keys and embed lines, and what is still
 * to do. Its log says that it was read.
 * @param chatUrl address of the chat, with a slash at its end
 * @throws {ApiError} org_not_found, unavailable
 */
export async function getClient(
	db: D1Database,
	caller: Caller,
	id: string,
	chatUrl: string,
	now: number,
): Promise<Response> {
	const target = { caller, ref: id, named: null };
	const { row } = await readRecorded(db, target, [clientStatement(db, id, now)], { action: "client.read", now });
	return taggedJson(clientBody(row, chatUrl));
}

const CLIENT_SQL = `
	SELECT ${ORG_COLUMNS}, o.status_locked, o.stripe_customer_id, o.stripe_status, o.current_period_end, o.cancel_at,
		o.client_share_percent, o.daily_budget_usd_micros, p.daily_budget_usd_micros AS plan_budget, p.stripe_lookup_key,
		o.monthly_price_usd_micros, p.monthly_price_usd_micros AS plan_price, o.created_at, o.updated_at,
		${HAS_LIVE_SUBSCRIPTION} AS is_subscribed, c.instructions IS NOT NULL AS has_instructions,
		(SELECT COUNT(*) FROM (
			SELECT 1 FROM knowledge k INDEXED BY knowledge_by_org WHERE k.org_id = o.id LIMIT ${MAX_COUNTED_ENTRIES}) counted) AS knowledge_entries,
		${ENGINES_PACKED} AS engines
	FROM orgs o
	JOIN plans p ON p.id = o.plan
	LEFT JOIN org_config c ON c.org_id = o.id
	WHERE o.id = ?1 AND o.erasure_id IS NULL
`;

/** The statement that reads one client, by the portal's own id alone. */
export function clientStatement(db: D1Database, id: string, now: number): D1PreparedStatement {
	const { from, to } = lastDays(now, DEFAULT_DAYS);
	return db.prepare(CLIENT_SQL).bind(id, from, to);
}

/** What every answer about one client holds. @param row of a `clientStatement` */
export function clientBody(row: Row, chatUrl: string) {
	const engines = packedRows(row, "engines")
		.map(engineOf)
		.map((engine) => ({ ...engine, embed: engine.type === "chatbot" ? embedLine(chatUrl, engine.site_key) : null }));
	const client = clientOf(row);
	const isServing = engines.find(({ status, environment }) => status === "active" && environment === "live");
	return { client, engines, embed: isServing?.embed ?? null, next_steps: nextSteps(client, engines) };
}

function clientOf(row: Row) {
	return {
		id: textColumn(row, "org_id"),
		name: textColumn(row, "org_name"),
		slug: textColumn(row, "org_slug"),
		plan: textColumn(row, "org_plan"),
		status: textColumn(row, "org_status"),
		status_locked: numberColumn(row, "status_locked") === 1,
		clerk_org_id: textColumnOrNull(row, "clerk_org_id"),
		stripe: {
			is_sold: textColumnOrNull(row, "stripe_lookup_key") !== null,
			customer_id: textColumnOrNull(row, "stripe_customer_id"),
			is_subscribed: numberColumn(row, "is_subscribed") === 1,
			status: textColumnOrNull(row, "stripe_status"),
			current_period_end: textColumnOrNull(row, "current_period_end"),
			cancel_at: textColumnOrNull(row, "cancel_at"),
		},
		client_share_percent: numberColumn(row, "client_share_percent"),
		daily_budget_usd_micros: numberColumnOrNull(row, "daily_budget_usd_micros") ?? numberColumn(row, "plan_budget"),
		monthly_price_usd_micros:
			numberColumnOrNull(row, "monthly_price_usd_micros") ?? numberColumnOrNull(row, "plan_price"),
		has_instructions: numberColumn(row, "has_instructions") === 1,
		knowledge_entries: numberColumn(row, "knowledge_entries"),
		created_at: textColumn(row, "created_at"),
		updated_at: textColumn(row, "updated_at"),
	};
}

/** The one line that puts a chat on a page (workers/docs/embedding.md). */
function embedLine(chatUrl: string, siteKey: string): string {
	return `<script src="${chatUrl}widget.js" data-site-key="${siteKey}" async></script>`;
}
