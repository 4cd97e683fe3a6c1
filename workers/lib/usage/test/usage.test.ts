import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { batch } from "../../d1/batch.ts";
import { toApiError } from "../../http/errors.ts";
import { endTurnStatement, openTurnParameters, openTurnSql, settleStatements } from "../../site/turns.ts";
import { resetDatabase } from "../../test/database.ts";
import { readAccount } from "../account.ts";
import { clientDigest } from "../client.ts";
import { spendingRefused, whyRefused } from "../usage.ts";
import type { Spending } from "../usage.ts";

const { DB: db } = env;
const NOW = Date.parse("2026-03-10T12:00:00.000Z");
const DATE = "2026-03-10";
const PANNU = { key: "sk_pannu_live_def456", orgId: "org_pannu_dental" };
const CHADIS = { key: "sk_chadis_live_abc123", orgId: "org_chadis" };
const NOTHING: Spending = { messages: 0, voiceCharacters: 0, conversationSeconds: 0, costUsdMicros: 0 };
const MESSAGE = { ...NOTHING, messages: 1 };
const OPEN_SQL = openTurnSql({ columns: {}, joins: "", returning: [] });

interface Asked {
	who?: typeof PANNU;
	client?: string;
	spending?: Spending;
	deploymentBudget?: number;
	id?: string;
}

async function isOpened(asked: Asked): Promise<boolean> {
	const { who = PANNU, client = "a", spending = MESSAGE, deploymentBudget = 1e9, id = crypto.randomUUID() } = asked;
	const caller = {
		siteKey: who.key,
		origin: { value: null, isHttps: false, isLocal: false },
		now: new Date(NOW).toISOString(),
	};
	const day = { date: DATE, expiresAt: "2026-03-10T12:02:00.000Z" };
	const turn = { id, kind: "speech" as const, ...day, spending, client, deploymentBudget };
	const [rows] = await batch(db, [db.prepare(OPEN_SQL).bind(...openTurnParameters(caller, turn))]);
	return rows?.length === 1;
}

async function opened(count: number, asked: (n: number) => Asked): Promise<number> {
	const verdicts = await Promise.all(Array.from({ length: count }, (_, n) => isOpened(asked(n))));
	return verdicts.filter(Boolean).length;
}

async function codeOf({ who = PANNU, client = "a", spending = MESSAGE, deploymentBudget = 1e9 }: Asked) {
	const key = { orgId: who.orgId, date: DATE, client };
	const error = await whyRefused(db, key, { spending, now: NOW, limitMessage: "Full.", deploymentBudget });
	return [error.code, error.message, error.headers["Retry-After"]];
}

function run(...sql: string[]): Promise<unknown> {
	return db.batch(sql.map((text) => db.prepare(text)));
}

beforeEach(() => resetDatabase(db));

describe("a client's share of a day", () => {
	const TO_MIDNIGHT = String(12 * 3600);
	const ITS_OWN =
		"You have used what one visitor may use of this assistant in a day; please come back tomorrow, after 00:00 UTC.";

	it("is exact among 200 requests at once, and leaves the rest of the day to others", async () => {
		await run("UPDATE plans SET monthly_messages = 1000 WHERE id = 'chatbot'");
		expect(await opened(200, () => ({}))).toBe(20);
		expect(await codeOf({})).toEqual(["client_quota_exceeded", ITS_OWN, TO_MIDNIGHT]);
		expect(await opened(100, (n) => ({ client: `other-${n}` }))).toBe(80);
		expect(await codeOf({ client: "new" })).toEqual(["quota_exceeded", "Full.", TO_MIDNIGHT]);
	});

	it("is of characters as well, and each unit has its own", async () => {
		await run("UPDATE plans SET monthly_voice_characters = 50000 WHERE id = 'chatbot'");
		const clip = { ...NOTHING, voiceCharacters: 300 };
		expect(await opened(9, () => ({ spending: clip }))).toBe(3);
		expect(await isOpened({})).toBe(true);
		expect(await codeOf({ spending: clip })).toEqual(["client_quota_exceeded", ITS_OWN, TO_MIDNIGHT]);
	});

	it("lets a first request through however small it is", async () => {
		await run("UPDATE plans SET monthly_voice_characters = 10000 WHERE id = 'chatbot'");
		const clip = { ...NOTHING, voiceCharacters: 900 };
		expect(await opened(3, () => ({ spending: clip }))).toBe(1);
	});

	it.each([
		["1", 1],
		["37", 37],
		["100", 100],
	])("is %s percent where staff have set it so", async (percent, expected) => {
		await run(
			"UPDATE plans SET monthly_messages = 1000 WHERE id = 'chatbot'",
			`UPDATE orgs SET client_share_percent = ${percent} WHERE id = 'org_pannu_dental'`,
		);
		expect(await opened(120, () => ({}))).toBe(expected);
	});

	it("is not counted at all where the plan has no limit", async () => {
		expect(await opened(30, () => ({ who: CHADIS }))).toBe(30);
		expect(await batch(db, [db.prepare("SELECT * FROM usage_clients")])).toEqual([[]]);
	});

	it("is given back with a turn that is settled", async () => {
		await run("UPDATE plans SET monthly_messages = 100 WHERE id = 'chatbot'");
		expect(await isOpened({ id: "one" })).toBe(true);
		expect(await opened(3, () => ({}))).toBe(1);
		await batch(db, settleStatements(db, ["one"]));
		expect(await opened(3, () => ({}))).toBe(1);
	});
});

