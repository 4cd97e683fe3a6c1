import { numberVariable, secret } from "../env.ts";
import { notConfigured } from "../http/errors.ts";
import type { EmbeddingSpace } from "../knowledge/meaning/space.ts";
import { geminiBaseUrl } from "./base-url.ts";

const MODEL_NAME = /^[a-z0-9.-]{1,100}$/;
const DEFAULT_DIMENSIONS = 768;
/** What the models can give (ai.google.dev/gemini-api/docs/embeddings). */
const MIN_DIMENSIONS = 128;
const MAX_DIMENSIONS = 3072;
const DEFAULT_PRICE = 200_000;
/** The vendor counts no tokens of an embedding. A token is about four bytes of English and three of Chinese: this counts too many. */
const BYTES_PER_TOKEN = 3;

const utf8 = new TextEncoder();

/** The variables as they come from the configuration, any of them possibly absent. */
export interface EmbeddingVariables {
	apiKey: string | undefined;
	baseUrl: string | undefined;
	/** Blank = off. */
	model: string | undefined;
	dimensions: string | undefined;
	timeoutMs: string | undefined;
	/** How long a question of this worker's may take where the variable says nothing, ms. */
	usualTimeoutMs: number;
	price: string | undefined;
	/** development, staging or production */
	environment: string;
}

/** What texts are embedded with. */
export interface EmbeddingSettings extends EmbeddingSpace {
	apiKey: string;
	/** Without a trailing slash. */
	baseUrl: string;
	/** As long as a question's embedding may take, ms. */
	timeoutMs: number;
	/** Micro-USD per 1,000,000 tokens. */
	price: number;
}

/** @returns undefined where embeddings are switched off or there is no key @throws {ApiError} not_configured */
export function embeddingSettings(variables: EmbeddingVariables): EmbeddingSettings | undefined {
	const [model, apiKey] = [secret(variables.model), secret(variables.apiKey)];
	if (model === undefined || apiKey === undefined) return undefined;
	if (!MODEL_NAME.test(model)) throw notConfigured("GEMINI_EMBEDDING_MODEL");
	const dimensions = numberVariable(variables.dimensions, "GEMINI_EMBEDDING_DIMENSIONS", DEFAULT_DIMENSIONS);
	if (dimensions < MIN_DIMENSIONS || dimensions > MAX_DIMENSIONS) throw notConfigured("GEMINI_EMBEDDING_DIMENSIONS");
	return {
		apiKey,
		baseUrl: geminiBaseUrl(variables.baseUrl, variables.environment),
		model,
		dimensions,
		timeoutMs: numberVariable(variables.timeoutMs, "GEMINI_EMBEDDING_TIMEOUT_MS", variables.usualTimeoutMs),
		price: numberVariable(variables.price, "GEMINI_EMBEDDING_PRICE", DEFAULT_PRICE),
	};
}

/** What embedding these texts is booked at, micro-USD, rather too much than too little. */
export function embeddingCost({ price }: EmbeddingSettings, texts: readonly string[]): number {
	const bytes = texts.reduce((sum, text) => sum + utf8.encode(text).byteLength, 0);
	return Math.ceil((Math.ceil(bytes / BYTES_PER_TOKEN) * price) / 1_000_000);
}
