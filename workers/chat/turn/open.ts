import { numberColumn, textColumn } from "../../lib/d1/row.ts";
import { ApiError } from "../../lib/http/errors.ts";
import { builtIn } from "../../lib/languages/built-in.ts";
import { spokenLanguage } from "../../lib/languages/languages.ts";
import type { KnowledgeRules } from "../../lib/knowledge/rules.ts";
import { asksNothing } from "../../lib/knowledge/question.ts";
import { shownKnowledge } from "../../lib/knowledge/shown.ts";
import { visitorText } from "../../lib/privacy/visitor-text.ts";
import { ownDanger } from "../../lib/safety/own-phrases.ts";
import { admit, consentingRequest, siteRequest } from "../../lib/site/admit.ts";
import type { LimitedWork, SiteBindings, SiteRequest } from "../../lib/site/admit.ts";
import type { Site } from "../../lib/site/site.ts";
import { settleLateTurn } from "../../lib/site/turns.ts";
import { warnNearBrake } from "../../lib/usage/brake.ts";
import { whyRefused } from "../../lib/usage/usage.ts";
import { informedInstructions, withoutCitationMarks } from "../knowledge/instructions.ts";
import type { AnswerRules } from "../knowledge/instructions.ts";
import { hidingIn, shownHistory, wordsKept } from "../knowledge/hiding.ts";
import { knowledgeStatements, readKnowledge, saidIn } from "../knowledge/read.ts";
import type { Said } from "../knowledge/read.ts";
import type { EmbeddingSettings } from "../../lib/gemini/embed-settings.ts";
import { modelsFor } from "../gemini/choice.ts";
import type { ModelChoice } from "../gemini/choice.ts";
import type { PromptMessage } from "../gemini/types.ts";
import { withSiteModel } from "../gemini/models.ts";
import { searchFor } from "../meaning/question.ts";
import type { Search } from "../meaning/question.ts";
import { helpOf } from "../safety/texts/help.ts";
import { lookUp } from "./answer-cache.ts";
import { beginStatements, newTurn } from "./begin.ts";
import type { ChatTurn } from "./begin.ts";
import { historyStatement } from "./history.ts";
import { turnRecord } from "./record.ts";
import type { Asked, Turn } from "./turn.ts";

/** What is read of the knowledge before its vectors: the curated answer, all of it, what words find. */
const SEARCHED_ROWS = 3;

export interface KeyedBindings extends SiteBindings {
	/** SESSION_LIMITER: turns of one session. */
	sessionLimiter: RateLimit | undefined;
	/** @throws {ApiError} not_configured */
	models: () => Promise<ModelChoice>;
	/** @throws {ApiError} not_configured */
	knowledge: () => KnowledgeRules;
	/** undefined where embeddings are switched off. @throws {ApiError} not_configured */
	embedding: () => EmbeddingSettings | undefined;
	/** Micro-USD that all orgs together may cost on a UTC day. @throws {ApiError} not_configured */
	deploymentBudget: () => number;
}

/**
 * Opens a turn with a site key: admits the request, reserves the turn and reads all that its answer may rest on, in one
 * round trip. A secret that is missing is found before that: nothing is reserved that could not be answered.
 * @throws {ApiError} those of `siteRequest` and `admit`, client_quota_exceeded, quota_exceeded, budget_exhausted, not_configured
 */
