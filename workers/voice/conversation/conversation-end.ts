import { ADMITTED_SQL, admissionParameters } from "../../lib/site/admission.ts";
import { batch } from "../../lib/d1/batch.ts";
import { ApiError } from "../../lib/http/errors.ts";
import { isWithinLimit, rateLimited } from "../../lib/http/rate-limit.ts";
import { siteStatement } from "../../lib/site/site.ts";
import { isoInstant, utcDate } from "../../lib/time.ts";
import { admitAndRemember } from "../site-memory.ts";
import type { SiteAccess } from "../site-memory.ts";

/**
 * Takes the caller's word that a conversation has ended, which frees its slot at once; its seconds and cost are booked when
 * ElevenLabs tells them. Saying so again changes nothing. Whoever holds the random session id may say it.
 * @param now ms
 * @throws {ApiError} invalid_site_key, site_inactive, org_inactive, origin_not_allowed, rate_limited, not_found, unavailable
 */
export async function endConversation(access: SiteAccess, sessionId: string, now: number): Promise<Response> {
	const isWithin = await isWithinLimit(access.siteLimiter, "SITE_LIMITER", `${access.siteKey} end`, "refuse");
	const statements = [
		siteStatement(access.db, access.siteKey, isoInstant(now), utcDate(now)),
		...(isWithin ? [endStatement(access, sessionId, now)] : []),
	];
	const [rows = [], ended = []] = await batch(access.db, statements);
	admitAndRemember(access, rows[0], now);
	if (!isWithin) throw rateLimited();
	if (ended.length === 0) throw new ApiError("not_found", "This assistant has no such conversation.");
	return new Response(null, { status: 204 });
}

function endStatement({ db, siteKey, origin }: SiteAccess, sessionId: string, nowMs: number): D1PreparedStatement {
	const now = isoInstant(nowMs);
	return db
		.prepare(`
			UPDATE voice_sessions SET ended_at = COALESCE(ended_at, ?2)
			WHERE id = ?6 AND site_id = (SELECT s.id FROM portal_sites s JOIN orgs o ON o.id = s.org_id WHERE ${ADMITTED_SQL})
			RETURNING id
		`)
		.bind(...admissionParameters({ siteKey, origin, now }), sessionId);
}