describe("a brake", () => {
	const cents = (count: number): Spending => ({ ...MESSAGE, costUsdMicros: count * 10_000 });

	it.each([
		["the plan's", []],
		["the org's own", ["UPDATE orgs SET daily_budget_usd_micros = 150000000 WHERE id = 'org_chadis'"]],
	])("(%s) is never passed by 200 requests at once, and exact afterwards", async (_, sql) => {
		await run("UPDATE plans SET daily_budget_usd_micros = 150000000 WHERE id = 'enterprise'", ...sql);
		expect(await opened(200, () => ({ who: CHADIS, spending: cents(100) }))).toBe(150);
		const [rows] = await batch(db, [db.prepare("SELECT cost_usd_micros FROM usage_daily")]);
		expect(rows).toEqual([{ cost_usd_micros: 150_000_000 }]);
		const refused = await codeOf({ who: CHADIS, spending: cents(100) });
		expect(refused).toEqual(["budget_exhausted", "Full.", String(12 * 3600)]);
	});

	it("counts what a turn did cost once it is booked, nothing once it is settled, and books once", async () => {
		await isOpened({ id: "booked", spending: cents(5) });
		await isOpened({ id: "settled", spending: cents(5) });
		await batch(db, settleStatements(db, ["settled"]));
		for (let tries = 0; tries < 3; tries++) await batch(db, [endTurnStatement(db, "booked", 123)]);
		const account = await readAccount(db, { orgId: PANNU.orgId, date: DATE, client: "a" });
		expect([account.cost, account.deploymentCost]).toEqual([123, 123]);
		expect(await batch(db, [db.prepare("SELECT id FROM turns")])).toEqual([[]]);
	});

	it("of the deployment stops those over half of their own, and nobody else", async () => {
		await run(
			"UPDATE orgs SET daily_budget_usd_micros = 1000000 WHERE id = 'org_chadis'",
			"UPDATE orgs SET daily_budget_usd_micros = 1000000 WHERE id = 'org_pannu_dental'",
		);
		const limit = { deploymentBudget: 600_000 };
		expect(await opened(80, () => ({ who: CHADIS, spending: cents(1), ...limit }))).toBe(60);
		expect((await codeOf({ who: CHADIS, spending: cents(1), ...limit }))[0]).toBe("budget_exhausted");
		expect(await opened(80, (n) => ({ client: `c${n}`, spending: cents(1), ...limit }))).toBe(50);
	});

	it("that leaves room again in between is no refusal to remember", async () => {
		expect(await codeOf({})).toEqual([
			"unavailable",
			"There was no room for this a moment ago; please try again.",
			"1",
		]);
	});
});

describe("the refusal of a spending", () => {
	const unit = { monthlyLimit: 100, month: 0, day: 0, ofClient: 0 };
	const account = {
		plan: "Chatbot",
		messages: unit,
		voiceCharacters: unit,
		conversationSeconds: { monthlyLimit: 100, month: 0 },
		clientShare: 20,
		budget: 10,
		cost: 0,
		deploymentCost: 0,
	};
	const refused = {
		spending: { ...MESSAGE, costUsdMicros: 11 },
		now: NOW,
		limitMessage: "Full.",
		deploymentBudget: 20,
	};
	const nextMonth = String((Date.parse("2026-04-01T00:00:00Z") - NOW) / 1000);

	it.each([
		["the share before the plan", { messages: { ...unit, month: 100, day: 10, ofClient: 2 } }, "client_quota_exceeded"],
		["the month before the day", { messages: { ...unit, month: 100, day: 10 } }, "quota_exceeded", nextMonth],
		["the day before the brake", { messages: { ...unit, day: 10 } }, "quota_exceeded", "43200"],
		["the org's brake", {}, "budget_exhausted", "43200"],
		["the deployment's brake", { budget: 100, deploymentCost: 15 }, "budget_exhausted", "43200"],
	])("names %s", (_, changes, code, seconds = "43200") => {
		const error = toApiError(spendingRefused({ ...account, ...changes }, refused));
		expect([error.code, error.headers["Retry-After"]]).toEqual([code, seconds]);
	});
});

describe("what stands for a client's address", () => {
	it("is the same all day, and another for another day, address or deployment", async () => {
		const all = await Promise.all([
			clientDigest("secret", DATE, "203.0.113.1"),
			clientDigest("secret", DATE, "203.0.113.1"),
			clientDigest("secret", "2026-03-11", "203.0.113.1"),
			clientDigest("secret", DATE, "203.0.113.2"),
			clientDigest("other", DATE, "203.0.113.1"),
		]);
		expect(all[0]).toMatch(/^[0-9a-f]{32}$/);
		expect(all.map((digest) => all.indexOf(digest))).toEqual([0, 0, 2, 3, 4]);
	});
});
