import { ApiError } from "../../lib/http/errors.ts";
import { ADMITTED_SQL, admissionParameters } from "../../lib/site/admission.ts";
import type { SiteCaller } from "../../lib/site/admission.ts";
import { admit } from "../../lib/site/admit.ts";
import type { SiteRequest } from "../../lib/site/admit.ts";

/**
 * Takes the caller's word that a conversation has ended, which frees its slot at once; its seconds and cost are booked when
 * ElevenLabs tells them. Saying so again changes nothing. Whoever holds the random session id may say it.
 * @throws {ApiError} invalid_site_key, site_inactive, org_inactive, origin_not_allowed, rate_limited, not_found, unavailable
 */
export async function endConversation(request: SiteRequest, sessionId: string): Promise<Response> {
	const { results } = await admit(request, {
		kind: "end",
		whenBroken: "refuse",
		statements: (db, caller) => [endStatement(db, caller, sessionId)],
	});
	if (results[0]?.length !== 1)
		throw new ApiError(
			"not_found",
			"This assistant has no such conversation; check the session_id that POST /session gave.",
		);
	return new Response(null, { status: 204 });
}

function endStatement(db: D1Database, caller: SiteCaller, sessionId: string): D1PreparedStatement {
	return db
		.prepare(`
			UPDATE voice_sessions SET ended_at = COALESCE(ended_at, ?2)
			WHERE id = ?6 AND site_id = (SELECT s.id FROM portal_sites s JOIN orgs o ON o.id = s.org_id WHERE ${ADMITTED_SQL})
			RETURNING id
		`)
		.bind(...admissionParameters(caller), sessionId);
}
