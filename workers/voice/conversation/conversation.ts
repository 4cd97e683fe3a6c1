import { repeatableBatch } from "../../lib/d1/batch.ts";
import { numberColumn } from "../../lib/d1/row.ts";
import { retryLater } from "../../lib/http/errors.ts";
import { json } from "../../lib/http/json.ts";
import type { SiteRequest } from "../../lib/site/admit.ts";
import type { Site } from "../../lib/site/site.ts";
import { SECOND_MS, isoInstant } from "../../lib/time.ts";
import { accountJoinsSql, brakePercentSql } from "../../lib/usage/account.ts";
import { warnNearBrake } from "../../lib/usage/brake.ts";
import { uncoveredSocket } from "../elevenlabs/covered.ts";
import { mintSignedUrl } from "../elevenlabs/conversation.ts";
import type { SignedUrl } from "../elevenlabs/conversation.ts";
import { START_WINDOW_SECONDS } from "./job.ts";
import type { ConversationJob } from "./job.ts";
import { freeSlot, requireCovered, takeSlot } from "./slot.ts";
import type { Slot } from "./slot.ts";

/**
 * Brokers a conversation: takes one of the site's slots, mints a signed URL, records whose it is, and only then hands it
 * out. Whatever fails on the way gives the slot back, and a URL that could not be recorded is never seen. The agent is the
 * site's or the deployment's; the caller has no say.
 * @throws {ApiError} invalid_site_key, site_inactive, org_inactive, origin_not_allowed, consent_required, rate_limited, conversation_not_configured,
 * forbidden (a plan without conversations), session_limit, quota_exceeded, budget_exhausted, unavailable, and as `mintSignedUrl`
 */
export async function openConversation(job: ConversationJob, request: SiteRequest): Promise<Response> {
	const slot = await takeSlot(job, request);
	try {
		const signed = await mintSignedUrl(job.vendor, slot.agentId);
		requireCovered(slot.site, () => uncoveredSocket(job.vendor.coverage, signed.signedUrl));
		await record(job, request, slot.site, signed);
		return opened(job, slot, signed);
	} catch (thrown) {
		job.waitUntil(freeSlot(job, request.db, slot.site.orgId));
		throw thrown;
	}
}

function opened(job: ConversationJob, slot: Slot, signed: SignedUrl): Response {
	return json(
		{
			session_id: job.sessionId,
			signed_url: signed.signedUrl,
			conversation_id: signed.conversationId,
			agent_id: slot.agentId,
			expires_at: isoInstant(job.startedAt + START_WINDOW_SECONDS * SECOND_MS),
			max_duration_seconds: job.maxSeconds,
		},
		201,
	);
}

/**
 * Marks the row as minted and counts it, once: it may be sent again to no effect, as it counts what is not yet marked.
 * @throws {ApiError} unavailable: then nobody could read the conversation back, and it must not begin
 */
async function record(job: ConversationJob, { db, date }: SiteRequest, site: Site, signed: SignedUrl): Promise<void> {
	const count = db
		.prepare(`
			INSERT INTO metrics_daily (org_id, date, site_id, last_at, voice_sessions)
			SELECT org_id, substr(opened_at, 1, 10), site_id, opened_at, 1
			FROM voice_sessions
			WHERE id = ?1 AND org_id = ?2 AND status = 'open' AND conversation_id IS NULL
			ON CONFLICT (org_id, date, site_id) DO UPDATE
			SET last_at = MAX(last_at, excluded.last_at), voice_sessions = voice_sessions + 1
		`)
		.bind(job.sessionId, site.orgId);
	const mark = db
		.prepare(
			"UPDATE voice_sessions SET conversation_id = ?3 WHERE id = ?1 AND org_id = ?2 AND status = 'open' RETURNING id",
		)
		.bind(job.sessionId, site.orgId, signed.conversationId);
	const brake = db.prepare(BRAKE_SQL).bind(site.orgId, date, job.deploymentBudget);
	const [, marked = [], [taken] = []] = await repeatableBatch(db, [count, mark, brake]);
	if (marked.length === 0)
		throw retryLater("unavailable", "The conversation could not be recorded; please try again.", 2, "session_row_gone");
	if (taken === undefined) return;
	const account = { orgId: site.orgId, date, client: null };
	job.waitUntil(warnNearBrake(db, account, numberColumn(taken, "percent"), job.deploymentBudget));
}

const BRAKE_SQL = `
	SELECT ${brakePercentSql("0", "?3")} AS percent
	FROM orgs o ${accountJoinsSql("?2", "NULL")}
	WHERE o.id = ?1
`;
