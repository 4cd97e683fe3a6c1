import { repeatableBatch } from "../../lib/d1/batch.ts";
import { textColumn, textColumnOrNull } from "../../lib/d1/row.ts";
import type { Row } from "../../lib/d1/row.ts";
import { ApiError, retryLater } from "../../lib/http/errors.ts";
import type { SiteRequest } from "../../lib/site/admit.ts";
import { builtIn } from "../../lib/languages/built-in.ts";
import { spokenLanguage } from "../../lib/languages/languages.ts";
import type { Site } from "../../lib/site/site.ts";
import { SECOND_MS, isoInstant } from "../../lib/time.ts";
import { readAccount } from "../../lib/usage/account.ts";
import { whyRefused } from "../../lib/usage/usage.ts";
import { worstConversationCost } from "../elevenlabs/prices.ts";
import { ENDING_SECONDS, UNPROVEN_FACTOR } from "./job.ts";
import type { ConversationJob } from "./job.ts";

/** After this long ElevenLabs has been asked how a conversation went that was said to have ended, seconds. */
const READ_BACK_SECONDS = 420;
const MINUTE_MS = 60 * SECOND_MS;

/**
 * Why no place was given: a plan without conversations, no free place, the plan's minutes, or a brake.
 * @throws {ApiError} unavailable
 */
export async function slotRefused(job: ConversationJob, request: SiteRequest, site: Site): Promise<ApiError> {
	const { db, date } = request;
	const key = { orgId: site.orgId, date, client: null };
	const [account, places] = await Promise.all([readAccount(db, key), readPlaces(job, request, site)]);
	if (account.conversationSeconds.monthlyLimit === 0) {
		const message = `The plan ${account.plan} has no voice conversations; choose another in the dashboard, under billing.`;
		return new ApiError("forbidden", message);
	}
	if (places !== undefined) return places;
	const spending = { messages: 0, voiceCharacters: 0, conversationSeconds: job.maxSeconds + ENDING_SECONDS };
	return whyRefused(db, key, {
		spending: { ...spending, costUsdMicros: worstConversationCost(job.maxSeconds + ENDING_SECONDS) },
		now: job.startedAt,
		limitMessage: site.limitMessage ?? builtIn(spokenLanguage(null, site.locale)).limitMessage,
		deploymentBudget: job.deploymentBudget,
	});
}

/** The 429 of places that are all taken, saying when one is free at the latest; undefined = there is one. */
async function readPlaces(job: ConversationJob, { db, at }: SiteRequest, site: Site): Promise<ApiError | undefined> {
	const statement = db
		.prepare(`
			SELECT client_hash, ended_at, expires_at FROM voice_sessions
			WHERE site_id = ?1 AND status = 'open' AND expires_at > ?2
			ORDER BY expires_at LIMIT 200
		`)
		.bind(site.id, at);
	const [rows = []] = await repeatableBatch(db, [statement]);
	const own = rows.filter((row) => row.client_hash === job.clientHash);
	const isOwn = isOverOwn(job, own);
	if (!isOwn && heldByOthers(job, rows) + own.filter(isUnended).length < job.maxOpen) return undefined;
	const seconds = Math.min(...(isOwn ? own : rows).map((row) => secondsLeft(row, job.startedAt)));
	const free = `one is free at ${minuteOf(job.startedAt + seconds * SECOND_MS)} UTC at the latest`;
	const message = isOwn
		? `You have all the places that one visitor may have; end a conversation, or wait: ${free}.`
		: `All places of this assistant are taken; ${free}.`;
	return retryLater("session_limit", message, seconds, isOwn ? "client" : "site");
}

/** The minute that begins at an instant or next, such as 14:05. @param instant ms since the epoch */
function minuteOf(instant: number): string {
	return isoInstant(Math.ceil(instant / MINUTE_MS) * MINUTE_MS).slice("2026-01-31T".length, "2026-01-31T14:05".length);
}

function isUnended({ ended_at: endedAt }: Row): boolean {
	return endedAt === null;
}

function isOverOwn({ maxOpenOfClient }: ConversationJob, own: readonly Row[]): boolean {
	return own.length >= maxOpenOfClient * UNPROVEN_FACTOR || own.filter(isUnended).length >= maxOpenOfClient;
}

function heldByOthers({ clientHash, maxOpenOfClient }: ConversationJob, rows: readonly Row[]): number {
	const held = new Map<unknown, number>();
	for (const { client_hash: client } of rows) {
		if (client !== clientHash) held.set(client, Math.min(maxOpenOfClient, (held.get(client) ?? 0) + 1));
	}
	return [...held.values()].reduce((sum, count) => sum + count, 0);
}

/** Until a conversation holds no place any more, at the latest. */
function secondsLeft(row: Row, now: number): number {
	const endedAt = textColumnOrNull(row, "ended_at");
	const expires = (Date.parse(textColumn(row, "expires_at")) - now) / SECOND_MS;
	if (endedAt === null) return expires;
	return Math.min(expires, READ_BACK_SECONDS + (Date.parse(endedAt) - now) / SECOND_MS);
}
