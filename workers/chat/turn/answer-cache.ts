import { ownUrl } from "../../lib/http/serve.ts";
import { sha256Hex } from "../../lib/text/digest.ts";
import { normalized } from "../../lib/text/normalized.ts";
import { isObject } from "../../lib/http/json.ts";
import { log } from "../../lib/log.ts";
import type { GivenUnder, ReadyAnswer, Source } from "./turn.ts";

/** Part of every key: raise it when what is stored changes its form or its meaning. */
const KEY_VERSION = 2;
/** How long a data centre may keep an answer, seconds. */
const MAX_AGE_SECONDS = 300;
/** A longer message (UTF-16 units) is hardly asked twice: it is not looked for. */
const QUESTION_MAX_CHARS = 200;

/** A model's whole answer to a first message, and what it was given under. */
interface StoredAnswer extends GivenUnder {
	text: string;
	sources: readonly Source[];
}

/**
 * A message as the cache knows it. Only what cannot change the answer is evened out: case, spaces, and the marks around the
 * whole; `C++` stays apart from `C`, and 1.5 from 15, as they do not for the statistics of questions.
 */
export function cacheQuestion(message: string): string {
	return normalized(message, "NFC")
		.toLowerCase()
		.replace(/\s+/g, " ")
		.replace(/^[¿¡ ]+|[?!.…。？！ ]+$/g, "");
}

/** What the cache knows of a message. */
interface LookUp {
	/** Where its answer lies, or may be laid. */
	url: string;
	/** The answer, if there is one that still counts. */
	answer: ReadyAnswer | undefined;
}

/**
 * Looks for the answer to a first message in this data centre. It lies at a URL on our own hostname that nobody serves, named
 * by site key and question alone; what it was given under stands in the entry. Never rejects: a cache that fails is a miss.
 * @param under what the answer would be given under now
 * @returns undefined for a message that is not worth asking for
 */
export async function lookUp(
	requestUrl: string,
	siteKey: string,
	message: string,
	under: GivenUnder,
): Promise<LookUp | undefined> {
	const question = message.length > QUESTION_MAX_CHARS ? "" : cacheQuestion(message);
	if (question === "") return undefined;
	const name = await sha256Hex(JSON.stringify([KEY_VERSION, siteKey, question]));
	const url = ownUrl(requestUrl, `/answers/${name}`);
	const stored = await find(url);
	if (stored === undefined || !isGood(stored, under)) return { url, answer: undefined };
	return { url, answer: { text: stored.text, finish: "cached", sources: stored.sources, knowledgeIds: [] } };
}

async function find(url: string): Promise<StoredAnswer | undefined> {
	try {
		const hit = await caches.default.match(url);
		return hit === undefined ? undefined : parseStored(await hit.json());
	} catch {
		log("warn", "answer_cache_failed", { operation: "match" });
		return undefined;
	}
}

/** Keeps an answer for the next who asks the same. Never rejects. */
export async function storeAnswer(url: string, answer: StoredAnswer): Promise<void> {
	const headers = { "Content-Type": "application/json", "Cache-Control": `public, max-age=${MAX_AGE_SECONDS}` };
	try {
		await caches.default.put(url, new Response(JSON.stringify(answer), { headers }));
	} catch {
		log("warn", "answer_cache_failed", { operation: "put" });
	}
}

/** Whether an entry was given by this very site, configured as it is now. */
function isGood(stored: StoredAnswer, now: GivenUnder): boolean {
	return stored.siteId === now.siteId && stored.configVersion === now.configVersion && stored.model === now.model;
}

function parseStored(value: unknown): StoredAnswer | undefined {
	if (!isObject(value)) return undefined;
	const { siteId, configVersion, model, text, sources } = value;
	if (
		typeof siteId !== "string" ||
		typeof configVersion !== "string" ||
		typeof model !== "string" ||
		typeof text !== "string"
	)
		return undefined;
	return { siteId, configVersion, model, text, sources: Array.isArray(sources) ? sources.flatMap(parseSource) : [] };
}

function parseSource(value: unknown): Source[] {
	if (!isObject(value) || typeof value.title !== "string") return [];
	return [{ title: value.title, url: typeof value.url === "string" ? value.url : null }];
}
