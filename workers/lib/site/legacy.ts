import { batch } from "../d1/batch.ts";
import { listVariable } from "../env.ts";
import { ApiError, retryLater } from "../http/errors.ts";
import { log } from "../log.ts";
import type { OriginFacts } from "./origin.ts";
import { SECOND_MS, nextUtcDay, utcDate } from "../time.ts";

/** What governs requests without a site key. */
export interface LegacyRules {
	/** They are answered at all. */
	isOn: boolean;
	/** Browser origins. */
	origins: readonly string[];
	/** Pages on this machine are admitted as well. */
	isLocalAdmitted: boolean;
}

/**
 * The rules of the variables.
 * @param mode LEGACY_MODE; anything but `on` refuses all
 * @param origins LEGACY_ORIGINS, comma-separated
 * @param environment development, staging or production
 */
export function legacyRules(mode: string | undefined, origins: string | undefined, environment: string): LegacyRules {
	return {
		isOn: mode?.trim() === "on",
		origins: listVariable(origins),
		isLocalAdmitted: environment === "development",
	};
}

/**
 * Whether a request without a site key may be answered. A browser must be on one of the listed origins (in development
 * also on this machine); a request without Origin comes from a server and is admitted.
 * @throws {ApiError} site_key_required, origin_not_allowed
 */
export function admitLegacy({ isOn, origins, isLocalAdmitted }: LegacyRules, origin: OriginFacts): void {
	if (!isOn) throw new ApiError("site_key_required", "Send a site key in the X-Site-Key header.");
	if (origin.value === null || (isLocalAdmitted && origin.isLocal) || origins.includes(origin.value)) return;
	throw new ApiError("origin_not_allowed", "This website may not use the assistant without a site key.");
}

/** Whose requests of a UTC day are counted. */
export interface LegacyCounter {
	worker: "chat" | "voice";
	/** Requests a UTC day. */
	limit: number;
	/** ms */
	now: number;
	/** `ctx.waitUntil` */
	waitUntil: (work: Promise<unknown>) => void;
}

function reserveStatement(db: D1Database, counter: LegacyCounter): D1PreparedStatement {
	return db
		.prepare(`
			INSERT INTO legacy_usage (date, worker, requests)
			SELECT ?1, ?2, 1 WHERE ?3 > 0
			ON CONFLICT (date, worker) DO UPDATE SET requests = requests + 1 WHERE requests < ?3
			RETURNING requests
		`)
		.bind(utcDate(counter.now), counter.worker, counter.limit);
}

/**
 * Takes one request from the day's allowance of those without a site key, exactly, in one round trip.
 * @throws {ApiError} quota_exceeded, with Retry-After; unavailable when D1 fails: nothing is spent that cannot be counted
 */
export async function reserveLegacy(db: D1Database, counter: LegacyCounter): Promise<void> {
	const giveBackLate = (): Promise<void> => giveBackLegacy(db, counter);
	const [taken = []] = await batch(db, [reserveStatement(db, counter)], {
		waitUntil: counter.waitUntil,
		onLate: ([late = []]) => (late.length > 0 ? giveBackLate() : undefined),
	});
	if (taken.length > 0) return;
	const seconds = (nextUtcDay(counter.now) - counter.now) / SECOND_MS;
	throw retryLater(
		"quota_exceeded",
		"This assistant has answered all it may today; please come back tomorrow.",
		seconds,
		"legacy_day",
	);
}

/** Gives the request of `reserveLegacy` back. Never throws: what cannot be given back is logged. */
export async function giveBackLegacy(db: D1Database, { worker, now }: LegacyCounter): Promise<void> {
	const date = utcDate(now);
	try {
		await batch(db, [
			db
				.prepare("UPDATE legacy_usage SET requests = MAX(0, requests - 1) WHERE date = ?1 AND worker = ?2")
				.bind(date, worker),
		]);
	} catch {
		log("error", "legacy_request_not_given_back", { worker, date });
	}
}
