import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { batch } from "../../d1/batch.ts";
import { metricsStatement, turnMetricsStatement } from "../../metrics/metrics.ts";
import { endTurnStatement, openTurnParameters, openTurnSql, settleStatements } from "../turns.ts";
import type { SiteCaller } from "../admission.ts";
import { resetDatabase } from "../../test/database.ts";
import type { Spending } from "../../usage/usage.ts";

const { DB: db } = env;
const NOTHING: Spending = { messages: 0, voiceCharacters: 0, conversationSeconds: 0, costUsdMicros: 0 };
const ONE_MESSAGE: Spending = { ...NOTHING, messages: 1 };
const NOW = "2026-03-10T12:00:00.000Z";
const DATE = "2026-03-10";

const OPEN_SQL = openTurnSql({ columns: {}, joins: "", returning: [] });

function reserveAs(caller: SiteCaller, spending: Spending, id: string = crypto.randomUUID()): D1PreparedStatement {
	const day = { date: DATE, expiresAt: "2026-03-10T12:02:00.000Z" };
	// Each is another client: their shares have tests of their own.
	const turn = { id, kind: "speech" as const, ...day, spending, client: crypto.randomUUID(), deploymentBudget: 1 };
	return db.prepare(OPEN_SQL).bind(...openTurnParameters(caller, turn));
}

function reserve(
	spending: Spending,
	origin: string | null = null,
	isHttps = false,
	isLocal = false,
): D1PreparedStatement {
	const caller = { siteKey: "sk_pannu_live_def456", origin: { value: origin, isHttps, isLocal }, now: NOW };
	return reserveAs(caller, spending);
}

async function isReserved(statement: D1PreparedStatement): Promise<boolean> {
	const [rows] = await batch(db, [statement]);
	return rows?.length === 1;
}

async function usage(): Promise<unknown> {
	const [days, months] = await batch(db, [
		db.prepare("SELECT date, messages, voice_characters FROM usage_daily ORDER BY date"),
		db.prepare("SELECT month, messages, voice_characters FROM usage_monthly ORDER BY month"),
	]);
	return { days, months };
}

beforeEach(() => resetDatabase(db));

