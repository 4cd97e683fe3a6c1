import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { isObject } from "../../../lib/http/json.ts";
import { resetDatabase } from "../../../lib/test/database.ts";
import { createPortal, NOW, refusal, withoutRequestId } from "../../test/portal.ts";
import type { Portal } from "../../test/portal.ts";
import { STAFF } from "../../test/seed.ts";

let portal: Portal;

/** Sixteen clients, of whom each has one thing about it; a letter apart, so that their names are in this order. */
const NAMES = ["calm", "due", "brake", "day", "month", "errors", "fewer", "leads", "seen", "silent", "over", "deals"];
const id = (name: string): string => `org_${name}`;
const site = (name: string): string => `site_${name}`;

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await resetDatabase(env.DB);
	const run = (sql: string, ...values: (string | number | null)[]) => env.DB.prepare(sql).bind(...values);
	const usage = "INSERT INTO usage_daily (org_id, date, messages, cost_usd_micros) VALUES (?1, ?2, ?3, ?4)";
	const day =
		"INSERT INTO metrics_daily (org_id, site_id, date, messages, errors, unanswered) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
	const lead = "INSERT INTO leads (id, org_id, site_id, email, created_at) VALUES (?1, ?2, ?3, 'a@example.com', ?4)";
	const look =
		"INSERT INTO audit_log (org_id, at, last_at, hour, user_id, acting_as, action) VALUES (?1, ?2, ?3, ?2, 'u', ?4, 'lead.list')";
	await env.DB.batch([
		run("DELETE FROM orgs"),
		...NAMES.flatMap((name, n) => [
			run(
				"INSERT INTO orgs (id, name, slug, created_at) VALUES (?1, ?2, ?3, ?4)",
				id(name),
				`${String.fromCharCode(97 + n)} ${name}`,
				name,
				`2026-0${1 + (n % 8)}-01T00:00:00.000Z`,
			),
			run(
				"INSERT INTO portal_sites (id, org_id, site_key, name) VALUES (?1, ?2, ?3, 'Bot')",
				site(name),
				id(name),
				`sk_${name}_live_abc123`,
			),
		]),
		run("UPDATE orgs SET status = 'past_due' WHERE id = 'org_due'"),
		run("UPDATE orgs SET status = 'churned' WHERE id = 'org_over'"),
		run("UPDATE plans SET monthly_price_usd_micros = 99000000 WHERE id = 'chatbot'"),
		run("UPDATE orgs SET monthly_price_usd_micros = 1000000 WHERE id = 'org_deals'"),
		run(usage, id("brake"), "2026-08-20", 0, 12_000_000),
		run(usage, id("day"), "2026-08-20", 4000, 0),
		run(usage, id("month"), "2026-08-01", 40_000, 5_000_000),
		run(usage, id("over"), "2026-08-20", 5000, 15_000_000),
		run(usage, id("deals"), "2026-07-22", 1, 3_000_000),
		run(usage, id("deals"), "2026-07-21", 1, 70_000_000),
		run("INSERT INTO golden_usage (org_id, date, cost_usd_micros) VALUES ('org_deals', '2026-08-01', 500000)"),
		run(day, id("errors"), site("errors"), "2026-08-14", 57, 3, 0),
		run(day, id("fewer"), site("fewer"), "2026-08-14", 58, 3, 0),
		run(day, id("fewer"), site("fewer"), "2026-08-13", 0, 90, 0),
		run(day, id("silent"), site("silent"), "2026-07-22", 50, 0, 5),
		run(day, id("calm"), site("calm"), "2026-07-22", 51, 0, 5),
		run(lead, "l1", id("leads"), site("leads"), "2026-08-20T08:00:00.000Z"),
		run(lead, "l2", id("leads"), site("leads"), "2026-07-01T08:00:00.000Z"),
		run(look, id("leads"), "2026-08-20T07:00:00.000Z", "2026-08-20T07:59:00.000Z", "admin"),
		// Staff who look see nothing to for the client.
		run(look, id("leads"), "2026-08-20T09:00:00.000Z", "2026-08-20T09:00:00.000Z", "staff"),
		run(lead, "l3", id("seen"), site("seen"), "2026-08-20T08:00:00.000Z"),
		run(look, id("seen"), "2026-08-20T08:00:00.000Z", "2026-08-20T08:30:00.000Z", "admin"),
	]);
});

