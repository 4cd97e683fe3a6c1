import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { isObject } from "../../../lib/http/json.ts";
import { createPortal, NOW, refusal, withoutRequestId } from "../../test/portal.ts";
import type { Portal } from "../../test/portal.ts";
import { STAFF, seedTwins } from "../../test/seed.ts";

let portal: Portal;

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seedTwins(env.DB);
	const insert = env.DB.prepare(
		"INSERT INTO orgs (id, name, slug, plan, status, created_at) VALUES (?1, ?2, ?3, ?4, ?5, '2026-04-04T04:04:04.000Z')",
	);
	await env.DB.batch([
		env.DB.prepare("UPDATE orgs SET created_at = '2026-01-01T00:00:00.000Z'"),
		insert.bind("org_b", "acme", "acme-b", "voice", "trialing"),
		insert.bind("org_a", "Acme", "acme-a", "chatbot", "churned"),
		insert.bind("org_c", "ACME 100% Ünïcode", "cee", "enterprise", "past_due"),
		insert.bind("org_d", "zeta_x", "acme-zeta", "chatbot", "inactive"),
		insert.bind("org_e", "zetaXx", "e", "chatbot", "active"),
	]);
});

/** Of a client that has neither used nor cost anything, on a plan with limits. */
const IDLE = {
	attention: [],
	quota_percent: 0,
	brake_percent: 0,
	errors_7d: 0,
	unanswered_30d: 0,
	leads_waiting: 0,
	cost_30d_usd_micros: 0,
	monthly_price_usd_micros: null,
	margin_30d_usd_micros: null,
};
const NEW = {
	created_at: "2026-04-04T04:04:04.000Z",
	engines: 0,
	sessions_30d: 0,
	messages_30d: 0,
	last_active_at: null,
	...IDLE,
};
const CLIENTS = [
	{ id: "org_a", name: "Acme", slug: "acme-a", plan: "chatbot", status: "churned", ...NEW },
	{ id: "org_b", name: "acme", slug: "acme-b", plan: "voice", status: "trialing", ...NEW },
	{
		id: "org_c",
		name: "ACME 100% Ünïcode",
		slug: "cee",
		plan: "enterprise",
		status: "past_due",
		...NEW,
		attention: ["past_due"],
		quota_percent: null,
	},
	{
		id: "org_chadis",
		name: "CHADIS",
		slug: "chadis",
		plan: "enterprise",
		status: "active",
		created_at: "2026-01-01T00:00:00.000Z",
		engines: 2,
		sessions_30d: 184,
		messages_30d: 20,
		last_active_at: "2026-08-20T11:30:00.000Z",
		...IDLE,
		attention: ["leads_waiting"],
		quota_percent: null,
		errors_7d: 1,
		leads_waiting: 3,
	},
	{
		id: "org_pannu_dental",
		name: "Pannu Dental",
		slug: "pannu-dental",
		plan: "chatbot",
		status: "active",
		created_at: "2026-01-01T00:00:00.000Z",
		engines: 2,
		sessions_30d: 1_840_000,
		messages_30d: 200_000,
		last_active_at: "2026-08-20T11:30:00.000Z",
		...IDLE,
		attention: ["near_quota", "errors", "leads_waiting"],
		quota_percent: 4200,
		errors_7d: 10_000,
		leads_waiting: 3,
	},
	{ id: "org_d", name: "zeta_x", slug: "acme-zeta", plan: "chatbot", status: "inactive", ...NEW },
	{ id: "org_e", name: "zetaXx", slug: "e", plan: "chatbot", status: "active", ...NEW },
];

async function read(query = "") {
	const { status, body, roundTrips } = await portal.call(`/portal/clients${query}`, { as: STAFF });
	return { status, body, roundTrips };
}

async function ids(query: string): Promise<unknown> {
	const { body } = await read(query);
	return isObject(body) && Array.isArray(body["clients"])
		? body["clients"].map((client: { id: string }) => client.id)
		: body;
}

