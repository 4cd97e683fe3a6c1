import type { Answer, Call, Portal } from "../../test/portal.ts";
import { withoutRequestId } from "../../test/portal.ts";
import { CHADIS, admin } from "../../test/seed.ts";

export interface EngineAnswer {
	status: number;
	/** Its request id replaced. */
	body: unknown;
	etag: string | null;
	roundTrips: number;
}

/** CHADIS's admin at an engine, by default its live one, or whoever `call` says. */
export interface EngineClient {
	patch(body: unknown, call?: Call, path?: string): Promise<EngineAnswer>;
	rotate(body?: unknown, call?: Call, path?: string): Promise<EngineAnswer>;
}

function shown(answer: Answer): EngineAnswer {
	const { status, headers, roundTrips } = answer;
	return { status, body: withoutRequestId(answer), etag: headers.get("ETag"), roundTrips };
}

export function engineClient(portal: Portal): EngineClient {
	return {
		patch: async (body, call = {}, path = "site_chadis") =>
			shown(await portal.call(`/portal/engines/${path}`, { method: "PATCH", as: admin(CHADIS), body, ...call })),
		rotate: async (body = {}, call = {}, path = "site_chadis") => {
			const [id, query] = path.split("?");
			const url = `/portal/engines/${id}/rotate-key${query === undefined ? "" : `?${query}`}`;
			return shown(await portal.call(url, { method: "POST", as: admin(CHADIS), body, ...call }));
		},
	};
}

/** CHADIS's live engine as the twins' seed left it, and nothing in the audit log. */
export async function resetEngines(db: D1Database): Promise<void> {
	await db.batch([
		db.prepare(`
			UPDATE portal_sites
			SET site_key = 'sk_chadis_live_abc123', previous_key = NULL, previous_key_expires_at = NULL, name = 'First alpha', status = 'active',
				allowed_origins = NULL, instructions = NULL, greeting = NULL, suggested_questions = NULL, brand_color = NULL,
				agent_id = NULL, model = NULL, visitor_memory = NULL
			WHERE id = 'site_chadis'
		`),
		// By itself: a trigger counts a change that leaves the version as it was.
		db.prepare("UPDATE portal_sites SET version = 2 WHERE id = 'site_chadis'"),
		db.prepare("DELETE FROM audit_log"),
	]);
}

/** What no patch has changed of CHADIS's live engine. */
export const ENGINE = {
	id: "site_chadis",
	name: "First alpha",
	type: "chatbot",
	status: "active",
	environment: "live",
	site_key: "sk_chadis_live_abc123",
	allowed_origins: null,
	origins_open: true,
	last_active_at: "2026-08-20T11:30:00.000Z",
	sessions_30d: 24,
	messages_30d: 12,
	instructions: null,
	greeting: null,
	suggested_questions: null,
	brand_color: null,
	visitor_memory: null,
	agent_id: null,
	model: null,
	version: 2,
};
