import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { batch, repeatableBatch, sizedBatch } from "../batch.ts";
import type { Row } from "../row.ts";
import { resetDatabase } from "../../test/database.ts";

/** A database whose first `failures.length` batches fail with these texts, and which counts its batches. */
function faulty(failures: string[]): { db: D1Database; calls: () => number } {
	let calls = 0;
	const db = new Proxy(env.DB, {
		get(target, name) {
			if (name !== "batch") return Reflect.get(target, name).bind(target);
			return (statements: D1PreparedStatement[]) => {
				const failure = failures[calls++];
				return failure === undefined ? target.batch(statements) : Promise.reject(new Error(`D1_ERROR: ${failure}`));
			};
		},
	});
	return { db, calls: () => calls };
}

const slow = (delayMs: number): D1Database =>
	new Proxy(env.DB, {
		get(target, name) {
			if (name !== "batch") return Reflect.get(target, name).bind(target);
			return async (statements: D1PreparedStatement[]) => {
				await scheduler.wait(delayMs);
				return target.batch(statements);
			};
		},
	});

const select = (db: D1Database): D1PreparedStatement => db.prepare("SELECT 1 AS one");

beforeEach(() => resetDatabase(env.DB));

describe("a batch", () => {
	it("gives the rows of each statement in order", async () => {
		expect(await batch(env.DB, [select(env.DB), env.DB.prepare("SELECT 2 AS two WHERE 0")])).toEqual([
			[{ one: 1 }],
			[],
		]);
	});

	it("leaves nothing behind when a statement fails", async () => {
		const insert = env.DB.prepare("INSERT INTO legacy_usage (date, worker, requests) VALUES ('2026-01-01', 'chat', 1)");
		await expect(batch(env.DB, [insert, insert])).rejects.toMatchObject({
			code: "unavailable",
			status: 503,
			headers: { "Retry-After": "2" },
		});
		expect(await batch(env.DB, [env.DB.prepare("SELECT * FROM legacy_usage")])).toEqual([[]]);
	});

	it.each(["Network connection lost.", "D1 DB is overloaded. Too many requests queued."])(
		"is not tried again after: %s",
		async (text) => {
			const { db, calls } = faulty([text]);
			await expect(batch(db, [select(db)])).rejects.toMatchObject({ code: "unavailable" });
			expect(calls()).toBe(1);
		},
	);

	it("is given up at its time limit, and tells what it did if it ends well after all", async () => {
		const late = Promise.withResolvers<Row[][]>();
		const db = slow(60);
		await expect(batch(db, [select(db)], { timeLimitMs: 10, onLate: late.resolve })).rejects.toMatchObject({
			code: "unavailable",
			reason: "d1_time_limit",
		});
		expect(await late.promise).toEqual([[{ one: 1 }]]);
	});

	it("never shows D1's text", async () => {
		const { db } = faulty(["no such column: secret_thing at offset 7"]);
		await expect(batch(db, [select(db)])).rejects.toMatchObject({
			message: "The database is not answering; please try again in a moment.",
			reason: "no such column",
		});
	});
});

describe("a batch that tells the size", () => {
	it("gives the rows of each statement and the bytes of the database", async () => {
		const { rows, sizeBytes } = await sizedBatch(env.DB, [
			env.DB.prepare("SELECT 1 AS n"),
			env.DB.prepare("SELECT 2 AS n"),
		]);
		expect(rows).toEqual([[{ n: 1 }], [{ n: 2 }]]);
		expect(sizeBytes).toBeGreaterThan(4096);
	});

	it("fails as any batch does", async () => {
		await expect(sizedBatch(env.DB, [env.DB.prepare("SELECT * FROM plans WHERE nothing = 1")])).rejects.toMatchObject({
			code: "unavailable",
		});
	});
});

describe("a repeatable batch", () => {
	it.each([
		"Network connection lost.",
		"D1 DB reset because its code was updated.",
		"Internal error in D1 DB storage caused object to be reset.",
		"Cannot resolve D1 DB due to transient issue on remote node.",
	])("is tried once more after: %s", async (text) => {
		const { db, calls } = faulty([text]);
		expect(await repeatableBatch(db, [select(db)])).toEqual([[{ one: 1 }]]);
		expect(calls()).toBe(2);
	});

	it.each([
		"D1 DB is overloaded. Requests queued for too long.",
		"D1 DB storage operation exceeded timeout which caused object to be reset.",
		"D1 DB exceeded its CPU time limit and was reset.",
	])("is not tried again after: %s", async (text) => {
		const { db, calls } = faulty([text]);
		await expect(repeatableBatch(db, [select(db)])).rejects.toMatchObject({ code: "unavailable" });
		expect(calls()).toBe(1);
	});

	it("is given up after the second try", async () => {
		const { db, calls } = faulty(["Network connection lost.", "Network connection lost.", "Network connection lost."]);
		await expect(repeatableBatch(db, [select(db)])).rejects.toMatchObject({ code: "unavailable" });
		expect(calls()).toBe(2);
	});

	it("is done when the id it inserts is already there", async () => {
		const insert = env.DB.prepare("INSERT INTO stripe_events (id, type, created_at) VALUES ('evt_1', 't', 'c')");
		await repeatableBatch(env.DB, [insert], "stripe_events.id");
		expect(await repeatableBatch(env.DB, [insert], "stripe_events.id")).toEqual([]);
		await expect(repeatableBatch(env.DB, [insert], "chat_messages.id")).rejects.toMatchObject({ code: "unavailable" });
	});
});
