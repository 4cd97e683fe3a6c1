import { lazy, listVariable, numberVariable, once, secret } from "../lib/env.ts";
import { embeddingSettings } from "../lib/gemini/embed-settings.ts";
import { notConfigured } from "../lib/http/errors.ts";
import { deployedVersion } from "../lib/http/version.ts";
import { knowledgeRules } from "../lib/knowledge/rules.ts";
import type { KnowledgeRules } from "../lib/knowledge/rules.ts";
import type { Doorkeeping } from "./auth/authenticate.ts";
import { clerkSettings } from "./auth/clerk-config.ts";
import type { BillingSettings } from "./billing/billing-session.ts";
import type { DoctorBindings } from "./doctor/doctor.ts";
import type { StripeWebhookSettings } from "./events/stripe-webhook.ts";
import type { TestEmbedding } from "./knowledge/knowledge-test-search.ts";
import type { TeamSettings } from "./team/team.ts";

// The only file beside index.ts that knows the names of bindings: everything else takes what it uses, as typed values. They
// are read once per isolate; what may be missing or malformed is a function, which throws not_configured when a route first
// needs it. The generated types know every binding; a deployment may lack any.

const DEFAULT_MAX_BODY_BYTES = 65_536;
const DEFAULT_MAX_WEBHOOK_BYTES = 524_288;
/** Somebody waits for the test of a question, but no visitor. */
const DEFAULT_EMBEDDING_TIMEOUT_MS = 2000;
const DEFAULT_DAILY_BUDGET_USD_MICROS = 300_000_000;

/** What the routes of the portal take. */
export interface Bindings {
	/** Origins of the dashboard, whose pages may read every answer. */
	origins: ReadonlySet<string>;
	/** Pages on this machine may as well, on any port. */
	admitsLoopback: boolean;
	/** Whom to tell of a weakness, a URI; undefined = nobody is named. */
	securityContact: string | undefined;
	/** id of the deployed version */
	version: string | undefined;
	/** Requests of one client address to the routes that ask nobody who calls. */
	ipLimiter: RateLimit | undefined;
	/** No route of the portal but its own description does without. @throws {ApiError} not_configured */
	db(): D1Database;
	doorkeeping: Doorkeeping;
	team: TeamSettings;
	billing: BillingSettings;
	/** @throws {ApiError} not_configured */
	webhook(): StripeWebhookSettings;
	/** As the chat has them, to tell what it would show the model. @throws {ApiError} not_configured */
	knowledge(): KnowledgeRules;
	/** As the chat has it, to find what it would find; undefined where it is switched off or there is no key. @throws {ApiError} not_configured */
	embedding(): TestEmbedding | undefined;
	/** Address of the chat, with a slash at its end, for the line that puts it on a page. @throws {ApiError} not_configured */
	chatUrl(): string;
	/** Body cap, bytes. @throws {ApiError} not_configured */
	maxBodyBytes(): number;
	/** What staff may be told of how this deployment is set up. */
	doctor: DoctorBindings;
}

