import { versionTag } from "../../test/portal.ts";
import type { Answer, Call, Portal } from "../../test/portal.ts";
import { CHADIS, admin } from "../../test/seed.ts";

interface ConfigAnswer {
	status: number;
	body: unknown;
	etag: string | null;
	roundTrips: number;
}

/** CHADIS's admin at the configuration, or whoever `call` says. */
export interface ConfigClient {
	read(query?: string, as?: Call["as"]): Promise<ConfigAnswer>;
	patch(body: unknown, call?: Call, query?: string): Promise<ConfigAnswer>;
}

function shown({ status, body, headers, roundTrips }: Answer): ConfigAnswer {
	return { status, body, etag: versionTag(headers), roundTrips };
}

export function configClient(portal: Portal): ConfigClient {
	return {
		read: async (query = "", as = admin(CHADIS)) => shown(await portal.call(`/portal/config${query}`, { as })),
		patch: async (body, call = {}, query = "") =>
			shown(await portal.call(`/portal/config${query}`, { method: "PATCH", as: admin(CHADIS), body, ...call })),
	};
}

/** The configuration as if CHADIS had never set anything. */
export async function forgetConfig(db: D1Database): Promise<void> {
	const own = ["org_config", "config_versions", "config_drafts"];
	await db.batch([
		...own.map((table) => db.prepare(`DELETE FROM ${table} WHERE org_id = 'org_chadis'`)),
		db.prepare("DELETE FROM audit_log"),
	]);
}

export async function auditRows(db: D1Database): Promise<unknown[]> {
	const { results } = await db
		.prepare("SELECT org_id, at, user_id, acting_as, action, target, fields FROM audit_log ORDER BY id")
		.all();
	return results;
}
