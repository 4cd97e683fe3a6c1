import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { resetDatabase } from "../../../lib/test/database.ts";
import { CHADIS_KEY, PANNU_KEY, ask, bodyOf, envelope, session, vendorKey } from "../../test/client.ts";
import type { Overrides, Sent } from "../../test/client.ts";
import { allowConversations, row, rows, run, watchedDb } from "../../test/d1.ts";

beforeEach(async () => {
	await resetDatabase(env.DB);
	await allowConversations();
});

/** One for all: a client is known by a digest that is made with it. */
const KEY = vendorKey();

/** "This conversation is over." */
function over(id: string, more: Overrides = {}, sent: Sent = {}): Sent {
	return session(KEY, more, { path: `/session/${id}/end`, ...sent });
}

async function open(sent: Sent = {}): Promise<string> {
	return bodyOf(await ask(session(KEY, {}, sent))).session_id ?? "";
}

describe("POST /session/{id}/end", () => {
	it("frees the place at once for the client that had it, in one round trip, and may be said again", async () => {
		const own = { headers: { "CF-Connecting-IP": "2001:db8:80:1::1" } };
		const id = await open(own);
		for (let others = 0; others < 4; others++) await open();
		expect((await ask(session(KEY, {}, own))).status).toBe(429);
		const watched = watchedDb();
		const answer = await ask(over(id, { DB: watched.db }));
		expect([answer.status, answer.body]).toEqual([204, null]);
		const [{ ended_at: endedAt } = {}] = await rows("SELECT ended_at FROM voice_sessions WHERE ended_at IS NOT NULL");
		expect((await ask(over(id))).status).toBe(204);
		expect(await rows("SELECT ended_at, status FROM voice_sessions WHERE ended_at IS NOT NULL")).toEqual([
			{ ended_at: endedAt, status: "open" },
		]);
		expect(watched.batches).toBe(1);
		const refused = await ask(session(KEY));
		expect([refused.status, refused.body]).toEqual([429, envelope(refused, "session_limit")]);
		// By then ElevenLabs has been asked whether it is true.
		expect(Number(refused.headers.get("Retry-After"))).toBeLessThanOrEqual(420);
		expect((await ask(session(KEY, {}, own))).status).toBe(201);
	});

	it("leaves places to others, whatever two addresses do", async () => {
		for (const network of ["1", "2"]) {
			const from = { headers: { "CF-Connecting-IP": `2001:db8:81:${network}::1` } };
			expect(await lie(from)).toBe(4);
			await Promise.all(Array.from({ length: 5 }, () => ask(session(KEY, {}, from))));
		}
		expect((await ask(session(KEY))).status).toBe(201);
	});

	it("books nothing: that is for ElevenLabs to tell", async () => {
		await ask(over(await open()));
		expect(await row("SELECT voice_seconds, cost_usd_micros FROM metrics_daily")).toEqual({
			voice_seconds: 0,
			cost_usd_micros: 0,
		});
	});

	it("takes any body, and none", async () => {
		const id = await open();
		for (const body of ["", "{", '{"duration_seconds":1}'])
			expect((await ask(over(id, {}, { body }))).status).toBe(204);
	});

	it.each([
		["an unknown one", crypto.randomUUID(), PANNU_KEY],
		["another site's", undefined, CHADIS_KEY],
	])("answers %s with one and the same 404", async (_, id, key) => {
		const opened = await open();
		const answer = await ask(over(id ?? opened, {}, { headers: { "X-Site-Key": key } }));
		expect(answer.status).toBe(404);
		expect(answer.body).toEqual(envelope(answer, "not_found"));
		expect(await rows("SELECT ended_at FROM voice_sessions")).toEqual([{ ended_at: null }]);
	});

	it("without a key is refused", async () => {
		const answer = await ask({ path: `/session/${await open()}/end`, env: { CONVERSATION: "on" } });
		expect([answer.status, answer.body]).toEqual([401, envelope(answer, "site_key_required")]);
	});

	it.each<[string, string, number, string, Sent]>([
		["with an unknown key", "", 401, "invalid_site_key", { headers: { "X-Site-Key": "sk_nobody_live_abc123" } }],
		["for a paused site", "UPDATE portal_sites SET status = 'paused'", 403, "site_inactive", {}],
		[
			"from another origin",
			`UPDATE portal_sites SET allowed_origins = '["https://a.example"]'`,
			403,
			"origin_not_allowed",
			{ headers: { Origin: "https://b.example" } },
		],
	])("%s is refused", async (_, sql, status, code, sent) => {
		const id = await open();
		if (sql !== "") await run(sql);
		const answer = await ask(over(id, {}, sent));
		expect(answer.status).toBe(status);
		expect(answer.body).toEqual(envelope(answer, code));
		expect(await rows("SELECT ended_at FROM voice_sessions")).toEqual([{ ended_at: null }]);
	});

	it("is nothing that chadis-voice has, nor an id of another form", async () => {
		expect((await ask(over(crypto.randomUUID(), { CONVERSATION: "" }))).status).toBe(404);
		expect((await ask(over("x"))).status).toBe(404);
		expect((await ask(over(crypto.randomUUID(), {}, { method: "GET" }))).headers.get("Allow")).toBe("POST, OPTIONS");
	});

	/** Opens a conversation and says that it is over, again and again. @returns how many were opened before one was refused */
	async function lie(sent: Sent = {}): Promise<number> {
		for (let opened = 0; ; opened++) {
			const answer = await ask(session(KEY, {}, sent));
			if (answer.status !== 201) return opened;
			await ask(over(bodyOf(answer).session_id ?? ""));
		}
	}

	it("said falsely by ever new addresses opens no more than there are places", async () => {
		expect(await lie()).toBe(5);
	});

	it("said falsely by one client takes no more than four, and nothing from others", async () => {
		expect(await lie({ headers: { "CF-Connecting-IP": "2001:db8:79:1::1" } })).toBe(4);
		for (let others = 0; others < 3; others++) expect((await ask(session(KEY))).status).toBe(201);
	});
});

describe("the cap per client", () => {
	it("opens two of one address, also when ten are asked for at once, and leaves the third to others", async () => {
		const from = { headers: { "CF-Connecting-IP": "2001:db8:77:1::9" } };
		const answers = await Promise.all(Array.from({ length: 10 }, () => ask(session(KEY, {}, from))));
		expect(answers.filter(({ status }) => status === 201)).toHaveLength(2);
		const refused = answers.filter(({ status }) => status === 429);
		expect(refused.map(({ body }) => body)).toEqual(refused.map((answer) => envelope(answer, "session_limit")));
		expect(refused).toHaveLength(8);
		expect((await ask(session(KEY))).status).toBe(201);
	});

	it("counts the addresses of a /64 as one, and each site apart", async () => {
		for (const host of ["1", "2"])
			expect((await ask(session(KEY, {}, { headers: { "CF-Connecting-IP": `2001:db8:78:1::${host}` } }))).status).toBe(
				201,
			);
		const third = { headers: { "CF-Connecting-IP": "2001:db8:78:1::3" } };
		expect((await ask(session(KEY, {}, third))).status).toBe(429);
		expect((await ask(session(KEY, {}, { headers: { ...third.headers, "X-Site-Key": CHADIS_KEY } }))).status).toBe(201);
	});

	it("keeps no address, only a digest until the conversation is closed", async () => {
		await open({ headers: { "CF-Connecting-IP": "203.0.113.7" } });
		expect(JSON.stringify(await rows("SELECT * FROM voice_sessions"))).not.toContain("203.0.113.7");
	});
});
