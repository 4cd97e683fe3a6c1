import { lazy, listVariable, numberVariable, once, secret } from "../lib/env.ts";
import { deployedVersion } from "../lib/http/version.ts";
import { knowledgeRules } from "../lib/knowledge/rules.ts";
import type { KnowledgeRules } from "../lib/knowledge/rules.ts";
import type { SiteBindings } from "../lib/site/admit.ts";
import { legacyRules } from "../lib/site/legacy.ts";
import { embeddingSettings } from "../lib/gemini/embed-settings.ts";
import type { EmbeddingSettings } from "../lib/gemini/embed-settings.ts";
import { modelChoice } from "./gemini/choice.ts";
import type { ModelChoice } from "./gemini/choice.ts";
import type { GoldenBindings } from "./golden/run.ts";
import type { ChatBindings } from "./turn/post-chat.ts";
import type { SpokenBindings } from "./widget/spoken.ts";

// The only file beside index.ts that knows the names of bindings: everything else takes what it uses, as typed values. They
// are read once per isolate; what may be missing or malformed is read when a route first needs it. The generated types know
// every binding; a deployment may lack any.

const DEFAULT_MAX_BODY_BYTES = 32_768;
const DEFAULT_LEGACY_DAILY_LIMIT = 1000;
const DEFAULT_DAILY_BUDGET_USD_MICROS = 300_000_000;
const DEFAULT_GOLDEN_DAILY_BUDGET_USD_MICROS = 1_000_000;
/** What a question's embedding takes beyond the database's answer, the visitor waits for. */
const DEFAULT_EMBEDDING_TIMEOUT_MS = 300;
const DEFAULT_LEGACY_NAME = "CHADIS";
const DEFAULT_COUNTRY = "US";

/** What the routes of the chat take. */
export interface Bindings extends ChatBindings, SpokenBindings {
	ipLimiter: RateLimit | undefined;
	/** For the keyed routes that ask no model. */
	site: SiteBindings;
	/** For the scheduled run. */
	golden: GoldenBindings;
	/** Whom to tell of a weakness, a URI; undefined = nobody is named. */
	securityContact: string | undefined;
	/** id of the deployed version */
	version: string | undefined;
}

export const chatBindings = once((env: Env): Bindings => {
	const db: D1Database | undefined = env.DB;
	const country = countryOf(env.COUNTRY);
	const site = { db, siteLimiter: env.SITE_LIMITER };
	const models = choice(env);
	const rules = lazy(() => knowledge(env));
	const deploymentBudget = lazy(() =>
		numberVariable(env.DAILY_BUDGET_USD_MICROS, "DAILY_BUDGET_USD_MICROS", DEFAULT_DAILY_BUDGET_USD_MICROS),
	);
	return {
		ipLimiter: env.IP_LIMITER,
		site,
		country,
		voiceUrl: pageUrlOf(env.VOICE_BASE_URL),
		conversationUrl: pageUrlOf(env.CONVERSATION_BASE_URL),
		privateAgents: listVariable(env.ELEVENLABS_ZERO_RETENTION_AGENTS),
		keyed: {
			...site,
			models,
			knowledge: rules,
			embedding: lazy(() => embedding(env)),
			deploymentBudget,
			sessionLimiter: env.SESSION_LIMITER,
		},
		legacy: {
			db,
			models,
			deploymentBudget,
			limiter: env.LEGACY_LIMITER,
			rules: legacyRules(env.LEGACY_MODE, env.LEGACY_ORIGINS, env.ENVIRONMENT),
			name: secret(env.LEGACY_NAME) ?? DEFAULT_LEGACY_NAME,
			instructions: env.LEGACY_INSTRUCTIONS ?? null,
			dailyLimit: lazy(() => numberVariable(env.LEGACY_DAILY_LIMIT, "LEGACY_DAILY_LIMIT", DEFAULT_LEGACY_DAILY_LIMIT)),
		},
		maxBodyBytes: lazy(() => numberVariable(env.MAX_BODY_BYTES, "MAX_BODY_BYTES", DEFAULT_MAX_BODY_BYTES)),
		golden: {
			db,
			country,
			models,
			knowledge: rules,
			dailyBudget: lazy(() =>
				numberVariable(
					env.GOLDEN_DAILY_BUDGET_USD_MICROS,
					"GOLDEN_DAILY_BUDGET_USD_MICROS",
					DEFAULT_GOLDEN_DAILY_BUDGET_USD_MICROS,
				),
			),
		},
		securityContact: env.SECURITY_CONTACT,
		version: deployedVersion(env.VERSION, env.ENVIRONMENT),
	};
});

/** Never refuses: whoever is in danger is answered also where this variable is no country's code. */
function countryOf(variable: string | undefined): string {
	const code = secret(variable)?.toUpperCase() ?? "";
	return /^[A-Z]{2}$/.test(code) ? code : DEFAULT_COUNTRY;
}

/** Never refuses either: a chat without a voice is a chat. @returns with `/` at its end */
function pageUrlOf(variable: string | undefined): string | null {
	const address = secret(variable) ?? "";
	if (!URL.canParse(address)) return null;
	const { protocol, hostname, href } = new URL(address);
	const isLocal = protocol === "http:" && ["127.0.0.1", "localhost"].includes(hostname);
	return protocol === "https:" || isLocal ? href.replace(/\/*$/, "/") : null;
}

function knowledge(env: Env): KnowledgeRules {
	return knowledgeRules({
		wholeTokens: env.KNOWLEDGE_WHOLE_TOKENS,
		maxTokens: env.KNOWLEDGE_MAX_TOKENS,
		ranking: env.KNOWLEDGE_RANKING,
		curatedLeastScore: env.CURATED_LEAST_SCORE,
		curatedLeastMargin: env.CURATED_LEAST_MARGIN,
	});
}

/** Kept as a value and not as a promise, which would belong to the request that made it. */
function choice(env: Env): () => Promise<ModelChoice> {
	let kept: ModelChoice | undefined;
	return async () => {
		kept ??= await modelChoice(choiceVariables(env));
		return kept;
	};
}

function choiceVariables(env: Env): Parameters<typeof modelChoice>[0] {
	return {
		apiKey: env.GEMINI_API_KEY,
		baseUrl: env.GEMINI_BASE_URL,
		vertex: {
			serviceAccount: env.VERTEX_SERVICE_ACCOUNT,
			project: env.VERTEX_PROJECT,
			location: env.VERTEX_LOCATION,
			baseUrl: env.VERTEX_BASE_URL,
		},
		coveredHosts: env.COVERED_HOSTS,
		model: env.GEMINI_MODEL,
		fallbackModel: env.GEMINI_FALLBACK_MODEL,
		models: env.GEMINI_MODELS,
		maxOutputTokens: env.GEMINI_MAX_OUTPUT_TOKENS,
		timeoutMs: env.GEMINI_TIMEOUT_MS,
		environment: env.ENVIRONMENT,
	};
}

function embedding(env: Env): EmbeddingSettings | undefined {
	return embeddingSettings({
		apiKey: env.GEMINI_API_KEY,
		baseUrl: env.GEMINI_BASE_URL,
		model: env.GEMINI_EMBEDDING_MODEL,
		dimensions: env.GEMINI_EMBEDDING_DIMENSIONS,
		timeoutMs: env.GEMINI_EMBEDDING_TIMEOUT_MS,
		usualTimeoutMs: DEFAULT_EMBEDDING_TIMEOUT_MS,
		price: env.GEMINI_EMBEDDING_PRICE,
		environment: env.ENVIRONMENT,
	});
}
