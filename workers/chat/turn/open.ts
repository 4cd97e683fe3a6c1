import { CONFIG_DEFAULTS } from "../../lib/site/config-defaults.ts";
import { batch } from "../../lib/d1/batch.ts";
import type { Row } from "../../lib/d1/batch.ts";
import { foundPassages, searchStatement } from "../../lib/knowledge/search.ts";
import type { FoundPassage } from "../../lib/knowledge/search.ts";
import { log } from "../../lib/log.ts";
import { queryTerms } from "../../lib/knowledge/query-terms.ts";
import type { Site } from "../../lib/site/site.ts";
import { questionKey } from "../../lib/knowledge/terms.ts";
import { utcDate } from "../../lib/time.ts";
import { giveBackStatement, quotaExceeded, reserveStatement } from "../../lib/site/usage.ts";
import { isGood, lookUp, storeAnswer } from "./answer-cache.ts";
import type { CachePlace, StoredAnswer } from "./answer-cache.ts";
import type { ReadyAnswer } from "./answer-types.ts";
import { historyStatement, parseHistory } from "./history.ts";
import { knownQuestion, knownStatement, shownPassages, sourcesOf } from "./knowledge.ts";
import type { CuratedAnswer, KnownQuestion } from "./knowledge.ts";
import { TURN_SPENDING, logAnswered, logFailed } from "./record.ts";
import type { TurnRecord } from "./record.ts";
import { modelSettings, withSiteModel } from "../gemini/models.ts";
import type { ModelSettings, ModelVariables } from "../gemini/models.ts";
import { informedInstructions } from "./prompt.ts";
import { admit, siteRequest } from "../session/site-request.ts";
import type { RouteWork, SiteBindings, SiteRequest } from "../session/site-request.ts";
import type { Asked, Turn, TurnAnswer } from "./answer.ts";

export interface KeyedBindings extends SiteBindings {
	sessionLimiter: RateLimit | undefined;
	models: ModelVariables;
}

/**
 * Admits a request with a site key and reserves its turn, in one round trip. A secret that is missing is found before
 * that: nothing is reserved that could not be answered.
 * @throws {ApiError} those of `siteRequest` and `admit`, quota_exceeded
 */
export async function openKeyedTurn(bindings: KeyedBindings, siteKey: string, asked: Asked): Promise<Turn> {
	const request = siteRequest(bindings, siteKey, asked.origin, asked);
	const models = modelSettings(bindings.models);
	const { message, sessionId } = asked.chat;
	const { site, results } = await admit(request, turnWork(request, bindings, asked));
	const [reserved = [], [knownRow] = [], foundRows = [], historyRows = []] = results;
	if (reserved.length === 0) {
		const limitMessage = site.limitMessage ?? CONFIG_DEFAULTS.limit_message;
		throw quotaExceeded(site.usage.messages, TURN_SPENDING.messages, asked.startedAt, limitMessage);
	}
	const known = knownQuestion(knownRow);
	const isCacheable = sessionId === null && known.isCommon && known.curated === undefined;
	const cache = isCacheable ? await lookUp(asked.url, siteKey, message) : undefined;
	return keyedTurn({
		db: request.db,
		site,
		known,
		foundRows,
		historyRows,
		models: withSiteModel(models, site.model),
		asked,
		cache,
	});
}

/** What a turn reads and writes before its answer. */
function turnWork(request: SiteRequest, { sessionLimiter }: KeyedBindings, { chat, startedAt }: Asked): RouteWork {
	const { sessionId, visitorId } = chat;
	const date = utcDate(startedAt);
	return {
		kind: "turn",
		limits: sessionId === null ? [] : [{ limiter: sessionLimiter, name: "SESSION_LIMITER", key: sessionId }],
		statements: (db, caller) => [
			reserveStatement(db, { ...caller, date }, TURN_SPENDING),
			knownStatement(db, caller, questionKey(chat.message)),
			searchStatement(db, caller, queryTerms(chat.message)),
			...(sessionId === null ? [] : [historyStatement(db, caller, { sessionId, visitorId })]),
		],
		onLate: ([reserved]) => giveBackLate(request.db, reserved?.[0], date),
	};
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

interface OpenTurn {
	db: D1Database;
	site: Site;
	known: KnownQuestion;
	foundRows: Row[];
	/** Newest first; none = a new session. */
	historyRows: Row[];
	/** The site's. */
	models: ModelSettings;
	asked: Asked;
	/** First turns with a common question only: any other costs the cache nothing. */
	cache: CachePlace | undefined;
}

/** The turn's answer is known where the owner has written it, or the cache has it. */
function keyedTurn({ db, site, known: { curated }, foundRows, historyRows, models, asked, cache }: OpenTurn): Turn {
	const under = { siteId: site.id, configVersion: site.configVersion, model: models.model.name };
	const cached = cache?.stored !== undefined && isGood(cache.stored, under) ? cache.stored : undefined;
	const ready = readyAnswer(curated, cached);
	const { near, rest } = shownPassages(foundPassages(ready === undefined ? foundRows : []));
	const sources = (curated ?? cached)?.sources ?? sourcesOf(near);
	const record = { ...turnRecord(site, asked, historyRows.length === 0), knowledgeIds: usedIds(curated, near) };
	const store = async (answer: TurnAnswer): Promise<void> => {
		const isWorthIt = cache !== undefined && answer.finish === "stop" && !answer.isUnanswered;
		if (isWorthIt) await storeAnswer(cache.url, { ...under, text: answer.text, sources });
	};
	return {
		sessionId: record.sessionId,
		messageId: record.messageId,
		fallbackMessage: site.fallbackMessage ?? CONFIG_DEFAULTS.fallback_message,
		ready,
		models,
		prompt: {
			instructions: informedInstructions(site.displayName ?? site.orgName, site.instructions, [...near, ...rest]),
			messages: [...parseHistory(historyRows), { role: "user", text: asked.chat.message }],
		},
		sources,
		answered: async (answer) => void (await Promise.all([logAnswered(db, record, answer), store(answer)])),
		failed: () => logFailed(db, record),
	};
}

function readyAnswer(curated: CuratedAnswer | undefined, cached: StoredAnswer | undefined): ReadyAnswer | undefined {
	if (curated !== undefined) return { text: curated.text, finish: "curated" };
	return cached === undefined ? undefined : { text: cached.text, finish: "cached" };
}

function usedIds(curated: CuratedAnswer | undefined, passages: readonly FoundPassage[]): string[] {
	return curated === undefined ? [...new Set(passages.map(({ knowledgeId }) => knowledgeId))] : [curated.id];
}

function turnRecord(site: Site, { chat, startedAt }: Asked, isNewSession: boolean): Omit<TurnRecord, "knowledgeIds"> {
	const sessionId = isNewSession || chat.sessionId === null ? crypto.randomUUID() : chat.sessionId;
	return {
		orgId: site.orgId,
		siteId: site.id,
		sessionId,
		isNewSession,
		visitorId: chat.visitorId ?? sessionId,
		userMessageId: crypto.randomUUID(),
		messageId: crypto.randomUUID(),
		message: chat.message,
		startedAt,
	};
}
