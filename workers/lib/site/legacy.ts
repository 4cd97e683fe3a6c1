import { batch, repeatableBatch } from "../d1/batch.ts";
import { listVariable } from "../env.ts";
import { ApiError, retryLater } from "../http/errors.ts";
import { log } from "../log.ts";
import { keylessOriginRefused } from "./origin.ts";
import type { OriginFacts } from "./origin.ts";
import { bookingNoteStatement } from "./turns.ts";
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
	if (!isOn)
		throw new ApiError(
			"site_key_required",
			"Send a site key in the header X-Site-Key; the dashboard shows it with each engine.",
		);
	if (origin.value === null || (isLocalAdmitted && origin.isLocal) || origins.includes(origin.value)) return;
	throw keylessOriginRefused(origin);
}

/** What a request without a site key takes of a UTC day. */
export interface LegacyCounter {
	worker: "chat" | "voice";
	/** Requests a UTC day. */
	limit: number;
	/** The most that the request may cost, micro-USD. */
	worstCostUsdMicros: number;
	/** Micro-USD that all orgs and the requests without a key together may cost on the day. */
	deploymentBudget: number;
	/** ms */
	now: number;
	/** `ctx.waitUntil` */
	waitUntil: (work: Promise<unknown>) => void;
}

const RESERVE_SQL = `
	INSERT INTO legacy_usage (date, worker, requests, cost_usd_micros)
	SELECT ?1, ?2, 1, ?4
	WHERE ?3 > 0 AND COALESCE((SELECT cost_usd_micros FROM usage_deployment WHERE date = ?1), 0) + ?4 <= ?5
	ON CONFLICT (date, worker) DO UPDATE
	SET requests = requests + 1, cost_usd_micros = cost_usd_micros + excluded.cost_usd_micros
	WHERE requests < ?3
	RETURNING requests
`;

function reserveStatement(db: D1Database, counter: LegacyCounter): D1PreparedStatement {
	const { worker, limit, worstCostUsdMicros, deploymentBudget, now } = counter;
	return db.prepare(RESERVE_SQL).bind(utcDate(now), worker, limit, worstCostUsdMicros, deploymentBudget);
}

/**
 * Takes one request, and the most that it may cost, from what those without a site key may use of a day, exactly, in one round
 * trip. Another tells why there was no room.
 * @throws {ApiError} quota_exceeded, budget_exhausted, with Retry-After; unavailable when D1 fails: nothing is spent that cannot be counted
 */
export async function reserveLegacy(db: D1Database, counter: LegacyCounter): Promise<void> {
	const giveBackLate = (): Promise<void> => settleLegacy(db, counter, "failed");
	const [taken = []] = await batch(db, [reserveStatement(db, counter)], {
		waitUntil: counter.waitUntil,
		onLate: ([late = []]) => (late.length > 0 ? giveBackLate() : undefined),
	});
	if (taken.length > 0) return;
	const seconds = (nextUtcDay(counter.now) - counter.now) / SECOND_MS;
	const message = "This assistant has answered all it may today; please come back tomorrow, after 00:00 UTC.";
	if (await isUsedUp(db, counter)) throw retryLater("quota_exceeded", message, seconds, "legacy_day");
	throw retryLater("budget_exhausted", message, seconds, "deployment");
}

async function isUsedUp(db: D1Database, { worker, limit, now }: LegacyCounter): Promise<boolean> {
	const statement = db
		.prepare("SELECT requests FROM legacy_usage WHERE date = ?1 AND worker = ?2 AND requests >= ?3")
		.bind(utcDate(now), worker, limit);
	const [rows = []] = await repeatableBatch(db, [statement]);
	return rows.length > 0 || limit === 0;
}

const SETTLE_SQL = `
	UPDATE legacy_usage
	SET requests = MAX(0, requests - ?3), cost_usd_micros = MAX(0, cost_usd_micros - ?4)
	WHERE date = ?1 AND worker = ?2
`;

/**
 * Settles what `reserveLegacy` took: the request stays counted at what it did cost, one that failed is given back. Never throws:
 * what
 * cannot be settled is logged, and counts at its most until midnight or until the line is replayed.
 * @param costUsdMicros what the request cost, or that it failed
 * @param failedUsdMicros what one that failed may have cost
 */
export async function settleLegacy(
	db: D1Database,
	{ worker, now, worstCostUsdMicros }: LegacyCounter,
	costUsdMicros: number | "failed",
	failedUsdMicros = 0,
): Promise<void> {
	const [requests, cost] = costUsdMicros === "failed" ? [1, failedUsdMicros] : [0, costUsdMicros];
	const taken = { worker, date: utcDate(now), requests, costUsdMicros: worstCostUsdMicros - cost };
	const id = crypto.randomUUID();
	try {
		await repeatableBatch(db, settleLegacyStatements(db, id, taken), "booking_notes.id");
	} catch (error) {
		const { date, costUsdMicros: given } = taken;
		const reason = error instanceof ApiError ? error.reason : "internal";
		const fields = { booking_id: id, worker, date, requests, cost_usd_micros: given, reason };
		log("error", "legacy_request_not_settled", fields);
	}
}

/** What a settled request gives back of its day. */
interface LegacyGivenBack {
	worker: "chat" | "voice";
	/** UTC day */
	date: string;
	/** 1 where it failed */
	requests: number;
	costUsdMicros: number;
}

/** The statements that give back, once: a repeat of them fails by `booking_notes.id`. @param id of the booking, random UUID */
export function settleLegacyStatements(
	db: D1Database,
	id: string,
	{ worker, date, requests, costUsdMicros }: LegacyGivenBack,
): D1PreparedStatement[] {
	return [bookingNoteStatement(db, id), db.prepare(SETTLE_SQL).bind(date, worker, requests, costUsdMicros)];
}
