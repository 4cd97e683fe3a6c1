import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { resetDatabase } from "../../lib/test/database.ts";
import { CHADIS_KEY, PANNU_KEY, expectError, newClient } from "./client.ts";
import { KEYED_ROUTES, SESSION_ROUTES, converse, everything } from "./routes.ts";
import { d1Error, run, watched } from "./tables.ts";

beforeEach(() => resetDatabase(env.DB));

const never = { limit: () => Promise.resolve({ success: false }) };
const broken = { limit: () => Promise.reject(new Error("limiter")) };
const OTHER_ORIGIN = "https://anyone.example";

describe.each(KEYED_ROUTES)("%s", (_, route) => {
	it("is served in one round trip, to the site's pages, without a Gemini key", async () => {
		const talk = await converse({ visitor: "v-1" });
		const { db, trips } = watched();
		const response = await newClient().call({
			...route(talk, talk.key),
			origin: OTHER_ORIGIN,
			env: { DB: db, GEMINI_API_KEY: undefined },
		});
		expect([200, 204]).toContain(response.status);
		expect(trips()).toBe(1);
		expect(response.headers.get("Access-Control-Allow-Origin")).toBe(OTHER_ORIGIN);
		expect(response.headers.get("Vary")).toBe("Origin");
	});

	const refused: [string, string | null, string | undefined, number, string][] = [
		["no key", null, undefined, 401, "site_key_required"],
		["a blank key", null, "", 401, "invalid_site_key"],
		["a key without its form", null, "' OR 1=1 --", 401, "invalid_site_key"],
		["a key of 8 KiB", null, `sk_${"a".repeat(8192)}_live_abc123`, 401, "invalid_site_key"],
		["a key of another case", null, "sk_chadis_live_ABC123", 401, "invalid_site_key"],
		["a key that nobody has", null, "sk_nobody_live_abc123", 401, "invalid_site_key"],
		["the key of a paused site", "UPDATE portal_sites SET status = 'paused'", CHADIS_KEY, 403, "site_inactive"],
		["the key of an archived site", "UPDATE portal_sites SET status = 'archived'", CHADIS_KEY, 403, "site_inactive"],
		["the key of a churned org", "UPDATE orgs SET status = 'churned'", CHADIS_KEY, 403, "org_inactive"],
		["the key of an inactive org", "UPDATE orgs SET status = 'inactive'", CHADIS_KEY, 403, "org_inactive"],
	];

	it.each(refused)("refuses %s as POST / does, and writes nothing", async (_, change, key, status, code) => {
		const talk = await converse({ visitor: "v-1" });
		if (change !== null) await run(change);
		const before = await everything();
		await expectError(await newClient().call(route(talk, key)), status, code);
		expect(await everything()).toEqual(before);
	});

	it("refuses a page that the site does not list, without letting it read why", async () => {
		const talk = await converse({ visitor: "v-1" });
		await run(`UPDATE portal_sites SET allowed_origins = '["https://www.chadis.com"]'`);
		const before = await everything();
		for (const origin of [OTHER_ORIGIN, "http://localhost:3000", "null"]) {
			const response = await newClient().call({ ...route(talk, talk.key), origin });
			expect(response.headers.get("Access-Control-Allow-Origin")).toBeNull();
			expect(response.headers.get("Vary")).toBe("Origin");
			await expectError(response, 403, "origin_not_allowed");
		}
		expect(await everything()).toEqual(before);
		expect(
			(await newClient().call({ ...route(talk, talk.key), origin: "https://www.chadis.com" })).status,
		).toBeLessThan(300);
	});

	it("refuses what is over the limit of a client or of the site, the refusals of the key before that", async () => {
		const talk = await converse({ visitor: "v-1" });
		const before = await everything();
		for (const name of ["IP_LIMITER", "SITE_LIMITER"]) {
			const response = await newClient().call({
				...route(talk, talk.key),
				origin: OTHER_ORIGIN,
				env: { [name]: never },
			});
			expect(response.headers.get("Retry-After")).toBe("60");
			expect(response.headers.get("Access-Control-Allow-Origin")).toBe(OTHER_ORIGIN);
			await expectError(response, 429, "rate_limited");
		}
		const over = { env: { SITE_LIMITER: never } };
		await expectError(
			await newClient().call({ ...route(talk, "sk_nobody_live_abc123"), ...over }),
			401,
			"invalid_site_key",
		);
		await expectError(
			await newClient().call({ ...route(talk, talk.key), origin: "null", ...over }),
			403,
			"origin_not_allowed",
		);
		expect(await everything()).toEqual(before);
	});

	it("takes nothing from the turns' own limit of the site", async () => {
		const talk = await converse({ visitor: "v-1" });
		const limit = vi.fn(() => Promise.resolve({ success: true }));
		await newClient().call({ ...route(talk, talk.key), env: { SITE_LIMITER: { limit } } });
		await newClient().call({ key: talk.key, env: { SITE_LIMITER: { limit } } });
		const [kind, turn] = limit.mock.calls.map((call) => JSON.stringify(call));
		expect(turn).toBe(JSON.stringify([{ key: talk.key }]));
		expect(kind).not.toBe(turn);
		expect(kind).toContain(talk.key);
	});

	it.each(["IP_LIMITER", "SITE_LIMITER"])(
		"lets pass when %s fails, and says that it is not set up when it is missing",
		async (name) => {
			const talk = await converse({ visitor: "v-1" });
			expect((await newClient().call({ ...route(talk, talk.key), env: { [name]: broken } })).status).toBeLessThan(300);
			await expectError(
				await newClient().call({ ...route(talk, talk.key), env: { [name]: undefined } }),
				503,
				"not_configured",
			);
		},
	);

	it("answers 503 when the database fails, and where none is bound", async () => {
		const talk = await converse({ visitor: "v-1" });
		const { db, trips } = watched(() => d1Error("D1 DB is overloaded. Too many requests queued."));
		const response = await newClient().call({ ...route(talk, talk.key), env: { DB: db } });
		expect(response.headers.get("Retry-After")).toBe("2");
		await expectError(response, 503, "unavailable");
		expect(trips()).toBe(1);
		await expectError(
			await newClient().call({ ...route(talk, talk.key), env: { DB: undefined } }),
			503,
			"not_configured",
		);
	});
});