export const portalBindings = once((env: Env): Bindings => {
	const environment = env.ENVIRONMENT;
	const stripe = { environment, secretKey: env.STRIPE_SECRET_KEY, apiBase: env.STRIPE_API_BASE };
	const db = (): D1Database => database(env);
	const webhook = (): StripeWebhookSettings => ({
		...stripe,
		db: db(),
		webhookSecret: env.STRIPE_WEBHOOK_SECRET,
		maxBodyBytes: numberVariable(env.MAX_WEBHOOK_BYTES, "MAX_WEBHOOK_BYTES", DEFAULT_MAX_WEBHOOK_BYTES),
	});
	const rules = (): KnowledgeRules => knowledge(env);
	const tested = lazy(() => embedding(env));
	const maxBodyBytes = (): number => numberVariable(env.MAX_BODY_BYTES, "MAX_BODY_BYTES", DEFAULT_MAX_BODY_BYTES);
	return {
		origins: new Set(listVariable(env.PORTAL_ORIGINS)),
		admitsLoopback: environment === "development",
		securityContact: env.SECURITY_CONTACT,
		version: deployedVersion(env.VERSION, environment),
		ipLimiter: env.IP_LIMITER,
		db,
		doorkeeping: {
			clerk: () => clerk(env),
			userLimiter: env.USER_LIMITER,
			failedTokenLimiter: env.FAILED_TOKEN_LIMITER,
		},
		team: { secretKey: env.CLERK_SECRET_KEY, apiUrl: env.CLERK_API_URL, environment },
		billing: { ...stripe, portalUrl: env.PORTAL_URL },
		webhook,
		knowledge: rules,
		embedding: tested,
		chatUrl: () => chatUrl(env.CHAT_BASE_URL),
		maxBodyBytes,
		doctor: {
			environment,
			...present(env),
			stripe,
			clerk: () => clerk(env),
			readers: [webhook, rules, tested, maxBodyBytes, () => chatUrl(env.CHAT_BASE_URL)],
		},
	};
});

/** Which secrets and limiters there are, by name. */
function present(env: Env): Pick<DoctorBindings, "secrets" | "limiters"> {
	const { CLERK_DOMAIN, CLERK_SECRET_KEY, STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET, GEMINI_API_KEY } = env;
	const secrets = { CLERK_DOMAIN, CLERK_SECRET_KEY, STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET, GEMINI_API_KEY };
	const { IP_LIMITER, USER_LIMITER, FAILED_TOKEN_LIMITER } = env;
	const limiters: Record<string, RateLimit | undefined> = { IP_LIMITER, USER_LIMITER, FAILED_TOKEN_LIMITER };
	return {
		secrets: Object.fromEntries(Object.entries(secrets).map(([name, value]) => [name, secret(value) !== undefined])),
		limiters: Object.fromEntries(Object.entries(limiters).map(([name, limiter]) => [name, limiter !== undefined])),
	};
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

function database({ DB }: Env): D1Database {
	const db: D1Database | undefined = DB;
	if (db === undefined) throw notConfigured("DB");
	return db;
}

/** Whoever copies the line puts it into pages as it is, so nothing that HTML reads otherwise may stand in it. */
function chatUrl(value: string | undefined): string {
	if (value === undefined || !/^https?:\/\/[\w.:-]+(?:\/[\w.-]+)*\/$/.test(value)) throw notConfigured("CHAT_BASE_URL");
	return value;
}

function embedding(env: Env): TestEmbedding | undefined {
	const settings = embeddingSettings({
		apiKey: env.GEMINI_API_KEY,
		baseUrl: env.GEMINI_BASE_URL,
		model: env.GEMINI_EMBEDDING_MODEL,
		dimensions: env.GEMINI_EMBEDDING_DIMENSIONS,
		timeoutMs: env.GEMINI_EMBEDDING_TIMEOUT_MS,
		usualTimeoutMs: DEFAULT_EMBEDDING_TIMEOUT_MS,
		price: env.GEMINI_EMBEDDING_PRICE,
		environment: env.ENVIRONMENT,
	});
	if (settings === undefined) return undefined;
	const budget = numberVariable(
		env.DAILY_BUDGET_USD_MICROS,
		"DAILY_BUDGET_USD_MICROS",
		DEFAULT_DAILY_BUDGET_USD_MICROS,
	);
	return { settings, deploymentBudget: budget };
}

const clerk = once((env: Env) =>
	clerkSettings({
		environment: env.ENVIRONMENT,
		domain: env.CLERK_DOMAIN,
		jwtKey: env.CLERK_JWT_KEY,
		authorizedParties: env.CLERK_AUTHORIZED_PARTIES,
		portalOrigins: env.PORTAL_ORIGINS,
		staffUserIds: env.STAFF_USER_IDS,
	}),
);
