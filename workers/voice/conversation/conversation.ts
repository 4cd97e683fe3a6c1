import { repeatableBatch } from "../../lib/d1/batch.ts";
import { textColumn } from "../../lib/d1/row.ts";
import type { Row } from "../../lib/d1/row.ts";
import { ApiError, retryLater } from "../../lib/http/errors.ts";
import { json } from "../../lib/http/json.ts";
import type { RequestContext } from "../../lib/http/serve.ts";
import { log } from "../../lib/log.ts";
import { ADMITTED_SQL, admissionParameters } from "../../lib/site/admission.ts";
import type { SiteCaller } from "../../lib/site/admission.ts";
import { admit } from "../../lib/site/admit.ts";
import type { SiteRequest } from "../../lib/site/admit.ts";
import type { Site } from "../../lib/site/site.ts";
import { SECOND_MS, isoInstant } from "../../lib/time.ts";
import type { ElevenLabs } from "../elevenlabs/call.ts";
import { mintSignedUrl } from "../elevenlabs/conversation.ts";
import type { SignedUrl } from "../elevenlabs/conversation.ts";

/** How long a signed URL can begin a conversation, seconds (ElevenLabs: 15 minutes; one that runs goes on). */
export const START_WINDOW_SECONDS = 900;
/**
 * Conversations that were said to have ended, and of which ElevenLabs has not told yet, count beside the open ones up to so many
 * times the cap: a caller who lies about their end gets no further. Short honest ones, three at a time, stay below it: each
 * counts for seven minutes at most, until it is old enough to be read back and the reconciler has come round.
 */
const UNPROVEN_FACTOR = 8;
/** The same for one client, so that none takes all of a site's. */
const UNPROVEN_FACTOR_OF_CLIENT = 3;
/** What a caller who meets the cap is told to wait, seconds. */
const CAP_RETRY_SECONDS = 30;

/** The bounds of a deployment's conversations. */
export interface ConversationRules {
	/** The agent of sites that have none of their own; null = none. */
	defaultAgentId: string | null;
	/** Open conversations per site. */
	maxOpen: number;
	/** How many of these one client may have. */
	maxOpenOfClient: number;
	/** Longest conversation booked, seconds. */
	maxSeconds: number;
}

/** One `POST /session`. */
export interface ConversationJob extends RequestContext, ConversationRules {
	sessionId: string;
	vendor: ElevenLabs;
	/** Digest of site key and client address. */
	clientHash: string;
}

interface Slot {
	site: Site;
	agentId: string;
}

/**
 * Brokers a conversation: takes one of the site's slots, mints a signed URL, records whose it is, and only then hands it
 * out. Whatever fails on the way gives the slot back, and a URL that could not be recorded is never seen. The agent is the
 * site's or the deployment's; the caller has no say.
 * @throws {ApiError} invalid_site_key, site_inactive, org_inactive, origin_not_allowed, rate_limited, conversation_not_configured,
 * session_limit, unavailable, and as `mintSignedUrl`
 */
export async function openConversation(job: ConversationJob, request: SiteRequest): Promise<Response> {
	const slot = await takeSlot(job, request);
	try {
		const signed = await mintSignedUrl(job.vendor, slot.agentId);
		await record(job, request.db, slot.site, signed);
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

/** Reads the site and takes a slot in one batch, so that parallel callers never open more than the cap. */
async function takeSlot(job: ConversationJob, request: SiteRequest): Promise<Slot> {
	const { site, results } = await admit(request, {
		whenBroken: "refuse",
		statements: (db, caller) => [slotStatement(job, db, caller)],
		onLate: ([late = []]) => freeLate(job, request.db, late[0]),
	});
	const agentId = site.agentId ?? job.defaultAgentId;
	if (agentId === null) {
		throw new ApiError("conversation_not_configured", "No conversation agent is set up for this assistant yet.");
	}
	if (results[0]?.length !== 1) {
		const message = "All conversations of this assistant are in use; please try again in a moment.";
		throw retryLater("session_limit", message, CAP_RETRY_SECONDS);
	}
	return { site, agentId };
}

function slotStatement(job: ConversationJob, db: D1Database, caller: SiteCaller): D1PreparedStatement {
	const expiresAt = isoInstant(job.startedAt + (START_WINDOW_SECONDS + job.maxSeconds) * SECOND_MS);
	return db
		.prepare(`
			INSERT INTO voice_sessions (id, org_id, site_id, agent_id, opened_at, expires_at, client_hash)
			SELECT ?6, s.org_id, s.id, COALESCE(s.agent_id, ?7), ?2, ?8, ?10
			FROM portal_sites s
			JOIN orgs o ON o.id = s.org_id
			WHERE ${ADMITTED_SQL}
				AND COALESCE(s.agent_id, ?7) IS NOT NULL
				AND (
					SELECT COUNT(*) < ?9 * ${UNPROVEN_FACTOR} AND COUNT(iif(v.ended_at IS NULL, 1, NULL)) < ?9
						AND COUNT(iif(v.client_hash = ?10, 1, NULL)) < ?11 * ${UNPROVEN_FACTOR_OF_CLIENT}
						AND COUNT(iif(v.ended_at IS NULL AND v.client_hash = ?10, 1, NULL)) < ?11
					FROM voice_sessions v
					WHERE v.site_id = s.id AND v.status = 'open' AND v.expires_at > ?2)
			RETURNING org_id
		`)
		.bind(
			...admissionParameters(caller),
			...[job.sessionId, job.defaultAgentId, expiresAt, job.maxOpen, job.clientHash, job.maxOpenOfClient],
		);
}

/**
 * Marks the row as minted and counts it, once: it may be sent again to no effect, as it counts what is not yet marked.
 * @throws {ApiError} unavailable: then nobody could read the conversation back, and it must not begin
 */
async function record(job: ConversationJob, db: D1Database, site: Site, signed: SignedUrl): Promise<void> {
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
	const [, marked = []] = await repeatableBatch(db, [count, mark]);
	if (marked.length === 0)
		throw retryLater("unavailable", "The conversation could not be recorded; please try again.", 2, "session_row_gone");
}

async function freeLate(job: ConversationJob, db: D1Database, taken: Row | undefined): Promise<void> {
	if (taken !== undefined) await freeSlot(job, db, textColumn(taken, "org_id"));
}

/** Never rejects: a slot that cannot be freed expires. */
async function freeSlot(job: ConversationJob, db: D1Database, orgId: string): Promise<void> {
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
