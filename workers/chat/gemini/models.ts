import { numberVariable, secret } from "../../lib/env.ts";
import { notConfigured } from "../../lib/http/errors.ts";
import { isObject, parseJson } from "../../lib/http/json.ts";
import type { Endpoint } from "./endpoint.ts";
import type { ModelUsage } from "./types.ts";

const MODEL_NAME = /^[a-z0-9.-]{1,100}$/;
const THINKING_LEVEL = /^(?:MINIMAL|LOW|MEDIUM|HIGH)$/;
const DEFAULT_MAX_OUTPUT_TOKENS = 1024;
const DEFAULT_TIMEOUT_MS = 20_000;
const MAX_TRIES = 2;
/**
 * No prompt is longer. At its worst a token is one character, as in Chinese, of three bytes: instructions 8,000, contact and name 400, what is
 * said to every bot 600, knowledge of 8,000 × 4 bytes 10,667 (lib/knowledge/rules.ts takes no more, and 16 bytes for each entry are counted in
 * it), history 16,000, the message 2,000: 37,667.
 */
const MAX_PROMPT_TOKENS = 40_000;

/** A model that may be asked. Prices are micro-USD per 1,000,000 tokens. */
export interface Model {
	name: string;
	inputPrice: number;
	cachedPrice: number;
	outputPrice: number;
	/** Sent only where the model's line in the table names one: models differ in the levels they accept. */
	thinkingLevel: string | undefined;
}

/** Tokens of a call, without their price. */
type Tokens = Omit<ModelUsage, "costUsdMicros" | "brakedUsdMicros">;

/** The tokens of a call with their cost at the model's prices, whole micro-USD. */
export function priced(model: Model, tokens: Tokens): ModelUsage {
	const { inputTokens, cachedTokens, outputTokens } = tokens;
	const total =
		(inputTokens - cachedTokens) * model.inputPrice +
		cachedTokens * model.cachedPrice +
		outputTokens * model.outputPrice;
	const costUsdMicros = Math.round(total / 1_000_000);
	return { ...tokens, costUsdMicros, brakedUsdMicros: costUsdMicros };
}

/** UTF-16 units of a request to a token, rather too few than too many. */
const UNITS_PER_TOKEN = 3;

/** What a call may have cost of which the vendor told nothing, micro-USD. @param body of the request */
export function guessedCost(model: Model, body: string, maxOutputTokens: number): number {
	const inputTokens = Math.ceil(body.length / UNITS_PER_TOKEN);
	return priced(model, { inputTokens, cachedTokens: 0, outputTokens: maxOutputTokens }).costUsdMicros;
}

/** The variables as they come from the configuration, any of them possibly absent. */
export interface ModelVariables {
	model: string | undefined;
	fallbackModel: string | undefined;
	/** The table of models: an object, or its JSON. */
	models: unknown;
	maxOutputTokens: string | undefined;
	timeoutMs: string | undefined;
}

/** What a turn asks the model with. */
export interface ModelSettings {
	endpoint: Endpoint;
	/** Every model that may be asked, by name. */
	models: ReadonlyMap<string, Model>;
	/** Asked first. */
	model: Model;
	/** Asked when the first cannot; undefined = none. */
	fallback: Model | undefined;
	maxOutputTokens: number;
	/** All tries together, ms. */
	timeoutMs: number;
	/** The most that an answer may cost, both tries at the dearest model's prices, micro-USD: what a turn reserves of the brake. */
	worstCostUsdMicros: number;
}

/** All but where they are asked. @throws {ApiError} not_configured */
export function modelSettings(variables: ModelVariables): Omit<ModelSettings, "endpoint"> {
	const models = modelTable(variables.models);
	const maxOutputTokens = numberVariable(
		variables.maxOutputTokens,
		"GEMINI_MAX_OUTPUT_TOKENS",
		DEFAULT_MAX_OUTPUT_TOKENS,
	);
	return {
		models,
		model: namedModel(models, variables.model, "GEMINI_MODEL") ?? missing("GEMINI_MODEL"),
		fallback: namedModel(models, variables.fallbackModel, "GEMINI_FALLBACK_MODEL"),
		maxOutputTokens,
		timeoutMs: numberVariable(variables.timeoutMs, "GEMINI_TIMEOUT_MS", DEFAULT_TIMEOUT_MS),
		worstCostUsdMicros: worstCost([...models.values()], maxOutputTokens),
	};
}

function worstCost(models: readonly Model[], maxOutputTokens: number): number {
	const [input, output] = [
		Math.max(...models.map(({ inputPrice }) => inputPrice)),
		Math.max(...models.map(({ outputPrice }) => outputPrice)),
	];
	return Math.ceil((MAX_TRIES * (MAX_PROMPT_TOKENS * input + maxOutputTokens * output)) / 1_000_000);
}

/** The settings with a site's own model asked first, if the table has it; the deployment's then stand behind it. */
export function withSiteModel(settings: ModelSettings, name: string | null): ModelSettings {
	const model = (name === null ? undefined : settings.models.get(name)) ?? settings.model;
	const fallback = [settings.fallback, settings.model].find(
		(other) => other !== undefined && other.name !== model.name,
	);
	return { ...settings, model, fallback };
}

function missing(variable: string): never {
	throw notConfigured(variable);
}

/** A model without a line in the table has no price, so it is not asked. */
function namedModel(table: ReadonlyMap<string, Model>, value: string | undefined, variable: string): Model | undefined {
	const name = secret(value);
	return name === undefined ? undefined : (table.get(name) ?? missing(variable));
}

function modelTable(value: unknown): Map<string, Model> {
	const table = typeof value === "string" ? parseJson(value) : value;
	if (!isObject(table)) return missing("GEMINI_MODELS");
	return new Map(Object.entries(table).map(([name, line]) => [name, parseModel(name, line)]));
}

function parseModel(name: string, line: unknown): Model {
	if (!MODEL_NAME.test(name) || !isObject(line)) return missing("GEMINI_MODELS");
	const inputPrice = price(line.input);
	return {
		name,
		inputPrice,
		cachedPrice: line.cached === undefined ? inputPrice : price(line.cached),
		outputPrice: price(line.output),
		thinkingLevel: thinkingLevel(line.thinking_level),
	};
}

function price(value: unknown): number {
	return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : missing("GEMINI_MODELS");
}

function thinkingLevel(value: unknown): string | undefined {
	if (value === undefined) return undefined;
	return typeof value === "string" && THINKING_LEVEL.test(value) ? value : missing("GEMINI_MODELS");
}
