import { repeatableBatch } from "../../lib/d1/batch.ts";
import { textColumn } from "../../lib/d1/row.ts";
import type { Row } from "../../lib/d1/row.ts";
import { ApiError } from "../../lib/http/errors.ts";
import { log } from "../../lib/log.ts";
import { ADMITTED_SQL, admissionParameters, asksAnyoneSql } from "../../lib/site/admission.ts";
import type { SiteCaller } from "../../lib/site/admission.ts";
import { admit } from "../../lib/site/admit.ts";
import { agreedSql } from "../../lib/consent/consent.ts";
import type { SiteRequest } from "../../lib/site/admit.ts";
import type { Site } from "../../lib/site/site.ts";
import { SECOND_MS, isoInstant } from "../../lib/time.ts";
import { accountJoinsSql, withinConversationBrakesSql } from "../../lib/usage/account.ts";
import { uncoveredAgent } from "../elevenlabs/covered.ts";
import { worstConversationCost } from "../elevenlabs/prices.ts";
import { ENDING_SECONDS, START_WINDOW_SECONDS, UNPROVEN_FACTOR } from "./job.ts";
import type { ConversationJob } from "./job.ts";
import { slotRefused } from "./slot-refused.ts";

/** A place that was taken. */
export interface Slot {
	site: Site;
	agentId: string;
}

/**
 * Reads the site and takes a place in one batch, with the longest that the conversation may last and the most that it may cost, so
 * that parallel callers never open more than the caps, the plan and the brakes allow.
 * @throws {ApiError} as `admit`; conversation_not_configured, not_configured, and as `slotRefused` says
 */
export async function takeSlot(job: ConversationJob, request: SiteRequest): Promise<Slot> {
	const { site, results } = await admit(request, {
		whenBroken: "refuse",
		statements: (db, caller) => [slotStatement(job, db, caller, request)],
		onLate: ([late = []]) => freeLate(job, request.db, late[0]),
	});
	const agentId = site.agentId ?? job.defaultAgentId;
	if (agentId === null) {
		throw new ApiError(
			"conversation_not_configured",
			"No conversation agent is set up for this assistant yet; please ask Koby's support for one.",
		);
	}
	requireCovered(site, () => uncoveredAgent(job.vendor.coverage, agentId));
	if (results[0]?.length !== 1) throw await slotRefused(job, request, site);
	return { site, agentId };
}

/** Refuses an org that demands an agreement where something is not under it. @throws {ApiError} what `whyNot` gives */
export function requireCovered({ providerPolicy }: Site, whyNot: () => ApiError | undefined): void {
	const uncovered = providerPolicy === "any" ? undefined : whyNot();
	if (uncovered !== undefined) throw uncovered;
}

/** Conversations of a site that are not over for sure. */
const OPEN_SQL = "v.site_id = s.id AND v.status = 'open' AND v.expires_at > ?2";

/**
 * A place is free again for others once ElevenLabs has told that a conversation is over; on the caller's word only for the caller. Each
 * other client holds as many as it has conversations that may still run, at most its cap: more it cannot have had at once.
 */
const SLOT_SQL = `
	INSERT INTO voice_sessions (id, org_id, site_id, agent_id, opened_at, expires_at, client_hash, reserved_seconds, reserved_usd_micros,
		consent_version)
	SELECT ?6, s.org_id, s.id, COALESCE(s.agent_id, ?7), ?2, ?8, ?10, ?12, ?13, ?18
	FROM portal_sites s
	JOIN orgs o ON o.id = s.org_id ${accountJoinsSql("?15", "NULL")}
	WHERE ${ADMITTED_SQL}
		AND ${agreedSql("?17")}
		AND COALESCE(s.agent_id, ?7) IS NOT NULL
		AND (${asksAnyoneSql("o.id")} OR COALESCE(s.agent_id, ?7) IN (SELECT value FROM json_each(?16)))
		AND (p.monthly_conversation_seconds IS NULL OR COALESCE(m.conversation_seconds, 0) + ?12 <= p.monthly_conversation_seconds)
		AND ${withinConversationBrakesSql("?13", "?14")}
		AND (
			SELECT COUNT(*) < ?11 * ${UNPROVEN_FACTOR} AND COUNT(iif(v.ended_at IS NULL, 1, NULL)) < ?11
				AND COUNT(iif(v.ended_at IS NULL, 1, NULL)) + (
					SELECT COALESCE(SUM(MIN(held, ?11)), 0)
					FROM (SELECT COUNT(*) AS held FROM voice_sessions v WHERE ${OPEN_SQL} AND v.client_hash IS NOT ?10 GROUP BY v.client_hash)
				) < ?9
			FROM voice_sessions v
			WHERE ${OPEN_SQL} AND v.client_hash = ?10)
	RETURNING org_id
`;

function slotStatement(
	job: ConversationJob,
	db: D1Database,
	caller: SiteCaller,
	{ date, consent = null }: SiteRequest,
): D1PreparedStatement {
	const { sessionId, defaultAgentId, maxOpen, clientHash, maxOpenOfClient, maxSeconds, deploymentBudget } = job;
	const expiresAt = isoInstant(job.startedAt + (START_WINDOW_SECONDS + maxSeconds) * SECOND_MS);
	return db
		.prepare(SLOT_SQL)
		.bind(
			...admissionParameters(caller),
			...[sessionId, defaultAgentId, expiresAt, maxOpen, clientHash, maxOpenOfClient],
			...[maxSeconds + ENDING_SECONDS, worstConversationCost(maxSeconds + ENDING_SECONDS), deploymentBudget, date],
			...[JSON.stringify(job.vendor.coverage.zeroRetentionAgents), caller.agreedTo ?? null, consent],
		);
}

async function freeLate(job: ConversationJob, db: D1Database, taken: Row | undefined): Promise<void> {
	if (taken !== undefined) await freeSlot(job, db, textColumn(taken, "org_id"));
}

/** Gives a place back that was not used. Never rejects: one that cannot be given back is closed by the read-back. */
export async function freeSlot(job: ConversationJob, db: D1Database, orgId: string): Promise<void> {
	const statement = db
		.prepare(
			"UPDATE voice_sessions SET status = 'failed', closed_at = ?3, reason = 'not_minted', client_hash = NULL WHERE id = ?1 AND org_id = ?2",
		)
		.bind(job.sessionId, orgId, isoInstant(Date.now()));
	try {
		await repeatableBatch(db, [statement]);
	} catch {
		log("error", "session_slot_not_freed", { request_id: job.requestId, session_id: job.sessionId, org_id: orgId });
	}
}
