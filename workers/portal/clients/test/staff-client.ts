import { env } from "cloudflare:workers";
import { isObject } from "../../../lib/http/json.ts";
import { withoutRequestId } from "../../test/portal.ts";
import type { Call, Portal } from "../../test/portal.ts";
import { STAFF } from "../../test/seed.ts";

export const CHAT = "https://chadis-chat.kobyai.workers.dev/";
export const LIVE_KEY = /^sk_[a-z0-9-]+_live_[A-Za-z0-9]{24}$/;
export const TEST_KEY = /^sk_[a-z0-9-]+_test_[A-Za-z0-9]{24}$/;

export interface Details {
	status: number;
	body: Record<string, unknown>;
	client: Record<string, unknown>;
	engines: Record<string, unknown>[];
	roundTrips: number;
}

/** What staff ask about clients, and what they are answered, ids of requests left out. */
export async function askStaff(portal: Portal, path: string, call: Call = {}): Promise<Details> {
	const answer = await portal.call(path, { as: STAFF, ...call });
	const body = answer.status >= 400 ? withoutRequestId(answer) : answer.body;
	const whole = isObject(body) ? body : {};
	return {
		status: answer.status,
		body: whole,
		client: isObject(whole["client"]) ? whole["client"] : {},
		engines: Array.isArray(whole["engines"]) ? whole["engines"].filter(isObject) : [],
		roundTrips: answer.roundTrips,
	};
}

export const create = (portal: Portal, body: unknown) => askStaff(portal, "/portal/clients", { method: "POST", body });
export const change = (portal: Portal, id: unknown, body: unknown) =>
	askStaff(portal, `/portal/clients/${String(id)}`, { method: "PATCH", body });

/** What the log of an org says was written or read, the oldest first. */
export async function logOf(orgId: unknown): Promise<Record<string, unknown>[]> {
	const { results } = await env.DB.prepare(
		"SELECT user_id, acting_as, action, target, fields FROM audit_log WHERE org_id = ?1 ORDER BY id",
	)
		.bind(orgId)
		.all();
	return results;
}

/** All rows of the tables that making a client fills. */
export async function rowsOfAll(): Promise<unknown[]> {
	const tables = ["orgs", "portal_sites", "org_config", "config_versions", "audit_log"];
	const counts = await env.DB.batch<{ n: number }>(
		tables.map((table) => env.DB.prepare(`SELECT COUNT(*) AS n FROM ${table}`)),
	);
	return counts.map(({ results }) => results[0]?.n);
}