export async function openKeyedTurn(bindings: KeyedBindings, siteKey: string, asked: Asked): Promise<Turn> {
	const { chat } = asked;
	const choice = await bindings.models();
	const uncovered = choice.baa instanceof ApiError ? choice.baa : undefined;
	const keyed = { ...siteRequest(bindings, siteKey, asked.origin, asked), uncovered };
	const request = await consentingRequest(keyed, asked.consent);
	const rules = bindings.knowledge();
	const now = asked.startedAt;
	const text = visitorText(chat.message, now);
	const said = saidIn(text);
	const search = searchFor(bindings.embedding(), request, { text: said.message, question: said.question }, rules);
	const worstCostUsdMicros = choice.any.worstCostUsdMicros + search.costUsdMicros;
	const { clientSecret } = choice;
	const limits = { clientSecret, worstCostUsdMicros, deploymentBudget: bindings.deploymentBudget() };
	const begun = await newTurn(request, asked, { text, question: said.question }, limits);
	const work = { turn: begun, said: { ...said, turnId: begun.id }, rules, search, requestId: asked.requestId };
	const { site, results } = await admit(request, turnWork(request, bindings, work));
	const [[opened] = [], , , ...read] = results;
	const historyRows = (chat.sessionId === null ? undefined : read.pop()) ?? [];
	if (opened === undefined) {
		search.refused();
		throw await refused(request, site, begun, asked);
	}
	const account = { orgId: site.orgId, date: request.date, client: null };
	const percent = numberColumn(opened, "brake_percent");
	asked.waitUntil(warnNearBrake(request.db, account, percent, begun.deploymentBudget));

	const models = withSiteModel(modelsFor(choice, site.providerPolicy), site.model);
	const under = { siteId: site.id, configVersion: site.configVersion, model: models.model.name };
	const { curated, isCommon, whole, found: byWords } = readKnowledge(read, said.message, rules);
	// First turns with a common question only: any other costs the cache nothing. Where no words are kept, none are there either.
	const words = wordsKept(site, text);
	const isCacheable = chat.sessionId === null && isCommon && curated === undefined && words.isKept;
	const cached = isCacheable ? await lookUp(asked.url, siteKey, words.message, under) : undefined;
	const ready = curated ?? cached?.answer;
	// Nobody waits for the meaning of a question whose answer is known.
	const found = ready === undefined ? await search.found(byWords, read.slice(SEARCHED_ROWS)) : byWords;
	const { isSmallTalk } = said.question;
	const shown = shownKnowledge({ whole, found, isSmallTalk, exists: site.knowledgeBytes > 0 }, rules.maxTokens);

	const instructions = informedInstructions(answerRules(site), shown);
	const hiding = hidingIn(site, instructions, now);

	const sessionId = textColumn(opened, "session_id");
	const record = turnRecord(asked, request, { begun, sessionId, site, words });
	const place = cached === undefined ? undefined : { url: cached.url, under };
	return {
		sessionId,
		messageId: begun.id,
		fallbackMessage: site.fallbackMessage ?? builtIn(spokenLanguage(chat.language, site.locale)).fallbackMessage,
		ready,
		spentUsdMicros: search.costUsdMicros,
		models,
		prompt: {
			instructions,
			messages: unmarked([...shownHistory(site, historyRows, hiding), { role: "user", text: words.message }]),
		},
		hiding,
		citable: asksNothing(said.question) ? [] : shown.passages,
		safety: safetyOf(site, asked),
		books: { kind: "site", db: request.db, record, cache: place },
	};
}

/** What a visitor writes, now or before, may look like a mark as well, to be repeated as one. */
function unmarked(messages: readonly PromptMessage[]): PromptMessage[] {
	return messages.map(({ role, text }) => ({ role, text: withoutCitationMarks(text) }));
}

function answerRules({ displayName, orgName, instructions, answerMode, contact, privacy }: Site): AnswerRules {
	const hidesVisitors = privacy !== "standard";
	return { name: displayName ?? orgName, instructions, mode: answerMode, contact, hidesVisitors };
}

function safetyOf({ safety, locale }: Site, { chat, danger, country }: Asked): Turn["safety"] {
	const language = locale?.startsWith("es") === true ? "es" : "en";
	return { danger: danger ?? ownDanger(safety.phrases, chat.message, language), help: helpOf(country, safety) };
}

function refused({ db, date, startedAt }: SiteRequest, site: Site, turn: ChatTurn, { chat }: Asked): Promise<Error> {
	const { client, spending, deploymentBudget } = turn;
	const limitMessage = site.limitMessage ?? builtIn(spokenLanguage(chat.language, site.locale)).limitMessage;
	const account = { orgId: site.orgId, date, client };
	return whyRefused(db, account, { spending, now: startedAt, limitMessage, deploymentBudget });
}

/** What a turn is about to do. */
interface PlannedTurn {
	turn: ChatTurn;
	said: Said;
	rules: KnowledgeRules;
	search: Search;
	requestId: string;
}

/** What a turn reads and writes before its answer. */
function turnWork(
	{ db }: SiteRequest,
	{ sessionLimiter }: KeyedBindings,
	{ turn, said, rules, search, requestId }: PlannedTurn,
): LimitedWork {
	const { namedSessionId: sessionId } = turn;
	return {
		// The plan's exact limit stands behind the limiters.
		whenBroken: "allow",
		limits: sessionId === null ? [] : [{ limiter: sessionLimiter, name: "SESSION_LIMITER", key: sessionId }],
		statements: (_, caller) => [
			...beginStatements(db, caller, turn),
			...knowledgeStatements(db, caller, said, rules, search),
			...(sessionId === null ? [] : [historyStatement(db, turn.id)]),
		],
		// The visitor was refused when the batch ran over its time; a turn that was begun after all is ended.
		onLate: ([begun]) => settleLateTurn(db, turn.id, requestId, begun?.[0]),
	};
}
