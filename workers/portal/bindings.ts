import { numberVariable } from "../lib/env.ts";
import { notConfigured } from "../lib/http/errors.ts";
import type { Doorkeeping } from "./auth/authenticate.ts";
import type { BillingSettings } from "./billing/billing-session.ts";
import type { StripeWebhookSettings } from "./events/stripe-webhook.ts";
import type { TeamSettings } from "./team/team.ts";

// The only file beside index.ts that knows the names of bindings: everything else takes what it uses.

/** No route of the portal but its own description does without. @throws {ApiError} not_configured */
export function requireDatabase(env: Env): D1Database {
	const db: D1Database | undefined = env.DB;
	if (db === undefined) throw notConfigured("DB");
	return db;
}

/** What it takes to tell who calls. */
export function doorkeeping(env: Env): Doorkeeping {
	return {
		clerk: {
			environment: env.ENVIRONMENT,
			domain: env.CLERK_DOMAIN,
			jwtKey: env.CLERK_JWT_KEY,
			authorizedParties: env.CLERK_AUTHORIZED_PARTIES,
			staffUserIds: env.STAFF_USER_IDS,
		},
		userLimiter: env.USER_LIMITER,
		failedTokenLimiter: env.FAILED_TOKEN_LIMITER,
	};
}

export function teamSettings(env: Env): TeamSettings {
	return { secretKey: env.CLERK_SECRET_KEY, apiUrl: env.CLERK_API_URL, environment: env.ENVIRONMENT };
}

/** @throws {ApiError} not_configured */
export function webhookSettings(env: Env): StripeWebhookSettings {
	return {
		db: requireDatabase(env),
		environment: env.ENVIRONMENT,
		secretKey: env.STRIPE_SECRET_KEY,
		apiBase: env.STRIPE_API_BASE,
		webhookSecret: env.STRIPE_WEBHOOK_SECRET,
		maxBodyBytes: numberVariable(env.MAX_WEBHOOK_BYTES, "MAX_WEBHOOK_BYTES", 524_288),
	};
}

export function billingSettings(env: Env): BillingSettings {
	return {
		environment: env.ENVIRONMENT,
		secretKey: env.STRIPE_SECRET_KEY,
		apiBase: env.STRIPE_API_BASE,
		portalUrl: env.PORTAL_URL,
	};
}

/** Body cap, bytes. @throws {ApiError} not_configured */
export function maxBodyBytes(env: Env): number {
	return numberVariable(env.MAX_BODY_BYTES, "MAX_BODY_BYTES", 65_536);
}
