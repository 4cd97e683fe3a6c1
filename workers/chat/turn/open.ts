import { batch } from "../../lib/d1/batch.ts";
import type { Row } from "../../lib/d1/row.ts";
import { queryTerms } from "../../lib/knowledge/query-terms.ts";
import { foundPassages, searchStatement } from "../../lib/knowledge/search.ts";
import { questionKey } from "../../lib/knowledge/terms.ts";
import { log } from "../../lib/log.ts";
import { admit, siteRequest } from "../../lib/site/admit.ts";
import type { LimitedWork, SiteBindings, SiteRequest } from "../../lib/site/admit.ts";
import { CONFIG_DEFAULTS } from "../../lib/site/config-defaults.ts";
import type { Site } from "../../lib/site/site.ts";
import { giveBackStatement, quotaExceeded, reserveStatement } from "../../lib/site/usage.ts";
import { withSiteModel } from "../gemini/models.ts";
import type { ModelSettings } from "../gemini/models.ts";
import { lookUp } from "./answer-cache.ts";
import { historyStatement, parseHistory } from "./history.ts";
import { idsOf, knownQuestion, knownStatement, shownPassages, sourcesOf } from "./knowledge.ts";
import { informedInstructions } from "./prompt.ts";
import { TURN_SPENDING } from "./record.ts";
import type { Asked, Turn, TurnRecord } from "./turn.ts";

export interface KeyedBindings extends SiteBindings {
	/** SESSION_LIMITER: turns of one session. */
	sessionLimiter: RateLimit | undefined;
	/** @throws {ApiError} not_configured */
	models: () => ModelSettings;
}

/**
 * Opens a turn with a site key: admits the request, reserves the turn and reads all that its answer may rest on, in one
 * round trip. A secret that is missing is found before that: nothing is reserved that could not be answered.
 * @throws {ApiError} those of `siteRequest` and `admit`, quota_exceeded, not_configured
 */
export async function openKeyedTurn(bindings: KeyedBindings, siteKey: string, asked: Asked): Promise<Turn> {
	const { chat } = asked;
	const request = siteRequest(bindings, siteKey, asked.origin, asked);
	const settings = bindings.models();
	const question = questionKey(chat.message);
	const { site, results } = await admit(request, turnWork(request, bindings, asked, question));
	const [reserved = [], [knownRow] = [], foundRows = [], historyRows = []] = results;
	if (reserved.length === 0) throw planUsedUp(site, asked);

	const models = withSiteModel(settings, site.model);
	const under = { siteId: site.id, configVersion: site.configVersion, model: models.model.name };
	const { curated, isCommon } = knownQuestion(knownRow);
	// First turns with a common question only: any other costs the cache nothing.
	const isCacheable = chat.sessionId === null && isCommon && curated === undefined;
	const cached = isCacheable ? await lookUp(asked.url, siteKey, chat.message, under) : undefined;
	const ready = curated ?? cached?.answer;

	const { near, rest } = shownPassages(foundPassages(ready === undefined ? foundRows : []));
	const knowledgeIds = ready?.knowledgeIds ?? idsOf(near);
	const sources = ready?.sources ?? sourcesOf(near);
	const record = { ...turnRecord(site, request, asked, historyRows.length === 0), question, knowledgeIds };
	const place = cached === undefined ? undefined : { url: cached.url, under };
	return {
		sessionId: record.sessionId,
		messageId: record.messageId,
		fallbackMessage: site.fallbackMessage ?? CONFIG_DEFAULTS.fallback_message,
		ready,
		models,
		prompt: {
			instructions: informedInstructions(site.displayName ?? site.orgName, site.instructions, [...near, ...rest]),
			messages: [...parseHistory(historyRows), { role: "user", text: chat.message }],
		},
		sources,
		books: { kind: "site", db: request.db, record, cache: place },
	};
}

function planUsedUp({ limitMessage, usage }: Site, { startedAt }: Asked): Error {
	const message = limitMessage ?? CONFIG_DEFAULTS.limit_message;
	return quotaExceeded(usage.messages, TURN_SPENDING.messages, startedAt, message);
}

/** What a turn reads and writes before its answer. */
function turnWork(
	{ db, date }: SiteRequest,
	{ sessionLimiter }: KeyedBindings,
	{ chat }: Asked,
	question: string,
): LimitedWork {
	const { message, sessionId, visitorId } = chat;
	return {
		// The plan's exact limit stands behind the limiters.
		whenBroken: "allow",
		limits: sessionId === null ? [] : [{ limiter: sessionLimiter, name: "SESSION_LIMITER", key: sessionId }],
		statements: (_, caller) => {
			const statements = [
				reserveStatement(db, { ...caller, date }, TURN_SPENDING),
				knownStatement(db, caller, question),
				searchStatement(db, caller, queryTerms(message)),
			];
			if (sessionId !== null) statements.push(historyStatement(db, caller, { sessionId, visitorId }));
			return statements;
		},
		onLate: ([reserved]) => giveBackLate(db, reserved?.[0], date),
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

type RecordKnown = Omit<TurnRecord, "question" | "knowledgeIds">;

function turnRecord(site: Site, { at, date }: SiteRequest, { chat }: Asked, isNewSession: boolean): RecordKnown {
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
		at,
		date,
	};
}
