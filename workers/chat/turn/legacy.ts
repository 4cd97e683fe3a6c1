import { CONFIG_DEFAULTS } from "../../lib/site/config-defaults.ts";
import { numberVariable } from "../../lib/env.ts";
import { admitLegacy, giveBackLegacy, reserveLegacy } from "../../lib/site/legacy.ts";
import type { LegacyRules } from "../../lib/site/legacy.ts";
import { requireWithinLimit } from "../../lib/http/rate-limit.ts";
import { modelSettings } from "../gemini/models.ts";
import type { ModelVariables } from "../gemini/models.ts";
import { botInstructions } from "./prompt.ts";
import type { Asked, Turn } from "./answer.ts";

const DEFAULT_DAILY_LIMIT = 1000;
const DEFAULT_NAME = "CHADIS";

export interface LegacyBindings {
	/** undefined where no database is bound: then the day's requests are not counted. */
	db: D1Database | undefined;
	limiter: RateLimit | undefined;
	models: ModelVariables;
	rules: LegacyRules;
	/** Of the bot. */
	name: string | undefined;
	instructions: string | undefined;
	/** Requests a UTC day. */
	dailyLimit: string | undefined;
}

/**
 * Admits a request without a site key: the bot of the variables answers it. No customer's row is read or written, and
 * nothing of the conversation is kept.
 * @throws {ApiError} site_key_required, origin_not_allowed, not_configured, rate_limited, quota_exceeded, unavailable
 */
export async function openLegacyTurn(bindings: LegacyBindings, asked: Asked): Promise<Turn> {
	const { db } = bindings;
	admitLegacy(bindings.rules, asked.origin);
	const models = modelSettings(bindings.models);
	const limit = numberVariable(bindings.dailyLimit, "LEGACY_DAILY_LIMIT", DEFAULT_DAILY_LIMIT);
	// Nothing exact stands behind this limiter where no database is bound, so when it fails it refuses.
	await requireWithinLimit(bindings.limiter, "LEGACY_LIMITER", asked.clientKey, "refuse");
	const counter = { worker: "chat" as const, limit, now: asked.startedAt, waitUntil: asked.waitUntil };
	if (db !== undefined) await reserveLegacy(db, counter);
	return {
		sessionId: null,
		messageId: crypto.randomUUID(),
		fallbackMessage: CONFIG_DEFAULTS.fallback_message,
		ready: undefined,
		models,
		prompt: {
			instructions: botInstructions(bindings.name?.trim() || DEFAULT_NAME, bindings.instructions ?? null),
			messages: [{ role: "user", text: asked.chat.message }],
		},
		sources: [],
		answered: () => Promise.resolve(),
		failed: () => (db === undefined ? Promise.resolve() : giveBackLegacy(db, counter)),
	};
}
