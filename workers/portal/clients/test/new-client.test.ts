import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { resetDatabase } from "../../../lib/test/database.ts";
import { bad, faulty, HOSTILE_NAMES, NO_TEXTS } from "../../test/bad-body.ts";
import type { Case } from "../../test/bad-body.ts";
import { createPortal, NOW, refusal } from "../../test/portal.ts";
import type { Portal } from "../../test/portal.ts";
import { CHAT, LIVE_KEY, TEST_KEY, create, logOf, rowsOfAll } from "./staff-client.ts";

let portal: Portal;

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
});
beforeEach(() => resetDatabase(env.DB));

const AT = "2026-08-20T12:00:00.000Z";
const IDLE = { origins_open: true, last_active_at: null, sessions_30d: 0, messages_30d: 0, allowed_origins: null };

describe("POST /portal/clients makes", () => {
	it("of a name alone a client with both engines, in two round trips, and says what is to do", async () => {
		const { status, body, client, engines, roundTrips } = await create(portal, { name: "  Zahnärzte Öl & Söhne 2 " });
		expect({ status, roundTrips }).toEqual({ status: 201, roundTrips: 2 });
		expect(client).toEqual({
			id: expect.stringMatching(/^org_zahnarzte_ol_sohne_2_[a-z0-9]{8}$/),
			name: "Zahnärzte Öl & Söhne 2",
			slug: "zahnarzte-ol-sohne-2",
			plan: "chatbot",
			status: "active",
			status_locked: false,
			clerk_org_id: null,
			stripe: {
				...{ is_sold: true, customer_id: null, is_subscribed: false, status: null },
				...{ current_period_end: null, cancel_at: null },
			},
			client_share_percent: 20,
			daily_budget_usd_micros: 15_000_000,
			monthly_price_usd_micros: null,
			has_instructions: false,
			knowledge_entries: 0,
			created_at: AT,
			updated_at: AT,
		});
		const [live, test] = engines;
		const chatbot = { type: "chatbot", status: "active", ...IDLE };
		expect(live).toEqual({
			...{ ...chatbot, environment: "live", name: "Website Assistant" },
			id: expect.stringMatching(/^site_zahnarzte_ol_sohne_2_[a-z0-9]{8}$/),
			site_key: expect.stringMatching(LIVE_KEY),
			embed: `<script src="${CHAT}widget.js" data-site-key="${String(live?.["site_key"])}" async></script>`,
		});
		expect(test).toEqual({
			...{ ...chatbot, environment: "test", name: "Website Assistant (test)", id: `${String(live?.["id"])}_test` },
			site_key: expect.stringMatching(TEST_KEY),
			embed: `<script src="${CHAT}widget.js" data-site-key="${String(test?.["site_key"])}" async></script>`,
		});
		expect(body["embed"]).toBe(live?.["embed"]);
		expect(body["next_steps"]).toEqual(
			[
				...["embed", "restrict_origins", "tie_clerk", "add_knowledge"],
				...["set_instructions", "subscribe", "set_price"],
			].map((step) => ({ step, message: expect.any(String) })),
		);
	});

	it("all that is said, and the trace in the client's own log", async () => {
		const { status, client, engines, body } = await create(portal, {
			...{ name: "Acme", slug: "acme-2", plan: "enterprise", status: "trialing", status_locked: true },
			...{ clerk_org_id: "org_2abc", client_share_percent: 100, daily_budget_usd_micros: 0 },
			monthly_price_usd_micros: 5_000_000,
			engine: { name: "Voice of Acme", type: "voice", allowed_origins: ["https://WWW.acme.com/"] },
			config: { greeting: "Hi!", instructions: "You are Acme's.", retention_days: 0, locale: "de" },
		});
		expect(status).toBe(201);
		expect(client).toMatchObject({
			...{ slug: "acme-2", plan: "enterprise", status: "trialing", status_locked: true, clerk_org_id: "org_2abc" },
			...{ client_share_percent: 100, daily_budget_usd_micros: 0, monthly_price_usd_micros: 5_000_000 },
			has_instructions: true,
		});
		const origins = { allowed_origins: ["https://www.acme.com"], origins_open: false, embed: null, type: "voice" };
		expect(engines).toMatchObject([
			{ ...origins, name: "Voice of Acme" },
			{ ...origins, name: "Voice of Acme (test)" },
		]);
		expect(body).toMatchObject({ embed: null, next_steps: [{ step: "add_knowledge" }] });
		const staff = { user_id: "user_staff", acting_as: "staff" };
		const fields = [
			...["name", "slug", "plan", "status", "status_locked", "clerk_org_id", "client_share_percent"],
			...["daily_budget_usd_micros", "monthly_price_usd_micros", "engine", "config"],
		];
		expect(await logOf(client["id"])).toEqual([
			{ ...staff, action: "client.create", target: client["id"], fields: JSON.stringify(fields) },
			{ ...staff, action: "engine.create", target: engines[0]?.["id"], fields: "[]" },
			{ ...staff, action: "engine.create", target: engines[1]?.["id"], fields: "[]" },
		]);
		const kept = await env.DB.prepare(
			"SELECT c.greeting, c.retention_days, c.locale, c.version, v.user_id, v.cause FROM org_config c JOIN config_versions v USING (org_id, version) WHERE c.org_id = ?1",
		)
			.bind(client["id"])
			.first();
		const made = { version: 1, user_id: "user_staff", cause: "update" };
		expect(kept).toEqual({ greeting: "Hi!", retention_days: 0, locale: "de", ...made });
	});

	it("ids that are no Clerk's, however long the slug", async () => {
		const { client } = await create(portal, { name: "x".repeat(200) });
		expect(client["slug"]).toBe("x".repeat(60));
		expect(client["id"]).not.toMatch(/^org_[A-Za-z0-9]{20,}$/);
		expect(String(client["id"]).length).toBeLessThanOrEqual(64);
	});

	it("one client of two that are asked for at once, and tells the other what is taken", async () => {
		const before = await rowsOfAll();
		const wish = { name: "Twice", clerk_org_id: "org_2twice" };
		const answers = await Promise.all([1, 2, 3, 4].map(() => create(portal, wish)));
		expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
		const message =
			"Another client has the slug twice and the clerk_org_id org_2twice; look for it by GET /portal/clients?q=, or send another.";
		for (const { status, body } of answers) if (status === 409) expect(body).toEqual(refusal("conflict", message));
		expect(await rowsOfAll()).toEqual([1, 2, 1, 1, 3].map((more, index) => Number(before[index]) + more));
	});

	it("no client for another one's slug, Clerk organization or id", async () => {
		await env.DB.prepare("UPDATE orgs SET clerk_org_id = 'org_2chadis' WHERE id = 'org_chadis'").run();
		const before = await rowsOfAll();
		const taken = async (body: unknown) => (await create(portal, body)).body;
		const conflict = (what: string) =>
			refusal("conflict", `Another client has the ${what}; look for it by GET /portal/clients?q=, or send another.`);
		expect(await taken({ name: "Chadis" })).toEqual(conflict("slug chadis"));
		expect(await taken({ name: "X", clerk_org_id: "org_2chadis" })).toEqual(conflict("clerk_org_id org_2chadis"));
		await env.DB.prepare("INSERT INTO orgs (id, name, slug) VALUES ('org_plain', 'P', 'p')").run();
		expect(await taken({ name: "X", clerk_org_id: "org_plain" })).toEqual(conflict("clerk_org_id org_plain"));
		expect(await rowsOfAll()).toEqual([Number(before[0]) + 1, ...before.slice(1)]);
	});
});

