import { CONFIG_DEFAULTS } from "../lib/config-defaults.ts";
import { batch } from "../lib/d1.ts";
import type { Row } from "../lib/d1.ts";
import { notConfigured } from "../lib/errors.ts";
import { log } from "../lib/log.ts";
import { isWithinLimit, rateLimited } from "../lib/rate-limit.ts";
import { parseSiteKey } from "../lib/site-key.ts";
import { admitSite, siteStatement } from "../lib/site.ts";
import type { Site } from "../lib/site.ts";
import { isoInstant, utcDate } from "../lib/time.ts";
import { giveBackStatement, quotaExceeded, reserveStatement } from "../lib/usage.ts";
import { historyStatement, parseHistory } from "./history.ts";
import { TURN_SPENDING, logAnswered, logFailed } from "./log-turn.ts";
import type { TurnRecord } from "./log-turn.ts";
import { modelSettings, withSiteModel } from "./models.ts";
import type { ModelSettings, ModelVariables } from "./models.ts";
import { botInstructions } from "./prompt.ts";
import type { Asked, Turn } from "./turn.ts";

export interface KeyedBindings {
	/** undefined where no database is bound: then no site key can be known. */
	db: D1Database | undefined;
	siteLimiter: RateLimit | undefined;
	sessionLimiter: RateLimit | undefined;
	models: ModelVariables;
}

/**
 * Admits a request with a site key and reserves its turn, in one round trip. A secret that is missing is found before
 * that: nothing is reserved that could not be answered.
 * @throws {ApiError} invalid_site_key, not_configured, unavailable, site_inactive, org_inactive, origin_not_allowed,
 * rate_limited, quota_exceeded
 */
export async function openKeyedTurn(bindings: KeyedBindings, keyHeader: string, asked: Asked): Promise<Turn> {
	const siteKey = parseSiteKey(keyHeader);
	const { db } = bindings;
	if (db === undefined) throw notConfigured("DB");
	const models = modelSettings(bindings.models);
	const isAllowed = await isWithinBurst(bindings, siteKey, asked.chat.sessionId);
	const { siteRow, historyRows, isReserved } = await look(db, siteKey, asked, isAllowed);
	const site = admitSite(siteRow, asked.origin);
	if (!isAllowed) throw rateLimited();
	if (!isReserved) {
		const message = site.limitMessage ?? CONFIG_DEFAULTS.limit_message;
		throw quotaExceeded(site.usage.messages, TURN_SPENDING.messages, asked.startedAt, message);
	}
	return keyedTurn(db, site, historyRows, models, asked);
}

/** A limiter that fails lets pass: the plan's exact limit stands behind it. */
async function isWithinBurst(bindings: KeyedBindings, siteKey: string, sessionId: string | null): Promise<boolean> {
	const { siteLimiter, sessionLimiter } = bindings;
	const verdicts = await Promise.all([
		isWithinLimit(siteLimiter, "SITE_LIMITER", siteKey, "allow"),
		sessionId === null || isWithinLimit(sessionLimiter, "SESSION_LIMITER", sessionId, "allow"),
	]);
	return verdicts.every(Boolean);
}

interface Looked {
	siteRow: Row | undefined;
	/** Newest first; none = a new session. */
	historyRows: Row[];
	isReserved: boolean;
}

/**
 * The one round trip before the model. Over a burst limit nothing is reserved, yet the site is read: a key, status or
 * origin that is refused comes before the 429.
 */
async function look(db: D1Database, siteKey: string, asked: Asked, mayReserve: boolean): Promise<Looked> {
	const { startedAt, origin, waitUntil } = asked;
	const { sessionId, visitorId } = asked.chat;
	const now = isoInstant(startedAt);
	const date = utcDate(startedAt);
	const reserve = mayReserve ? [reserveStatement(db, { siteKey, origin, now, date }, TURN_SPENDING)] : [];
	const history = mayReserve && sessionId !== null ? [historyStatement(db, { siteKey, sessionId, visitorId, now: startedAt })] : [];
	const [siteRows = [], reserved = [], historyRows = []] = await batch(db, [siteStatement(db, siteKey, now, date), ...reserve, ...history], {
		waitUntil,
		onLate: ([, late]) => giveBackLate(db, late?.[0], date),
	});
	return { siteRow: siteRows[0], historyRows, isReserved: reserved.length > 0 };
}

/** The visitor was refused when the batch ran over its time; what it reserved after all goes back. */
async function giveBackLate(db: D1Database, reserved: Row | undefined, date: string): Promise<void> {
	const orgId = reserved?.org_id;
	if (typeof orgId !== "string") return;
	try {
		await batch(db, [giveBackStatement(db, orgId, date, TURN_SPENDING)]);
	} catch {
		log("error", "reservation_not_given_back", { org_id: orgId, date, messages: TURN_SPENDING.messages });
	}
}

function keyedTurn(db: D1Database, site: Site, historyRows: Row[], models: ModelSettings, asked: Asked): Turn {
	const { message, visitorId } = asked.chat;
	const isNewSession = historyRows.length === 0;
	const sessionId = isNewSession || asked.chat.sessionId === null ? crypto.randomUUID() : asked.chat.sessionId;
	const record: TurnRecord = {
		orgId: site.orgId,
		siteId: site.id,
		sessionId,
		isNewSession,
		visitorId: visitorId ?? sessionId,
		userMessageId: crypto.randomUUID(),
		messageId: crypto.randomUUID(),
		message,
		startedAt: asked.startedAt,
	};
	return {
		sessionId,
		messageId: record.messageId,
		fallbackMessage: site.fallbackMessage ?? CONFIG_DEFAULTS.fallback_message,
		models: withSiteModel(models, site.model),
		prompt: {
			instructions: botInstructions(site.displayName ?? site.orgName, site.instructions),
			messages: [...parseHistory(historyRows), { role: "user", text: message }],
		},
		answered: (answer) => logAnswered(db, record, answer),
		failed: () => logFailed(db, record),
	};
}
