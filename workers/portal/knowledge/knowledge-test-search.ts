import type { Row } from "../../lib/d1/row.ts";
import { embeddingCost } from "../../lib/gemini/embed-settings.ts";
import type { EmbeddingSettings } from "../../lib/gemini/embed-settings.ts";
import { embedOne, questionText } from "../../lib/gemini/embed.ts";
import { GeminiFault } from "../../lib/gemini/fault.ts";
import type { ByMeaning } from "../../lib/knowledge/meaning/by-meaning.ts";
import { foundByBoth } from "../../lib/knowledge/meaning/found.ts";
import { meaningsIn, meaningsStatement } from "../../lib/knowledge/meaning/meaning.ts";
import { askedBehind, readQuestion } from "../../lib/knowledge/question.ts";
import type { KnowledgeRules } from "../../lib/knowledge/rules.ts";
import { MAX_RANKED, candidatesStatement, foundPassages, searchStatement } from "../../lib/knowledge/search.ts";
import type { FoundPassages, SearchQuestion } from "../../lib/knowledge/search.ts";
import { asksAnyoneSql } from "../../lib/site/admission.ts";
import type { OrgSearchKey } from "../../lib/site/search-key.ts";
import { isWholeSql } from "../../lib/knowledge/whole.ts";
import { log } from "../../lib/log.ts";
import { utcDate } from "../../lib/time.ts";
import { giveBackCost, reserveCostStatement } from "../../lib/usage/cost.ts";
import { IS_ORG } from "../auth/access.ts";
import type { OrgTarget } from "../auth/access.ts";
import { hasConversationSql } from "../conversations/visitor.ts";
import type { TestedQuestion } from "./knowledge-test-request.ts";

/** What a question is embedded with, and on whose account. */
export interface TestEmbedding {
	settings: EmbeddingSettings;
	/** Micro-USD that all orgs together may cost on a UTC day. */
	deploymentBudget: number;
}

/** How a test searches. */
export interface TestSearch {
	question: SearchQuestion;
	/** For the batch that reads the org. The last one, where the question may be embedded, books the cost of that. */
	statements: D1PreparedStatement[];
	/**
	 * What words find, and by meaning as well where the question could be embedded in time.
	 * @param results of the statements
	 * @param org its id, and what of its passages can be compared
	 */
	found(results: readonly Row[][], org: { id: string; byMeaning: ByMeaning }): Promise<TestFound>;
}

interface TestFound {
	/** By words alone, among which a curated answer to the same question is looked for. */
	words: FoundPassages;
	/** What is ranked. */
	found: FoundPassages;
}

/** The test, and what it is asked of. */
interface Tested {
	target: OrgTarget;
	asked: TestedQuestion;
	rules: KnowledgeRules;
	/** ms since the epoch */
	now: number;
}

/**
 * How to search for a question as the chat would, by words alone or by words and meaning. The question is embedded behind the batch, not
 * beside it: nothing of it leaves, and nothing is spent, before it is known who asks.
 * @param embedding undefined = by words alone
 */
export function testSearch(db: D1Database, tested: Tested, embedding: TestEmbedding | undefined): TestSearch {
	const { target, asked, rules } = tested;
	const { wholeTokens } = rules;
	const said = askedBehind(readQuestion(asked.message), asked.earlier);
	const question = { ...said, conversationId: asked.session, wholeTokens };
	const key: OrgSearchKey = { orgRef: target.ref, isOrg: IS_ORG };
	if (embedding === undefined || rules.ranking === "words" || question.isSmallTalk)
		return {
			question,
			statements: [searchStatement(db, key, question)],
			found: ([rows = []]) => Promise.resolve(byWords(foundPassages(rows))),
		};
	const { settings } = embedding;
	return {
		question,
		statements: [
			candidatesStatement(db, key, question, settings),
			meaningsStatement(db, key, settings, undefined, wholeTokens),
			bookingStatement(db, tested, embedding),
		],
		async found([candidateRows = [], meaningRows = [], booked = []], { id, byMeaning }) {
			const words = wordsOf(foundPassages(candidateRows), byMeaning);
			if (booked.length === 0) return byWords(words);
			const vector = await embedded(settings, asked.message);
			if (vector === undefined) {
				await giveBackCost(db, { ...costOf(tested, embedding), orgId: id });
				return byWords(words);
			}
			const meanings = meaningsIn(meaningRows, settings);
			if (meanings === undefined && byMeaning !== "found_by_words") return byWords(words);
			const { message: text } = asked;
			return { words, found: foundByBoth(words, { text, question, vector }, meanings, settings, rules.ranking) };
		},
	};
}

function byWords(words: FoundPassages): TestFound {
	return { words, found: words };
}

/** The statement brings more passages than a turn ranks by their words, for where these alone are compared. */
function wordsOf(words: FoundPassages, byMeaning: ByMeaning): FoundPassages {
	return byMeaning === "found_by_words" ? words : { ...words, byWords: words.byWords.slice(0, MAX_RANKED) };
}

function costOf({ target, asked, now }: Tested, { settings, deploymentBudget }: TestEmbedding) {
	const costUsdMicros = embeddingCost(settings, [questionText(asked.message)]);
	return { orgId: target.ref, date: utcDate(now), costUsdMicros, deploymentBudget };
}

/**
 * Nothing is booked where there is nothing to compare, where no embedding vendor may be asked, nor for who is refused only after the
 * batch. ?6 is the session, ?8 the model.
 */
const MAY_BE_EMBEDDED = `${IS_ORG} AND (?5 IS NULL OR o.id = ?5 OR o.clerk_org_id = ?5)
	AND (?6 IS NULL OR ${hasConversationSql("?6")}) AND NOT ${isWholeSql("?7")} AND ${asksAnyoneSql("o.id")}
	AND EXISTS (SELECT 1 FROM knowledge_vectors v WHERE v.org_id = o.id AND v.model = ?8 AND v.dimensions = ?9)`;

/**
 * Books what the embedding costs, as that of the org's texts is booked: in its brake, in no plan's unit and no number of a visitor's. A
 * batch that D1 did not carry out and is sent again books it once.
 */
function bookingStatement(db: D1Database, tested: Tested, embedding: TestEmbedding): D1PreparedStatement {
	const { target, asked, rules } = tested;
	const { model, dimensions } = embedding.settings;
	return reserveCostStatement(db, costOf(tested, embedding), MAY_BE_EMBEDDED, [
		target.caller.staff ? null : target.named,
		asked.session,
		rules.wholeTokens,
		model,
		dimensions,
	]);
}

/** The vector of a question; undefined after a fault, which is logged. Never rejects. */
async function embedded(settings: EmbeddingSettings, message: string): Promise<number[] | undefined> {
	try {
		return await embedOne(settings, questionText(message), settings.timeoutMs);
	} catch (thrown) {
		const reason = thrown instanceof GeminiFault ? thrown.reason : "internal";
		log("warn", "question_not_embedded", { model: settings.model, reason });
		return undefined;
	}
}