describe.each(SESSION_ROUTES)("%s of a session", (_, route) => {
	const DAY_MS = 86_400_000;
	const ago = (ms: number): string => new Date(Date.now() - ms).toISOString();
	const foreign: [string, Partial<Parameters<typeof route>[0]>, string | null][] = [
		["unknown", { session_id: crypto.randomUUID() }, null],
		["of another site", { key: PANNU_KEY }, null],
		["of another visitor", { visitor: "v-2" }, null],
		["of a named visitor, asked for by nobody", { visitor: undefined }, null],
		["that has ended", {}, `UPDATE chat_sessions SET ended_at = '${ago(0)}'`],
		["idle for 24 hours", {}, `UPDATE chat_sessions SET last_message_at = '${ago(DAY_MS + 1000)}'`],
		["of another org", {}, "UPDATE chat_sessions SET org_id = 'org_pannu_dental'"],
	];

	it.each(foreign)("%s is not found, in the same words, and nothing is written", async (_, change, sql) => {
		const talk = await converse({ visitor: "v-1" });
		if (sql !== null) await run(sql);
		const before = await everything();
		const asked = { ...talk, ...change };
		const response = await newClient().call(route(asked, asked.key));
		expect(await response.clone().json()).toEqual({
			error: {
				code: "not_found",
				message: "This visitor has no such conversation or answer; check session_id and X-Visitor-Id, or begin anew.",
				request_id: response.headers.get("X-Request-Id"),
			},
		});
		await expectError(response, 404, "not_found");
		expect(await everything()).toEqual(before);
	});

	it("that was begun without a visitor needs none, and is nobody else's", async () => {
		const talk = await converse();
		await expectError(await newClient().call(route({ ...talk, visitor: "v-1" }, talk.key)), 404, "not_found");
		expect(
			(await newClient().call({ ...route(talk, talk.key), headers: { "X-Visitor-Id": "  " } })).status,
		).toBeLessThan(300);
	});

	it("goes by the key before the last rotation, too, until its grace is over", async () => {
		const talk = await converse({ visitor: "v-1" });
		const rotate =
			"UPDATE portal_sites SET previous_key = 'sk_chadis_live_old000', previous_key_expires_at = ?1 WHERE id = 'site_chadis'";
		await run(rotate, "2020-01-01T00:00:00.000Z");
		await expectError(await newClient().call(route(talk, "sk_chadis_live_old000")), 401, "invalid_site_key");
		await run(rotate, "2999-01-01T00:00:00.000Z");
		expect((await newClient().call(route(talk, "sk_chadis_live_old000"))).status).toBeLessThan(300);
	});

	it("refuses a visitor that is too long", async () => {
		const talk = await converse({ visitor: "v-1" });
		await expectError(
			await newClient().call(route({ ...talk, visitor: "v".repeat(129) }, talk.key)),
			422,
			"invalid_request",
			["X-Visitor-Id"],
		);
	});
});
