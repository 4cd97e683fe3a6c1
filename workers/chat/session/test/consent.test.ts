import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { isObject } from "../../../lib/http/json.ts";
import { resetDatabase } from "../../../lib/test/database.ts";
import { CHADIS_KEY, PANNU_KEY, STREAMED, expectError, newClient } from "../../test/client.ts";
import type { Call } from "../../test/client.ts";
import { converse, everything, leave } from "../../test/routes.ts";
import { rows, run, watched } from "../../test/tables.ts";

beforeEach(() => resetDatabase(env.DB));

const set = (columns: string) => run(`UPDATE org_config SET ${columns} WHERE org_id = 'org_chadis'`);
const OTHER = "0123456789abcdef";

async function currentVersion(): Promise<string> {
	const response = await newClient().call({ method: "GET", path: `/config?site_key=${CHADIS_KEY}` });
	const body: unknown = await response.json();
	return isObject(body) ? String(body["consent_version"]) : "";
}

/** This isolate knows nothing of the site: it was read too long ago. */
async function forgotten(): Promise<void> {
	await run("UPDATE portal_sites SET site_key = 'sk_chadis_live_moved1' WHERE site_key = ?1", CHADIS_KEY);
	await newClient().call({ key: CHADIS_KEY });
	await run("UPDATE portal_sites SET site_key = ?1 WHERE site_key = 'sk_chadis_live_moved1'", CHADIS_KEY);
}

function agreed(version: string | undefined, more: Partial<Call> = {}): Call {
	const headers = { ...(version === undefined ? {} : { "X-Consent": version }), ...more.headers };
	return { key: CHADIS_KEY, ...more, headers };
}

describe.each([
	["consent is required", "consent = 'required'"],
	["only adults may write", "audience = 'adults'"],
	["only adults may write and visitors are told", "audience = 'adults', consent = 'notice'"],
])("where %s", (_, columns) => {
	const missing: [string, string | undefined][] = [
		["no consent", undefined],
		["a consent to another text", OTHER],
		["what is no version", "yes"],
		["a version in capitals", OTHER.toUpperCase()],
	];

	it.each(missing)(
		"a message with %s reaches neither the model nor the database, and is counted nowhere",
		async (_, version) => {
			await set(columns);
			for (const isKnown of [false, true]) {
				const current = await currentVersion();
				if (!isKnown) await forgotten();
				const before = await everything();
				const limit = vi.fn(() => Promise.resolve({ success: true }));
				for (const headers of [{}, STREAMED]) {
					const client = newClient();
					const response = await client.call(agreed(version, { headers, env: { SITE_LIMITER: { limit } } }));
					const body: unknown = await response.clone().json();
					expect(body).toEqual({
						error: {
							code: "consent_required",
							message: expect.stringMatching(/consent_version/),
							request_id: expect.any(String),
							consent_version: current,
						},
					});
					expect(response.status).toBe(403);
					expect(await client.asked()).toEqual([]);
				}
				expect(await everything()).toEqual(before);
				expect(limit).not.toHaveBeenCalled();
			}
		},
	);

	it("a message with consent is answered, and the conversation keeps to what and when", async () => {
		await set(columns);
		const version = await currentVersion();
		const response = await newClient().call(agreed(version));
		expect(response.status).toBe(200);
		expect(await rows("SELECT consents, started_at FROM chat_sessions")).toEqual([
			{ consents: expect.any(String), started_at: expect.any(String) },
		]);
		const [session] = await rows(
			"SELECT consents ->> '$[0][0]' = ?1 AS is_version, consents ->> '$[0][1]' = started_at AS is_start, json_array_length(consents) AS count FROM chat_sessions",
			version,
		);
		expect(session).toEqual({ is_version: 1, is_start: 1, count: 1 });
	});

	it("a lead without consent is not kept, and one with it has its version", async () => {
		const talk = await converse({ visitor: "v-1" });
		await set(columns);
		const before = await everything();
		const call = leave("ann@example.com")(talk, talk.key);
		for (const version of [undefined, OTHER]) {
			const response = await newClient().call({ ...call, ...agreed(version, { headers: call.headers ?? {} }) });
			expect(response.status).toBe(403);
		}
		expect(await everything()).toEqual(before);
		const version = await currentVersion();
		for (const isKnown of [true, false]) {
			if (!isKnown) await forgotten();
			const kept = await newClient().call({ ...call, ...agreed(version, { headers: call.headers ?? {} }) });
			expect(kept.status).toBe(204);
		}
		expect(await rows("SELECT email, consent_version FROM leads")).toEqual([
			{ email: "ann@example.com", consent_version: version },
		]);
		expect(await rows("SELECT SUM(leads) AS leads FROM metrics_daily")).toEqual([{ leads: 1 }]);
	});
});