const SLUG = "must be 1 to 60 lower-case letters and digits, with single hyphens between them";
const named = (cases: Case[]): Case[] =>
	cases.map(([body, ...faults]) => [body === "{}" ? body : body.replace("{", '{"name":"N",'), ...faults]);
const CASES: Case[] = [
	["{}", ["name", "is required"]],
	['{"name":null}', ["name", "is required"]],
	...bad("name", "must be text", NO_TEXTS.slice(0, 7)),
	...bad("name", "must be 1 to 200 characters", ['""', '"  "', `"${"n".repeat(201)}"`]),
	...bad("name", "must be a single line without control characters", ['"a\\nb"']),
	['{"name":"牙医"}', ["slug", "is required where the name has no Latin letters or digits"]],
	...named([
		...bad("slug", SLUG, ['"A"', '"a_b"', '"-a"', '"a-"', '"a--b"', '""', `"${"a".repeat(61)}"`, "1", '"ä"']),
		...bad("plan", "must be one of chatbot, voice, enterprise", ['"free"', "1", '"Chatbot"']),
		...bad("status", "must be one of trialing, active, past_due, inactive, churned", ['"gone"', "true"]),
		...bad("status_locked", "must be true or false", ["1", '"true"']),
		...bad("clerk_org_id", "must be the id of an organization at Clerk, such as org_2abc", [
			'"abc"',
			'"org_"',
			'"org_a b"',
		]),
		...bad("client_share_percent", "must be a whole number of percent from 1 to 100", ["0", "101", "1.5", '"20"']),
		...bad("daily_budget_usd_micros", "must be a whole number of micro-USD from 0 to 1000000000000", [
			"-1",
			"1e13",
			"0.5",
		]),
		...bad("engine", "must be an object", ["[]", '"x"', "1"]),
		...bad("config", "must be an object", ["[]", '"x"', "true"]),
		[
			'{"engine":{"type":"phone","name":"","x":1,"with_test":false}}',
			["engine.x", "is not a field of an engine"],
			["engine.with_test", "is not a field of an engine"],
			["engine.name", "must be 1 to 200 characters"],
			["engine.type", "must be chatbot or voice"],
		],
		[
			'{"engine":{"allowed_origins":["http://a.com"]}}',
			[
				"engine.allowed_origins",
				"must be null or a list of at most 50 origins such as https://www.example.com, without a path",
			],
		],
		[
			'{"config":{"greeting":1,"colour":"x","version":1}}',
			["config.version", "is not for a new client"],
			["config.greeting", "must be text"],
			["config.colour", "is not a field of the configuration"],
		],
		[
			'{"plan":"x","id":"org_mine","slug":"A"}',
			["id", "is not a field of a client"],
			["slug", SLUG],
			["plan", "must be one of chatbot, voice, enterprise"],
		],
	]),
];