async function clients(query: string): Promise<Record<string, unknown>[]> {
	const { body } = await portal.call(`/portal/clients${query}`, { as: STAFF });
	if (!isObject(body) || !Array.isArray(body["clients"])) throw new Error(JSON.stringify(body));
	return body["clients"].filter(isObject);
}

const slugs = async (query: string) => (await clients(query)).map(({ slug }) => slug);

describe("what wants looking at", () => {
	it.each([
		["past_due", ["due"]],
		["near_brake", ["brake"]],
		["near_quota", ["day", "month"]],
		["errors", ["errors"]],
		["leads_waiting", ["leads"]],
		["unanswered", ["silent"]],
		["any", ["due", "brake", "day", "month", "errors", "leads", "silent"]],
	])(
		"is found by attention=%s, just from its threshold on, and not of a client that is not served",
		async (flag, expected) => {
			expect(await slugs(`?attention=${flag}`)).toEqual(expected);
			expect(await slugs(`?attention=${flag}&sort=created_at`)).toHaveLength(expected.length);
		},
	);

	it("goes together with the other filters", async () => {
		expect(await slugs("?attention=any&status=past_due")).toEqual(["due"]);
		expect(await slugs("?attention=any&q=month")).toEqual(["month"]);
		expect(await slugs("?attention=any&plan=voice")).toEqual([]);
	});

	it("comes in pages that hold each client once, in any order", async () => {
		for (const sort of ["name", "created_at", "messages_30d", "cost_30d", "margin_30d", "attention"]) {
			const whole = await slugs(`?sort=${sort}`);
			const seen: unknown[] = [];
			for (let cursor = ""; ; ) {
				const { body } = await portal.call(`/portal/clients?limit=5&sort=${sort}${cursor}`, { as: STAFF });
				if (!isObject(body) || !Array.isArray(body["clients"])) throw new Error("no page");
				seen.push(...body["clients"].map(({ slug }) => slug));
				if (typeof body["next_cursor"] !== "string") break;
				cursor = `&cursor=${body["next_cursor"]}`;
			}
			expect({ sort, seen }).toEqual({ sort, seen: whole });
			expect([...seen].sort()).toEqual([...NAMES].sort());
		}
	});
});

describe("what is left of a price", () => {
	it("is the client's own or its plan's less the cost of thirty days, golden questions included", async () => {
		const [first, second] = await clients("?sort=margin_30d&limit=2");
		expect(first).toMatchObject({
			slug: "deals",
			cost_30d_usd_micros: 3_500_000,
			monthly_price_usd_micros: 1_000_000,
			margin_30d_usd_micros: -2_500_000,
		});
		expect(second).toMatchObject({ slug: "brake", brake_percent: 80, margin_30d_usd_micros: 87_000_000 });
	});

	it("is not told of who does not pay, and comes last", async () => {
		const all = await clients("?sort=margin_30d");
		expect(all.at(-1)).toMatchObject({
			slug: "over",
			monthly_price_usd_micros: 99_000_000,
			margin_30d_usd_micros: null,
		});
	});

	it("shows who costs the most first", async () => {
		expect((await slugs("?sort=cost_30d")).slice(0, 4)).toEqual(["over", "brake", "month", "deals"]);
	});
});

it.each([
	[
		"?attention=near",
		"attention",
		"must be one of any, past_due, near_brake, near_quota, errors, leads_waiting, unanswered",
	],
	["?sort=-name", "sort", "must be one of name, created_at, messages_30d, cost_30d, margin_30d, attention"],
	[`?sort=cost_30d&cursor=${btoa('["margin_30d","0","org_due"]')}`, "cursor", "must be the next_cursor of a page"],
	[
		`?sort=cost_30d&cursor=${btoa('["cost_30d","NaN","org_due"]').replaceAll("=", "")}`,
		"cursor",
		"must be the next_cursor of a page",
	],
	[`?sort=cost_30d&cursor=${btoa('["a","b"]').replaceAll("=", "")}`, "cursor", "must be the next_cursor of a page"],
])("GET /portal/clients%s is refused", async (query, field, message) => {
	const answer = await portal.call(`/portal/clients${query}`, { as: STAFF });
	expect(withoutRequestId(answer)).toEqual(
		refusal("invalid_request", `Please correct: ${field}.`, [{ field, message }]),
	);
	expect(answer.roundTrips).toBe(0);
});