describe("consent", () => {
	it("takes one round trip before the model where the site is remembered, and one more where it is not", async () => {
		await set("consent = 'required'");
		const version = await currentVersion();
		const known = watched();
		expect((await newClient().call(agreed(version, { env: { DB: known.db } }))).status).toBe(200);
		expect(known.trips()).toBe(2);
		await forgotten();
		const unknown = watched();
		expect((await newClient().call(agreed(version, { env: { DB: unknown.db } }))).status).toBe(200);
		expect(unknown.trips()).toBe(3);
		expect(await rows("SELECT SUM(messages) AS messages FROM usage_daily WHERE org_id = 'org_chadis'")).toEqual([
			{ messages: 2 },
		]);
	});

	it("that was given to a text which changes meanwhile is none: the database has the last word", async () => {
		await set("consent = 'required', ai_notice = 'An AI of ours.'");
		const version = await currentVersion();
		await set("ai_notice = 'An AI of ours, recorded.'");
		const client = newClient();
		const response = await client.call(agreed(version));
		expect(response.status).toBe(403);
		expect(await client.asked()).toEqual([]);
		expect(await rows("SELECT COUNT(*) AS count FROM chat_messages")).toEqual([{ count: 0 }]);
	});

	it("holds when only something else of the configuration changes meanwhile", async () => {
		await set("consent = 'required'");
		const version = await currentVersion();
		await set("greeting = 'Good day'");
		expect((await newClient().call(agreed(version))).status).toBe(200);
		expect(await rows("SELECT COUNT(*) AS count FROM chat_messages")).toEqual([{ count: 2 }]);
	});

	it("is asked after key, status and origin, and before the plan's limits", async () => {
		await set("consent = 'required'");
		await run("UPDATE plans SET monthly_messages = 0");
		expect((await newClient().call(agreed(undefined))).status).toBe(403);
		await run("UPDATE portal_sites SET allowed_origins = '[]'");
		await expectError(
			await newClient().call(agreed(undefined, { origin: "https://x.example" })),
			403,
			"origin_not_allowed",
		);
		await run("UPDATE portal_sites SET status = 'paused'");
		await expectError(await newClient().call(agreed(undefined)), 403, "site_inactive");
	});

	it("is not asked of whoever is in danger", async () => {
		await set("consent = 'required', audience = 'adults'");
		const before = await everything();
		const response = await newClient().call(agreed(undefined, { body: { message: "I want to kill myself" } }));
		expect(response.status).toBe(200);
		expect(await response.json()).toMatchObject({ finish: "safety" });
		expect(await everything()).toEqual(before);
	});

	it("is not needed to read or end a conversation, to rate an answer, nor by another org's visitors", async () => {
		const talk = await converse({ visitor: "v-1" });
		await set("consent = 'required'");
		const headers = { "X-Visitor-Id": "v-1" };
		const session = { key: talk.key, path: `/sessions/${talk.session_id}`, headers };
		expect((await newClient().call({ ...session, method: "GET" })).status).toBe(200);
		const { session_id, message_id } = talk;
		const rating = { key: talk.key, path: "/feedback", headers, body: { session_id, message_id, rating: "up" } };
		expect((await newClient().call(rating)).status).toBe(204);
		expect((await newClient().call({ ...session, method: "DELETE" })).status).toBe(204);
		expect((await newClient().call({ key: PANNU_KEY })).status).toBe(200);
	});

	it("that nobody requires is kept where it is sent, each version once, and refuses nothing", async () => {
		await set("consent = 'notice'");
		const talk = async (version?: string, session_id?: string) => {
			const response = await newClient().call(agreed(version, { body: { message: "Hours?", session_id } }));
			const body: { session_id: string } = await response.json();
			expect(response.status).toBe(200);
			return body.session_id;
		};
		const first = await talk();
		for (const version of [undefined, OTHER, OTHER, undefined, "fedcba9876543210", "no version"])
			await talk(version, first);
		const versions =
			"SELECT (SELECT group_concat(value ->> 0, ' ') FROM json_each(c.consents)) AS versions FROM chat_sessions c";
		expect(await rows(versions)).toEqual([{ versions: `${OTHER} fedcba9876543210` }]);
	});

	it("keeps no more than twenty versions of a conversation", async () => {
		const first = await newClient().call(agreed(OTHER));
		const { session_id }: { session_id: string } = await first.json();
		const full = JSON.stringify(Array.from({ length: 20 }, () => [OTHER, "2026-01-01T00:00:00.000Z"]));
		await run("UPDATE chat_sessions SET consents = ?1", full);
		await newClient().call(agreed("fedcba9876543210", { body: { message: "Hours?", session_id } }));
		expect(await rows("SELECT consents FROM chat_sessions")).toEqual([{ consents: full }]);
	});

	it("may be sent by a page: the preflight allows its header", async () => {
		const response = await newClient().call({ method: "OPTIONS", origin: "https://x.example" });
		expect(response.headers.get("Access-Control-Allow-Headers")).toContain("X-Consent");
	});
});
