import { lazy, listVariable, numberVariable, once, secret } from "../lib/env.ts";
import { notConfigured } from "../lib/http/errors.ts";
import { deployedVersion } from "../lib/http/version.ts";
import type { SiteBindings } from "../lib/site/admit.ts";
import { legacyRules } from "../lib/site/legacy.ts";
import type { ConversationBindings } from "./conversation/post-session.ts";
import { elevenLabs } from "./elevenlabs/call.ts";
import type { ElevenLabs } from "./elevenlabs/call.ts";
import type { SpeechBindings } from "./speech/post-speech.ts";

// The only file beside index.ts that knows the names of bindings: everything else takes what it uses, as typed values. They
// are read once per isolate; what may be missing or malformed is read when a route first needs it. The generated types know
// every binding; a deployment may lack any.

const DEFAULT_DAILY_BUDGET_USD_MICROS = 300_000_000;

/** What the routes of the voice worker take. */
export interface Bindings {
	ipLimiter: RateLimit | undefined;
	/** This deployment also serves conversations. */
	isConversation: boolean;
	site: SiteBindings;
	speech: SpeechBindings;
	conversation: ConversationBindings;
	/** @throws {ApiError} not_configured */
	vendor: () => ElevenLabs;
	/** Whom to tell of a weakness, a URI; undefined = nobody is named. */
	securityContact: string | undefined;
	/** id of the deployed version */
	version: string | undefined;
}

export const voiceBindings = once((env: Env): Bindings => {
	const db: D1Database | undefined = env.DB;
	const site = { db, siteLimiter: env.SITE_LIMITER };
	const maxBodyBytes = lazy(() => numberVariable(env.MAX_BODY_BYTES, "MAX_BODY_BYTES", 32_768));
	const vendor = lazy(() => elevenLabsOf(env));
	const deploymentBudget = lazy(() =>
		numberVariable(env.DAILY_BUDGET_USD_MICROS, "DAILY_BUDGET_USD_MICROS", DEFAULT_DAILY_BUDGET_USD_MICROS),
	);
	return {
		ipLimiter: env.IP_LIMITER,
		isConversation: env.CONVERSATION === "on",
		site,
		speech: {
			site,
			maxBodyBytes,
			vendor,
			voices: voicesOf(env),
			modelId: secret(env.ELEVENLABS_MODEL_ID) ?? "eleven_flash_v2_5",
			outputFormat: lazy(() => outputFormatOf(env.ELEVENLABS_OUTPUT_FORMAT)),
			creditPrice: lazy(() => numberVariable(env.ELEVENLABS_CREDIT_USD_MICROS, "ELEVENLABS_CREDIT_USD_MICROS", 0)),
			deploymentBudget,
			legacy: {
				db,
				rules: legacyRules(env.LEGACY_MODE, env.LEGACY_ORIGINS, env.ENVIRONMENT),
				limiter: env.LEGACY_LIMITER,
				dailyLimit: lazy(() => numberVariable(env.LEGACY_DAILY_LIMIT, "LEGACY_DAILY_LIMIT", 1000)),
			},
		},
		conversation: { site, maxBodyBytes, vendor, rules: lazy(() => conversationRules(env, deploymentBudget())) },
		vendor,
		securityContact: env.SECURITY_CONTACT,
		version: deployedVersion(env.VERSION, env.ENVIRONMENT),
	};
});

function elevenLabsOf(env: Env): ElevenLabs {
	return elevenLabs({
		apiKey: env.ELEVENLABS_API_KEY,
		baseUrl: env.ELEVENLABS_BASE_URL,
		timeoutMs: env.ELEVENLABS_TIMEOUT_MS,
		coverage: {
			hosts: env.COVERED_HOSTS,
			// Anything but this word leaves it off: an account that has no such mode would be refused every clip.
			hasZeroRetention: secret(env.ELEVENLABS_ZERO_RETENTION) === "on",
			zeroRetentionAgents: listVariable(env.ELEVENLABS_ZERO_RETENTION_AGENTS),
		},
		environment: env.ENVIRONMENT,
	});
}

/** The fallback is the one voice that does not expire with 2026 (every other default voice does). */
function voicesOf(env: Env): SpeechBindings["voices"] {
	return {
		fallback: secret(env.ELEVENLABS_VOICE_ID) ?? "hpp4J3VqNfWAUOO0d1Us",
		allowed: listVariable(env.ELEVENLABS_VOICE_IDS),
	};
}

/** @throws {ApiError} not_configured when the format is no mp3: the response says audio/mpeg */
function outputFormatOf(value: string | undefined): string {
	const format = secret(value) ?? "mp3_22050_32";
	if (!/^mp3_\d{4,6}_\d{2,3}$/.test(format)) throw notConfigured("ELEVENLABS_OUTPUT_FORMAT");
	return format;
}

/** @throws {ApiError} not_configured */
function conversationRules(env: Env, deploymentBudget: number): ReturnType<ConversationBindings["rules"]> {
	return {
		deploymentBudget,
		defaultAgentId: agentIdOf(env.ELEVENLABS_AGENT_ID),
		maxOpen: numberVariable(env.MAX_OPEN_SESSIONS, "MAX_OPEN_SESSIONS", 5),
		maxOpenOfClient: numberVariable(env.MAX_OPEN_SESSIONS_PER_CLIENT, "MAX_OPEN_SESSIONS_PER_CLIENT", 2),
		maxSeconds: numberVariable(env.MAX_SESSION_SECONDS, "MAX_SESSION_SECONDS", 600),
	};
}

function agentIdOf(value: string | undefined): string | null {
	const id = secret(value) ?? null;
	if (id !== null && !/^[A-Za-z0-9_-]{1,100}$/.test(id)) throw notConfigured("ELEVENLABS_AGENT_ID");
	return id;
}
