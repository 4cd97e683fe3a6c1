import { repeatableBatch } from "../../lib/d1/batch.ts";
import { numberColumnOrNull, textColumn } from "../../lib/d1/row.ts";
import type { Row } from "../../lib/d1/row.ts";
import { SCHEMA_VERSION } from "../../lib/d1/schema-version.ts";
import { taggedJson } from "../../lib/http/conditional.ts";
import type { ClerkSettings } from "../auth/clerk-config.ts";
import { fetchedKeys } from "../auth/jwks.ts";
import { pinnedKey } from "../auth/rsa-key.ts";
import { suitsEnvironment } from "../billing/stripe-client.ts";
import type { StripeApiSettings } from "../billing/stripe-client.ts";
import { unusable, unusableOf } from "./unusable.ts";

/** What the deployment has been given, as far as it may be told: names, never values. */
export interface DoctorBindings {
	/** development, staging or production */
	environment: string;
	/** Which secrets are there, by name. */
	secrets: Readonly<Record<string, boolean>>;
	/** Which limiters are bound, by name. */
	limiters: Readonly<Record<string, boolean>>;
	stripe: StripeApiSettings;
	/** @throws {ApiError} not_configured */
	clerk(): ClerkSettings;
	/** Each reads variables of its own, and throws where one cannot be read. */
	readers: readonly (() => unknown)[];
}

/** More than there are scheduled runs. */
const MAX_RUNS = 50;

/**
 * `GET /portal/doctor`, for staff: what only the deployed worker knows of itself. Of secrets it tells which are there, of variables which
 * cannot be read, and no value of either. One round trip, and one request to Clerk for its keys.
 * @throws {ApiError} unavailable
 */
export async function getDoctor(
	db: D1Database,
	bindings: DoctorBindings,
	version: string | undefined,
): Promise<Response> {
	const [[[schema = {}] = [], runs = []], clerk] = await Promise.all([
		repeatableBatch(db, [
			db.prepare("SELECT MAX(version) AS version FROM schema_version"),
			db.prepare("SELECT worker, cron, ended_at FROM cron_runs ORDER BY worker, cron LIMIT ?1").bind(MAX_RUNS),
		]),
		clerkKeys(bindings),
	]);
	return taggedJson({
		worker: "koby-portal",
		environment: bindings.environment,
		version: version ?? null,
		secrets: Object.entries(bindings.secrets).map(([name, present]) => ({ name, present })),
		unusable: await unusableNames(bindings),
		schema: { expected: SCHEMA_VERSION, found: numberColumnOrNull(schema, "version") ?? 0 },
		crons: runs.map(cronOf),
		clerk,
		stripe_mode: stripeMode(bindings.stripe),
		limiters: Object.entries(bindings.limiters).map(([name, bound]) => ({ name, bound })),
	});
}

function cronOf(row: Row) {
	return {
		worker: textColumn(row, "worker"),
		cron: textColumn(row, "cron"),
		ended_at: textColumn(row, "ended_at"),
	};
}

/** Asks Clerk itself, not what this isolate remembers: a caller's token may hold by keys that are an hour old. */
async function clerkKeys({ clerk }: DoctorBindings): Promise<{ issuer: string | null; keys: string }> {
	const settings = unusable(clerk) === undefined ? clerk() : undefined;
	if (settings === undefined) return { issuer: null, keys: "not_configured" };
	const fetched = await fetchedKeys(settings.jwksUrl);
	return { issuer: settings.issuer, keys: fetched === undefined ? "unreachable" : "reachable" };
}

/** Names of secrets and variables that are there and cannot be read. */
async function unusableNames({ readers, clerk, stripe }: DoctorBindings): Promise<string[]> {
	const found = [...readers, clerk, () => suitsEnvironment(stripe)].map(unusable);
	const pem = unusable(clerk) === undefined ? clerk().jwtKey : undefined;
	const pinned = pem === undefined ? undefined : await pinnedKey(pem).then(() => undefined, unusableOf);
	return [...new Set([...found, pinned])].filter((name) => name !== undefined).sort();
}

/** Of which mode Stripe's key is; null = there is none, or it is of no form that Stripe gives out. */
function stripeMode(stripe: StripeApiSettings): "live" | "test" | null {
	if (unusable(() => suitsEnvironment(stripe)) !== undefined) return null;
	const suits = suitsEnvironment(stripe);
	if (suits === undefined) return null;
	return suits === (stripe.environment === "production") ? "live" : "test";
}
