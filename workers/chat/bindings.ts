import { numberVariable } from "../lib/env.ts";
import type { ChatBindings } from "./chat.ts";

const DEFAULT_MAX_BODY_BYTES = 32_768;

/**
 * The bindings of `POST /`, taken apart. The generated types know every one of them; a deployment may lack any.
 * @throws {ApiError} not_configured
 */
export function chatBindings(env: Env): ChatBindings {
	const db: D1Database | undefined = env.DB;
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
		keyed: { db, models, siteLimiter: env.SITE_LIMITER, sessionLimiter: env.SESSION_LIMITER },
		legacy: {
			db,
			models,
			limiter: env.LEGACY_LIMITER,
			rules: { mode: env.LEGACY_MODE, origins: env.LEGACY_ORIGINS, environment: env.ENVIRONMENT },
			name: env.LEGACY_NAME,
			instructions: env.LEGACY_INSTRUCTIONS,
			dailyLimit: env.LEGACY_DAILY_LIMIT,
		},
		maxBodyBytes: numberVariable(env.MAX_BODY_BYTES, "MAX_BODY_BYTES", DEFAULT_MAX_BODY_BYTES),
	};
}