describe("a reservation", () => {
	it("counts in the day and the month", async () => {
		expect(await isReserved(reserve(ONE_MESSAGE))).toBe(true);
		expect(await isReserved(reserve({ ...NOTHING, voiceCharacters: 40 }))).toBe(true);
		expect(await usage()).toEqual({
			days: [{ date: DATE, messages: 1, voice_characters: 40 }],
			months: [{ month: "2026-03", messages: 1, voice_characters: 40 }],
		});
	});

	it("stops exactly at the day's tenth of the month", async () => {
		await db.prepare("UPDATE plans SET monthly_messages = 95 WHERE id = 'chatbot'").run();
		const verdicts = await Promise.all(Array.from({ length: 30 }, () => isReserved(reserve(ONE_MESSAGE))));
		expect(verdicts.filter((reserved) => reserved)).toHaveLength(10);
	});

	it("stops exactly at the month, whatever is left of the day", async () => {
		await db.batch([
			db.prepare("UPDATE plans SET monthly_messages = 100 WHERE id = 'chatbot'"),
			db.prepare("INSERT INTO usage_daily (org_id, date, messages) VALUES ('org_pannu_dental', '2026-03-09', 97)"),
		]);
		const verdicts = await Promise.all(Array.from({ length: 20 }, () => isReserved(reserve(ONE_MESSAGE))));
		expect(verdicts.filter((reserved) => reserved)).toHaveLength(3);
	});

	it("does not stop messages for want of characters, nor the reverse", async () => {
		await db.prepare("UPDATE plans SET monthly_voice_characters = 0 WHERE id = 'chatbot'").run();
		expect(await isReserved(reserve(ONE_MESSAGE))).toBe(true);
		expect(await isReserved(reserve({ ...NOTHING, voiceCharacters: 1 }))).toBe(false);
	});

	it.each([
		["UPDATE portal_sites SET status = 'paused' WHERE id = 'site_pannu_dental'"],
		["UPDATE orgs SET status = 'churned' WHERE id = 'org_pannu_dental'"],
		["UPDATE orgs SET status = 'inactive' WHERE id = 'org_pannu_dental'"],
	])("takes nothing after %s", async (sql) => {
		await db.prepare(sql).run();
		expect(await isReserved(reserve(ONE_MESSAGE))).toBe(false);
		expect(await usage()).toEqual({ days: [], months: [] });
	});

	it.each([
		[null, "https://any.example", true, false, true],
		[null, "http://any.example", false, false, false],
		[null, "http://localhost:3000", false, true, false],
		['["https://a.example"]', "https://a.example", true, false, true],
		['["https://a.example"]', "https://b.example", true, false, false],
		['["https://a.example"]', null, false, false, true],
		["[]", "https://a.example", true, false, false],
		["[]", null, false, false, true],
	])(
		"with allowed_origins %s and origin %s (https %s, local %s): %s",
		async (allowed, origin, isHttps, isLocal, expected) => {
			await db
				.prepare("UPDATE portal_sites SET allowed_origins = ?1 WHERE id = 'site_pannu_dental'")
				.bind(allowed)
				.run();
			expect(await isReserved(reserve(ONE_MESSAGE, origin, isHttps, isLocal))).toBe(expected);
		},
	);

	it("admits a local page only with a test key", async () => {
		await db.prepare("UPDATE portal_sites SET site_key = 'sk_pannu_test_def456' WHERE id = 'site_pannu_dental'").run();
		const key = {
			siteKey: "sk_pannu_test_def456",
			origin: { value: "http://localhost:3000", isHttps: false, isLocal: true },
			now: NOW,
		};
		expect(await isReserved(reserveAs(key, ONE_MESSAGE))).toBe(true);
	});

	it("works with the previous key until its grace ends", async () => {
		await db
			.prepare(
				"UPDATE portal_sites SET previous_key = site_key, site_key = 'sk_pannu_live_new1', previous_key_expires_at = ?1 WHERE id = 'site_pannu_dental'",
			)
			.bind("2026-03-10T12:00:00.001Z")
			.run();
		expect(await isReserved(reserve(ONE_MESSAGE))).toBe(true);
		await db.prepare("UPDATE portal_sites SET previous_key_expires_at = ?1").bind(NOW).run();
		expect(await isReserved(reserve(ONE_MESSAGE))).toBe(false);
	});

	it("is given back once when its turn is settled, however often that is tried", async () => {
		const caller = {
			siteKey: "sk_pannu_live_def456",
			origin: { value: null, isHttps: false, isLocal: false },
			now: NOW,
		};
		await batch(db, [reserveAs(caller, ONE_MESSAGE, "one"), reserveAs(caller, ONE_MESSAGE, "two")]);
		for (let tries = 0; tries < 3; tries++) await batch(db, settleStatements(db, ["one", "unknown"]));
		expect(await usage()).toEqual({
			days: [{ date: DATE, messages: 1, voice_characters: 0 }],
			months: [{ month: "2026-03", messages: 1, voice_characters: 0 }],
		});
		expect(
			await batch(db, [db.prepare("SELECT id FROM turns"), db.prepare("SELECT errors FROM metrics_daily")]),
		).toEqual([[{ id: "two" }], [{ errors: 1 }]]);
	});

	it("stays counted when its turn is booked, and is booked once", async () => {
		const caller = {
			siteKey: "sk_pannu_live_def456",
			origin: { value: null, isHttps: false, isLocal: false },
			now: NOW,
		};
		await batch(db, [reserveAs(caller, ONE_MESSAGE, "one")]);
		for (let tries = 0; tries < 3; tries++) {
			await batch(db, [turnMetricsStatement(db, "one", { messages: 1 }), endTurnStatement(db, "one", 0)]);
		}
		await batch(db, settleStatements(db, ["one"]));
		expect(await usage()).toMatchObject({ days: [{ messages: 1 }], months: [{ messages: 1 }] });
		expect(await batch(db, [db.prepare("SELECT messages, errors FROM metrics_daily")])).toEqual([
			[{ messages: 1, errors: 0 }],
		]);
	});
});

describe("the metrics of a day", () => {
	const day = { orgId: "org_chadis", siteId: "site_chadis", date: DATE, now: NOW };

	it("add up", async () => {
		await batch(db, [metricsStatement(db, day, { sessions: 1, messages: 1, latency_b02: 1, errors: 0 })]);
		const later = { ...day, now: "2026-03-10T13:00:00.000Z" };
		await batch(db, [metricsStatement(db, later, { sessions: 1, messages: 1, latency_b02: 1 })]);
		const [rows] = await batch(db, [
			db.prepare("SELECT sessions, messages, errors, latency_b02, last_at FROM metrics_daily"),
		]);
		expect(rows).toEqual([
			{ sessions: 2, messages: 2, errors: 0, latency_b02: 2, last_at: "2026-03-10T13:00:00.000Z" },
		]);
	});

	it("tell the site its last active day", async () => {
		await batch(db, [
			metricsStatement(db, day, { messages: 1 }),
			metricsStatement(db, { ...day, date: "2026-03-09" }, { messages: 1 }),
		]);
		const [rows] = await batch(db, [db.prepare("SELECT last_active_date FROM portal_sites WHERE id = 'site_chadis'")]);
		expect(rows).toEqual([{ last_active_date: DATE }]);
	});
});
