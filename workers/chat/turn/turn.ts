import type { RequestContext } from "../../lib/http/serve.ts";
import type { WholeEntry } from "../../lib/knowledge/whole.ts";
import type { HidingRules } from "../../lib/privacy/hidden.ts";
import type { Danger } from "../../lib/safety/detect.ts";
import type { LegacyCounter } from "../../lib/site/legacy.ts";
import type { OriginFacts } from "../../lib/site/origin.ts";
import type { ModelSettings } from "../gemini/models.ts";
import type { Finish, ModelUsage, Prompt } from "../gemini/types.ts";
import type { AnswerSafety, TurnSafety } from "../safety/helped.ts";
import type { ChatRequest } from "./request.ts";

// A turn is a visitor's message and its answer. It is opened (open.ts, or legacy.ts without a site key), answered
// (answer.ts) and recorded (record.ts); this file holds what those three hand on to each other.

/** A request to the chat, read and not yet admitted. */
export interface Asked extends RequestContext {
	origin: OriginFacts;
	/** As `clientKey` gives it. */
	client: string;
	/** URL of the request; its host is this worker's own. */
	url: string;
	chat: ChatRequest;
	/** As `sentConsent`. */
	consent: string | null;
	/** What of danger its message speaks of; undefined = nothing that the built-in rules know. */
	danger: Danger | undefined;
	/** The deployment's, ISO 3166-1 alpha-2. */
	country: string;
}

/** What an answer rests on, as the visitor is shown it. */
export interface Source {
	title: string;
	url: string | null;
}

/** An answer that is known without asking the model: given before (`cached`), or the owner's own words (`curated`). */
export interface ReadyAnswer {
	text: string;
	finish: "cached" | "curated";
	sources: readonly Source[];
	/** Ids of the articles and answers that it is. */
	knowledgeIds: readonly string[];
}

/** A turn that was admitted and reserved. */
export interface Turn {
	/** null in legacy mode. */
	sessionId: string | null;
	/** Id of the answer's message, random UUID. */
	messageId: string;
	/** Shown in place of an answer that is blocked. */
	fallbackMessage: string;
	/** Given instead of asking the model. */
	ready: ReadyAnswer | undefined;
	/** What opening it has cost, at most, micro-USD: it is booked with the answer. */
	spentUsdMicros: number;
	models: ModelSettings;
	prompt: Prompt;
	/** What the model may name as what its answer rests on: the passages that it is shown, the first by the number 1. */
	citable: readonly WholeEntry[];
	safety: TurnSafety;
	/** What is hidden in its answer; undefined = nothing. */
	hiding: HidingRules | undefined;
	books: Books;
}

/** Where a turn is recorded: in its site's account, or only in the day's count of requests without a key, or nowhere. */
export type Books =
	| { kind: "site"; db: D1Database; record: TurnRecord; cache: CachePlace | undefined }
	| { kind: "legacy"; db: D1Database; counter: LegacyCounter }
	| { kind: "none" };

/** Where an answer is kept for the next who asks the same, and what it is kept under. */
interface CachePlace {
	url: string;
	under: GivenUnder;
}

/** What an answer was given under: a kept one counts only where all of it is the same. */
export interface GivenUnder {
	siteId: string;
	/** As `Site.configVersion`. */
	configVersion: string;
	/** Asked first; its fallback may have answered. */
	model: string;
}

/** A keyed turn as it stands in the database until it is ended. */
export interface TurnRecord {
	/** Id of the row in `turns`, and of the answer's message. */
	id: string;
	/** As the response has it in `X-Request-Id`. */
	requestId: string;
	orgId: string;
	siteId: string;
	sessionId: string;
	/** Id of the visitor's message. */
	messageId: string;
	/** The `questionKey` of what may be ranked of the message: its spellings count as one question; "" = it is not counted. */
	question: string;
	/** What may be ranked of the message, and who asked as the page names them; never logged. */
	asked: { message: string; visitorId: string | null };
	/** No word of the answer is kept either. */
	keepsWords: boolean;
	/** Of the visitor's message, UTF-16 units. */
	messageChars: number;
	/** When the request came, ISO instant. */
	at: string;
	/** The UTC day of it, on which the turn is counted. */
	date: string;
}

/** An answer as the visitor gets it: the fallback message in place of a blocked one. */
export interface TurnAnswer extends ModelUsage {
	text: string;
	/** safety = the fixed text stands in place of an answer that was withheld. */
	finish: Finish | ReadyAnswer["finish"] | "safety";
	/** undefined = neither its message nor it speaks of danger. Such an answer is not kept for others, and its question not ranked. */
	safety?: AnswerSafety | undefined;
	/** null when no model was asked. */
	model: string | null;
	/** What it says it rests on. */
	sources: readonly Source[];
	/** Ids of the articles and answers that these are. */
	knowledgeIds: readonly string[];
	/** The model found nothing to answer the question with, and said so. */
	isUnanswered: boolean;
	/** From the request to the last text, ms. */
	latencyMs: number;
	/** From the request to the first text, ms. */
	firstTextMs: number;
	/** When it was complete, ms since the epoch. */
	answeredAt: number;
}