function cursor(value: unknown): string {
	return btoa(JSON.stringify(value)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

describe("GET /portal/clients", () => {
	it("lists all clients by name in one page, their numbers from live engines", async () => {
		expect(await read()).toEqual({ status: 200, body: { clients: CLIENTS, next_cursor: null }, roundTrips: 1 });
	});

	it("walks through pages of any size, each client once", async () => {
		for (const limit of [1, 2, 3, 6, 7, 100]) {
			const seen: unknown[] = [];
			let query = `?limit=${limit}`;
			for (let page = 0; page < 8 && query !== ""; page++) {
				const { body } = await read(query);
				if (!isObject(body) || !Array.isArray(body["clients"])) throw new Error("no page");
				expect(body["clients"].length).toBeLessThanOrEqual(limit);
				seen.push(...body["clients"]);
				query = typeof body["next_cursor"] === "string" ? `?limit=${limit}&cursor=${body["next_cursor"]}` : "";
			}
			expect(seen).toEqual(CLIENTS);
		}
	});

	it.each([
		["?q=acme", ["org_a", "org_b", "org_c", "org_d"]],
		["?q=ACME", ["org_a", "org_b", "org_c", "org_d"]],
		["?q=acme-", ["org_a", "org_b", "org_d"]],
		["?q=ACME%20100%25", ["org_c"]],
		["?q=zeta_", ["org_d"]],
		["?q=%25", []],
		["?q=_", []],
		["?q=cme", []],
		["?q=chadis'%20OR%20'1'%3D'1", []],
		["?status=active", ["org_chadis", "org_pannu_dental", "org_e"]],
		["?plan=enterprise", ["org_c", "org_chadis"]],
		["?plan=chatbot&status=churned&q=a", ["org_a"]],
		["?q=acme&limit=2", ["org_a", "org_b"]],
		["?orgId=org_chadis", CLIENTS.map(({ id }) => id)],
	])("filters by %s", async (query, expected) => {
		expect(await ids(query)).toEqual(expected);
	});

	it("walks on behind clients whose names were written by hand, whatever stands in them", async () => {
		const names = ["\u0001".repeat(200), "\u0001".repeat(199), "a\u0000b", "a\tb\nc", "é\u2028", "𝒳🧸", "ÿ", "Ÿ"];
		const insert = env.DB.prepare("INSERT INTO orgs (id, name, slug) VALUES (?1, ?2, ?3)");
		await env.DB.batch(names.map((name, n) => insert.bind(`org_odd${n}`, name, `odd-${n}`)));
		const seen: unknown[] = [];
		let query = "?limit=1";
		for (let page = 0; page < 30 && query !== ""; page++) {
			const { body } = await read(query);
			if (!isObject(body) || !Array.isArray(body["clients"])) throw new Error("no page");
			seen.push(...body["clients"].map((client: { name: string }) => client.name));
			query = typeof body["next_cursor"] === "string" ? `?limit=1&cursor=${body["next_cursor"]}` : "";
		}
		await env.DB.prepare("DELETE FROM orgs WHERE id LIKE 'org_odd%'").run();
		expect(seen).toHaveLength(CLIENTS.length + names.length);
		expect(new Set(seen)).toEqual(new Set([...names, ...CLIENTS.map(({ name }) => name)]));
	});

	it("goes on with the same filter", async () => {
		expect(await ids(`?q=acme&limit=2&cursor=${cursor(["acme", "org_b"])}`)).toEqual(["org_c", "org_d"]);
	});

	it("takes a cursor whose client is gone, or was none", async () => {
		expect(await ids(`?cursor=${cursor(["D", ""])}`)).toEqual(["org_pannu_dental", "org_d", "org_e"]);
		expect(await ids(`?cursor=${cursor(["zzz", "zzz"])}`)).toEqual([]);
	});

	const CURSOR = "must be the next_cursor of a page";
	it.each([
		["?limit=0", "limit", "must be 1 to 100"],
		["?limit=101", "limit", "must be 1 to 100"],
		["?limit=-1", "limit", "must be 1 to 100"],
		["?limit=1e2", "limit", "must be 1 to 100"],
		["?limit=ten", "limit", "must be 1 to 100"],
		["?status=Active", "status", "must be one of trialing, active, past_due, inactive, churned"],
		["?plan=free", "plan", "must be one of chatbot, voice, enterprise"],
		[`?q=${"x".repeat(41)}`, "q", "must be at most 40 characters"],
		["?cursor=abc", "cursor", CURSOR],
		["?cursor=%00", "cursor", "must be given once, with 1 to 2000 characters"],
		["?cursor=a.b", "cursor", CURSOR],
		[`?cursor=${"A".repeat(1504)}`, "cursor", CURSOR],
		[`?cursor=${cursor(["x"])}`, "cursor", CURSOR],
		[`?cursor=${cursor(["x", "y", "z"])}`, "cursor", CURSOR],
		[`?cursor=${cursor(["x", 1])}`, "cursor", CURSOR],
		[`?cursor=${cursor(["x", "\ud800"])}`, "cursor", CURSOR],
		["?orgId=a&orgId=a", "orgId", "must be given once, with 1 to 100 characters"],
		[`?cursor=${cursor({ 0: "x", 1: "y", length: 2 })}`, "cursor", CURSOR],
	])("refuses %s", async (query, field, message) => {
		const answer = await portal.call(`/portal/clients${query}`, { as: STAFF });
		expect(answer.status).toBe(422);
		expect(withoutRequestId(answer)).toEqual(
			refusal("invalid_request", `Please correct: ${field}.`, [{ field, message }]),
		);
		expect(answer.roundTrips).toBe(0);
	});
});