describe("POST /portal/clients refuses", () => {
	it.each(CASES)("%s, naming all that is wrong with it", async (body, ...faults) => {
		const answer = await create(portal, body);
		expect({ status: answer.status, body: answer.body }).toEqual({ status: 422, body: faulty(faults) });
		expect(answer.roundTrips).toBe(0);
	});

	it.each(HOSTILE_NAMES.filter((name) => name !== ""))("a field called %s", async (name) => {
		const { status } = await create(portal, `{"name":"N",${JSON.stringify(name)}:1}`);
		expect(status).toBe(422);
	});

	it.each([
		["{", 400],
		["[]", 400],
		['"x"', 400],
		["null", 400],
	])("the body %s", async (body, status) => {
		expect((await create(portal, body)).status).toBe(status);
	});

	it("to hand out keys without the chat's address", async () => {
		for (const CHAT_BASE_URL of [undefined, "", "https://chat.example", 'https://a/"><script>/', "ftp://a/"]) {
			const call = { method: "POST", body: { name: "N" }, env: { CHAT_BASE_URL } };
			const answer = await portal.call("/portal/clients", { as: { userId: "user_staff", staff: true }, ...call });
			expect(answer.status).toBe(503);
		}
		expect(await env.DB.prepare("SELECT COUNT(*) AS n FROM orgs").first("n")).toBe(2);
	});
});
