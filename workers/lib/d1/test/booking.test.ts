import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { resetDatabase } from "../../test/database.ts";
import { bookingBatch } from "../booking.ts";

beforeEach(() => resetDatabase(env.DB));
afterEach(() => vi.restoreAllMocks());

/** A database whose batches fail as told: before they are carried out, or after. */
function faulty(...faults: ("before" | "after" | undefined)[]): { db: D1Database; tries: () => number } {
	let tries = 0;
	const db = new Proxy(env.DB, {
		get(target, name) {
			if (name !== "batch") return Reflect.get(target, name).bind(target);
			return async (statements: D1PreparedStatement[]) => {
				const fault = faults[tries++];
				if (fault === "before") throw new Error("D1_ERROR: D1 DB is overloaded. Too many requests queued.");
				const results = await target.batch(statements);
				if (fault === "after") throw new Error("D1_ERROR: Network connection lost.");
				return results;
			};
		},
	});
	return { db, tries: () => tries };
}

/** `bookingBatch`, without the waiting between its tries. */
async function book(...booking: Parameters<typeof bookingBatch>): Promise<void> {
	vi.useFakeTimers();
	const booked = bookingBatch(...booking).finally(() => vi.useRealTimers());
	while (vi.isFakeTimers()) await vi.advanceTimersByTimeAsync(100);
	await booked;
}

const insert = () =>
	env.DB.prepare("INSERT INTO legacy_usage (date, worker, requests) VALUES ('2026-01-01', 'chat', 1)");
const stored = () => env.DB.prepare("SELECT COUNT(*) AS n FROM legacy_usage").first("n");

describe("a booking", () => {
	it.each([
		[1, []],
		[2, ["before" as const]],
		[3, ["before" as const, "before" as const]],
		[2, ["after" as const]],
		[3, ["before" as const, "after" as const]],
	])("is written once, by %i tries, without a line", async (expected, faults) => {
		const lines = vi.spyOn(console, "error").mockImplementation(() => undefined);
		const { db, tries } = faulty(...faults);
		await book(db, [insert()], "not_booked", {}, { unique: "legacy_usage.date" });
		expect([tries(), await stored(), lines.mock.calls]).toEqual([expected, 1, []]);
	});

	it("that D1 carries out and denies three times is no line", async () => {
		const lines = vi.spyOn(console, "error").mockImplementation(() => undefined);
		const { db, tries } = faulty("after", "after", "after");
		const repeatable = env.DB.prepare(
			"INSERT INTO legacy_usage (date, worker, requests) VALUES ('2026-01-01', 'chat', 1) ON CONFLICT DO NOTHING",
		);
		await book(db, [repeatable], "not_booked", {});
		expect([tries(), await stored(), lines.mock.calls]).toEqual([4, 1, []]);
	});

	it.each([
		["is no line where it was carried out after all", ["after", "after", "after", "after"] as const, 0],
		["is a line where it was not", ["before", "before", "before", "before"] as const, 1],
	])("that D1 denies four times %s", async (_, faults, lines) => {
		const errors = vi.spyOn(console, "error").mockImplementation(() => undefined);
		const { db, tries } = faulty(...faults);
		const repeatable = env.DB.prepare(
			"INSERT INTO legacy_usage (date, worker, requests) VALUES ('2026-01-01', 'chat', 1) ON CONFLICT DO NOTHING",
		);
		const pending = env.DB.prepare("SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM legacy_usage)");
		await book(db, [repeatable], "not_booked", {}, { pending });
		expect([tries(), errors.mock.calls.length]).toEqual([5, lines]);
	});

	it.each([
		["at last tells", ["after", "before", "before", "before", "before", "before"] as const, 7, 0],
		["never tells in time", Array.from({ length: 40 }, () => "before" as const), 6, 1],
	])("of which D1 %s is looked at again and again, for 11 s", async (_, faults, least, lines) => {
		const errors = vi.spyOn(console, "error").mockImplementation(() => undefined);
		const { db, tries } = faulty(...faults);
		const statement = env.DB.prepare(
			"INSERT INTO legacy_usage (date, worker) VALUES ('2026-01-01', 'chat') ON CONFLICT DO NOTHING",
		);
		const pending = env.DB.prepare("SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM legacy_usage)");
		await book(db, [statement], "not_booked", {}, { pending });
		expect(tries()).toBeGreaterThanOrEqual(least);
		expect(tries()).toBeLessThan(15);
		expect(errors.mock.calls.length).toBe(lines);
	});

	it("that fails four times is one line with all its fields", async () => {
		const lines = vi.spyOn(console, "error").mockImplementation(() => undefined);
		const { db, tries } = faulty("before", "before", "before", "before");
		await book(db, [insert()], "not_booked", { org_id: "o", errors: 1 });
		expect([tries(), await stored()]).toEqual([4, 0]);
		expect(lines.mock.calls.map(([line]) => JSON.parse(String(line)))).toEqual([
			expect.objectContaining({ event: "not_booked", org_id: "o", errors: 1, reason: "overloaded" }),
		]);
	});
});
