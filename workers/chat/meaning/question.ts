import type { Row } from "../../lib/d1/row.ts";
import { byMeaning } from "../../lib/knowledge/meaning/by-meaning.ts";
import type { ByMeaning } from "../../lib/knowledge/meaning/by-meaning.ts";
import { foundByBoth } from "../../lib/knowledge/meaning/found.ts";
import { meaningsStatement, readMeanings } from "../../lib/knowledge/meaning/meaning.ts";
import { recallMeanings } from "../../lib/knowledge/meaning/meaning-memory.ts";
import type { Question } from "../../lib/knowledge/question.ts";
import type { KnowledgeRules } from "../../lib/knowledge/rules.ts";
import type { SiteSearchKey } from "../../lib/site/search-key.ts";
import { candidatesStatement, searchStatement } from "../../lib/knowledge/search.ts";
import type { FoundPassages } from "../../lib/knowledge/search.ts";
import { spaceName } from "../../lib/knowledge/meaning/space.ts";
import { isShownWhole } from "../../lib/knowledge/whole.ts";
import { log } from "../../lib/log.ts";
import type { SiteRequest } from "../../lib/site/admit.ts";
import { recallSite } from "../../lib/site/site-memory.ts";
import type { Site } from "../../lib/site/site.ts";
import { SECOND_MS } from "../../lib/time.ts";
import { embeddingCost } from "../../lib/gemini/embed-settings.ts";
import type { EmbeddingSettings } from "../../lib/gemini/embed-settings.ts";
import { embedOne, questionText } from "../../lib/gemini/embed.ts";
import { GeminiFault } from "../../lib/gemini/fault.ts";

/** After a fault, or a turn that was refused, no question is embedded for as long, ms: no turn waits for what fails. */
const REST_MS = 30 * SECOND_MS;
const MAX_RESTS = 500;

/** Until when no question is embedded, ms since the epoch: of a key, or of an org. */
const rests = new Map<string, number>();

/** What is searched for. */
export interface Searched {
	/** Of the message alone: what it leans on is not read before the batch. */
	text: string;
	question: Question;
}

/** How a turn searches what its org knows. */
export interface Search {
	/** The most that embedding its question costs, micro-USD; 0 = it is not embedded. */
	costUsdMicros: number;
	/**
	 * Its statements, for the batch that admits the turn; the first searches by words. To ask for them begins the embedding.
	 * @param turnId begun before in the same batch; null = the question stands in no conversation
	 */
	statements(db: D1Database, key: SiteSearchKey, turnId: string | null): D1PreparedStatement[];
	/**
	 * What is found, by meaning as well where the question was embedded in time. Never rejects for the embedding's sake.
	 * @param words what the first statement has found
	 * @param results of the other statements, in order
	 */
	found(words: FoundPassages, results: readonly Row[][]): Promise<FoundPassages>;
	/** The turn was refused: nothing more is spent on its org's questions for a while. */
	refused(): void;
}

/** How to search for a question by words alone: nothing of it leaves, and nothing is spent. */
export function searchByWords(question: Question, { wholeTokens }: KnowledgeRules): Search {
	return {
		costUsdMicros: 0,
		statements: (db, key, turnId) => [searchStatement(db, key, { ...question, conversationId: turnId, wholeTokens })],
		found: (found) => Promise.resolve(found),
		refused: () => undefined,
	};
}

/**
 * How to search for a question. By words and by meaning where this isolate has read the site within 30 s, it admits this caller and has
 * their consent where it asks for it, since nothing of a visitor may leave before that is known; where the org has vectors, and more knowledge than is shown whole; where
 * something is asked; and where embedding did not fail just now. Else by words alone. Beyond 2,000 passages only those that words have
 * found are compared.
 * @param settings undefined = embeddings are switched off
 */
export function searchFor(
	settings: EmbeddingSettings | undefined,
	request: SiteRequest,
	searched: Searched,
	rules: KnowledgeRules,
): Search {
	const words = searchByWords(searched.question, rules);
	if (settings === undefined || rules.ranking === "words" || searched.question.isSmallTalk) return words;
	const site = recallSite(request);
	if (site === undefined || comparedOf(site, rules) === "none") return words;
	const names = [settings.apiKey, `${settings.apiKey} ${site.orgId}`];
	if (names.some((name) => (rests.get(name) ?? 0) > request.startedAt)) return words;
	return byBoth({ settings, site, searched, rules, now: request.startedAt });
}

/**
 * What there is to compare a question with. Here it also belongs to ask whether the site lets a question leave: privacy, policy.
 * Under `provider_policy` baa none does: embeddings are the Developer API's, which no agreement covers.
 */
function comparedOf(
	{ knowledgeBytes, planWholeTokens, knowledgePassages, knowledgeVectors, providerPolicy }: Site,
	{ wholeTokens }: KnowledgeRules,
): ByMeaning {
	if (providerPolicy !== "any") return "none";
	const isWhole = isShownWhole(knowledgeBytes, planWholeTokens, wholeTokens);
	return isWhole ? "none" : byMeaning(knowledgePassages, knowledgeVectors);
}

/** What a search by meaning rests on. */
interface Compared {
	settings: EmbeddingSettings;
	site: Site;
	searched: Searched;
	rules: KnowledgeRules;
	/** ms since the epoch */
	now: number;
}

function byBoth({ settings, site, searched: { text, question }, rules, now }: Compared): Search {
	const asked = questionText(text);
	const isCompared = comparedOf(site, rules) === "all";
	const known = isCompared ? recallMeanings(site.orgId, spaceName(settings), now) : undefined;
	let embedding: Promise<number[] | undefined> | undefined;
	return {
		costUsdMicros: embeddingCost(settings, [asked]),
		statements(db, key, turnId) {
			// They may be asked for twice, where a turn's statements are sent again.
			embedding ??= embedded(settings, asked, now);
			const sought = { ...question, conversationId: turnId, wholeTokens: rules.wholeTokens };
			return isCompared
				? [searchStatement(db, key, sought), meaningsStatement(db, key, settings, known, rules.wholeTokens)]
				: [candidatesStatement(db, key, sought, settings)];
		},
		async found(words, [meaningRows = []]) {
			const meanings = isCompared ? readMeanings(meaningRows, settings, known, now) : undefined;
			// What has nothing to be compared with is not waited for.
			if (meanings === undefined && (isCompared || words.byWords.length === 0)) return words;
			const vector = await embedding;
			if (vector === undefined) return words;
			return foundByBoth(words, { text, question, vector }, meanings, settings, rules.ranking);
		},
		refused: () => rest(`${settings.apiKey} ${site.orgId}`, now),
	};
}

/** The vector of a question; undefined after a fault, which is logged. Never rejects. */
async function embedded(settings: EmbeddingSettings, text: string, now: number): Promise<number[] | undefined> {
	try {
		return await embedOne(settings, text, settings.timeoutMs);
	} catch (thrown) {
		rest(settings.apiKey, now);
		const reason = thrown instanceof GeminiFault ? thrown.reason : "internal";
		log("warn", "question_not_embedded", { model: settings.model, reason });
		return undefined;
	}
}

function rest(name: string, now: number): void {
	if (rests.size >= MAX_RESTS) rests.clear();
	rests.set(name, now + REST_MS);
}
