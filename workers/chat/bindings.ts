import { numberVariable } from "../lib/env.ts";
import type { ChatBindings } from "./turn/post-chat.ts";
import type { SiteBindings } from "./session/site-request.ts";

const DEFAULT_MAX_BODY_BYTES = 32_768;

// The generated types know every binding; a deployment may lack any.

/** The bindings of the keyed routes that ask no model. */
export function siteBindings(env: Env): SiteBindings {
	const db: D1Database | undefined = env.DB;
	return { db, siteLimiter: env.SITE_LIMITER };
}

/** @throws {ApiError} not_configured */
export function maxBodyBytes(env: Env): number {
	return numberVariable(env.MAX_BODY_BYTES, "MAX_BODY_BYTES", DEFAULT_MAX_BODY_BYTES);
}

/**
 * The bindings of `POST /`.
 * @throws {ApiError} not_configured
 */
export function chatBindings(env: Env): ChatBindings {
	const site = siteBindings(env);
	const models = {
		apiKey: env.GEMINI_API_KEY,
		baseUrl: env.GEMINI_BASE_URL,
		model: env.GEMINI_MODEL,
		fallbackModel: env.GEMINI_FALLBACK_MODEL,
		models: env.GEMINI_MODELS,
		maxOutputTokens: env.GEMINI_MAX_OUTPUT_TOKENS,
		timeoutMs: env.GEMINI_TIMEOUT_MS,
		environment: env.ENVIRONMENT,
	};
	return {
		keyed: { ...site, models, sessionLimiter: env.SESSION_LIMITER },
		legacy: {
			db: site.db,
			models,
			limiter: env.LEGACY_LIMITER,
			rules: { mode: env.LEGACY_MODE, origins: env.LEGACY_ORIGINS, environment: env.ENVIRONMENT },
			name: env.LEGACY_NAME,
			instructions: env.LEGACY_INSTRUCTIONS,
			dailyLimit: env.LEGACY_DAILY_LIMIT,
		},
		maxBodyBytes: maxBodyBytes(env),
	};
}
