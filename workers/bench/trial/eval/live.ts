import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "smol-toml";
import { geminiBaseUrl } from "../../../lib/gemini/base-url.ts";
import { modelSettings } from "../../../chat/gemini/models.ts";
import { ROOT } from "../../../local/root.ts";
import { NotTried } from "../parts/trial.ts";
import type { Article, Question } from "./data.ts";
import { isEmbedded } from "./modes.ts";
import type { ModeName } from "./modes.ts";

/** The vendor itself. */
export interface LiveVendor {
	apiKey: string;
	/** Where the key goes, and nothing else of the run: the vendor's own host, or a stand-in of it on this machine. */
	baseUrl: string;
}

/** More than any mode shows: knowledge, rules and what was said before, tokens. */
const TOLD_TOKENS = 8000;
/** As `embeddingCost` counts them, rather too many. */
const BYTES_PER_TOKEN = 3;
const PER_MILLION = 1e6;
const SHOWN_DIGITS = 2;

/**
 * The vendor that the environment names: GEMINI_API_KEY, and GEMINI_BASE_URL where it is another than the vendor's own.
 * @throws {NotTried} there is no key, or it would go to a host that must not have it
 */
export function liveVendor(environment: Readonly<Record<string, string | undefined>>): LiveVendor {
	const apiKey = environment.GEMINI_API_KEY?.trim() ?? "";
	if (apiKey === "")
		throw new NotTried(
			"Nothing was measured: set GEMINI_API_KEY in the environment to ask the vendor itself, or leave out --live to ask its stand-in.",
		);
	try {
		return { apiKey, baseUrl: geminiBaseUrl(environment.GEMINI_BASE_URL, "development") };
	} catch {
		throw new NotTried(
			"Nothing was measured: GEMINI_BASE_URL is no address of the vendor's, and the key goes to no other; leave it out.",
		);
	}
}

/** What is asked in a live run. */
export interface LiveRun {
	modes: readonly ModeName[];
	customers: readonly { articles: readonly Article[]; questions: readonly Question[] }[];
}

/**
 * What a live run costs at the prices of wrangler-chat.toml, USD, rather too much: each turn is taken to be told 8,000 tokens and to
 * be answered as long as the product lets it.
 */
export function liveCost({ modes, customers }: LiveRun): number {
	const { vars } = parse(readFileSync(join(ROOT, "wrangler-chat.toml"), "utf8")) as { vars: Record<string, string> };
	const { model, maxOutputTokens } = modelSettings({
		model: vars.GEMINI_MODEL,
		fallbackModel: undefined,
		models: vars.GEMINI_MODELS,
		maxOutputTokens: vars.GEMINI_MAX_OUTPUT_TOKENS,
		timeoutMs: undefined,
	});
	// Each customer has one message more, which warms up.
	const asked = customers.flatMap(({ questions }) => questions);
	const messages = asked.reduce((sum, { earlier }) => sum + earlier.length + 1, customers.length);
	const turn = TOLD_TOKENS * model.inputPrice + maxOutputTokens * model.outputPrice;
	const articles = customers.flatMap((customer) => customer.articles);
	const bytes = articles.reduce((sum, { title, body }) => sum + Buffer.byteLength(title + body), 0);
	const embedding = (bytes / BYTES_PER_TOKEN) * Number(vars.GEMINI_EMBEDDING_PRICE);
	const embedded = modes.filter(isEmbedded).length;
	return (modes.length * messages * turn + embedded * embedding) / PER_MILLION / PER_MILLION;
}

/** @throws {NotTried} what it costs was not agreed to */
export function requireAgreed(run: LiveRun, isAgreed: boolean): void {
	const cost = `A live run of ${run.modes.join(", ")} costs at most about ${liveCost(run).toFixed(SHOWN_DIGITS)} USD at the vendor`;
	if (!isAgreed)
		throw new NotTried(
			`Nothing was measured: ${cost.charAt(0).toLowerCase()}${cost.slice(1)}; add --yes to agree to that.`,
		);
	console.log(`${cost}.`);
}
