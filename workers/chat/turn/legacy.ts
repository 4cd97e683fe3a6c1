import { requireWithinLimit } from "../../lib/http/rate-limit.ts";
import { builtIn } from "../../lib/languages/built-in.ts";
import { admitLegacy, reserveLegacy } from "../../lib/site/legacy.ts";
import type { LegacyCounter, LegacyRules } from "../../lib/site/legacy.ts";
import type { ModelChoice } from "../gemini/choice.ts";
import { helpOf } from "../safety/texts/help.ts";
import { botInstructions } from "./prompt.ts";
import type { Asked, Books, Turn } from "./turn.ts";

export interface LegacyBindings {
	/** undefined where no database is bound: then the day's requests are not counted. */
	db: D1Database | undefined;
	/** LEGACY_LIMITER: requests of one client. */
	limiter: RateLimit | undefined;
	/** @throws {ApiError} not_configured */
	models: () => Promise<ModelChoice>;
	rules: LegacyRules;
	/** The bot's name. */
	name: string;
	/** What the bot is told; null = a default. */
	instructions: string | null;
	/** Requests a UTC day. @throws {ApiError} not_configured */
	dailyLimit: () => number;
	/** Micro-USD that all orgs together may cost on a UTC day. @throws {ApiError} not_configured */
	deploymentBudget: () => number;
}

/**
 * Opens a turn without a site key: the bot of the variables answers it. No customer's row is read or written, and nothing
 * of the conversation is kept.
 * @throws {ApiError} site_key_required, origin_not_allowed, not_configured, rate_limited, quota_exceeded, budget_exhausted, unavailable
 */
export async function openLegacyTurn(bindings: LegacyBindings, asked: Asked): Promise<Turn> {
	admitLegacy(bindings.rules, asked.origin);
	const { any: models } = await bindings.models();
	const limits = { limit: bindings.dailyLimit(), deploymentBudget: bindings.deploymentBudget() };
	// Nothing exact stands behind this limiter where no database is bound, so when it fails it refuses.
	await requireWithinLimit(bindings.limiter, "LEGACY_LIMITER", asked.client, "refuse");
	return {
		sessionId: null,
		messageId: crypto.randomUUID(),
		fallbackMessage: builtIn(asked.chat.language ?? "en").fallbackMessage,
		ready: undefined,
		spentUsdMicros: 0,
		models,
		prompt: {
			instructions: botInstructions(bindings.name, bindings.instructions),
			messages: [{ role: "user", text: asked.chat.message }],
		},
		citable: [],
		safety: { danger: asked.danger, help: helpOf(asked.country) },
		hiding: undefined,
		books: await reserved(bindings.db, { ...limits, worstCostUsdMicros: models.worstCostUsdMicros }, asked),
	};
}

async function reserved(
	db: D1Database | undefined,
	limits: Pick<LegacyCounter, "limit" | "deploymentBudget" | "worstCostUsdMicros">,
	{ startedAt, waitUntil }: Asked,
): Promise<Books> {
	if (db === undefined) return { kind: "none" };
	const counter = { worker: "chat", ...limits, now: startedAt, waitUntil } as const;
	await reserveLegacy(db, counter);
	return { kind: "legacy", db, counter };
}
