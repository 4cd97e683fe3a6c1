import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { health } from "../../http/health.ts";
import { resetDatabase } from "../../test/database.ts";
import { batch, repeatableBatch } from "../batch.ts";
import { SCHEMA_VERSION } from "../schema-version.ts";

beforeEach(() => resetDatabase(env.DB));
afterEach(async () => {
	vi.restoreAllMocks();
	// The rows of this table outlive a reset.
	await env.DB.batch([
		env.DB.prepare("DELETE FROM schema_version WHERE version > ?1").bind(SCHEMA_VERSION),
		...Array.from({ length: SCHEMA_VERSION }, (_, index) =>
			env.DB.prepare("INSERT OR IGNORE INTO schema_version (version) VALUES (?1)").bind(index + 1),
		),
	]);
});

const missing = () => env.DB.prepare("SELECT 1 FROM table_of_a_later_schema");
const older = () => env.DB.prepare("DELETE FROM schema_version WHERE version = ?1").bind(SCHEMA_VERSION).run();

/** Answers of `health` are kept for 10 s; each look has an hour of its own. */
let hours = 0;

async function healthNow(): Promise<[number, unknown]> {
	const response = await health("koby-test", env.DB, 3_600_000 * ++hours);
	return [response.status, await response.json()];
}

describe("a database one schema version back", () => {
	it.each([
		["a batch", () => batch(env.DB, [missing()])],
		["a repeatable batch", () => repeatableBatch(env.DB, [missing()])],
	])("is named by the error of %s, and by one line, with both versions", async (_, send) => {
		const lines = vi.spyOn(console, "error").mockImplementation(() => undefined);
		await older();
		await expect(send()).rejects.toMatchObject({
			code: "unavailable",
			status: 503,
			reason: "schema_outdated",
			headers: { "Retry-After": "60" },
			message: `The database has schema version ${SCHEMA_VERSION - 1} and this service needs ${SCHEMA_VERSION}; its operator must run the migrations.`,
		});
		expect(lines.mock.calls.map(([line]) => JSON.parse(String(line)))).toEqual([
			expect.objectContaining({ event: "schema_outdated", expected: SCHEMA_VERSION, found: SCHEMA_VERSION - 1 }),
		]);
	});

	it("is not healthy", async () => {
		await older();
		expect(await healthNow()).toEqual([
			503,
			{
				status: "failed",
				worker: "koby-test",
				checks: { db: "failed" },
				schema: { expected: SCHEMA_VERSION, found: SCHEMA_VERSION - 1 },
			},
		]);
	});
});

describe("a database of this version or a newer one", () => {
	it.each([SCHEMA_VERSION, SCHEMA_VERSION + 1])("is healthy: %i", async (version) => {
		await env.DB.prepare("INSERT OR IGNORE INTO schema_version (version) VALUES (?1)").bind(version).run();
		expect(await healthNow()).toEqual([
			200,
			{
				status: "ok",
				worker: "koby-test",
				checks: { db: "ok" },
				schema: { expected: SCHEMA_VERSION, found: version },
			},
		]);
	});

	it("fails as any other where something is missing", async () => {
		await expect(batch(env.DB, [missing()])).rejects.toMatchObject({ code: "unavailable", reason: "no such table" });
	});
});
