import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { callsOf, setFaults } from "../../../local/stand-ins/control.ts";
import { resetDatabase } from "../../../lib/test/database.ts";
import { CHADIS_KEY, ask, bodyOf, envelope, session, vendorKey } from "../../test/client.ts";
import type { Overrides } from "../../test/client.ts";
import { row, rows, run } from "../../test/d1.ts";

const KEY = vendorKey();
const MANY: Overrides = { MAX_OPEN_SESSIONS: "1000" };

beforeEach(() => resetDatabase(env.DB));
afterEach(() => {
	vi.restoreAllMocks();
});

function usage(): Promise<Record<string, unknown> | null> {
	return row(`
		SELECT d.conversation_seconds AS day, m.conversation_seconds AS month, d.cost_usd_micros AS cost
		FROM usage_daily d JOIN usage_monthly m ON m.org_id = d.org_id
	`);
}

describe("a plan's conversations", () => {
	it("are none with the plan chatbot, which the refusal names, and nothing is minted", async () => {
		const answer = await ask(session(KEY));
		expect([answer.status, answer.body]).toEqual([403, envelope(answer, "forbidden")]);
		expect(JSON.stringify(answer.body)).toContain("The plan Chatbot has no voice conversations");
		expect(await rows("SELECT * FROM voice_sessions")).toEqual([]);
		expect(await callsOf(KEY)).toEqual([]);
	});

	it("are as many minutes as the plan has, exactly, among 200 at once", async () => {
		await run("UPDATE orgs SET plan = 'voice', daily_budget_usd_micros = 1000000000 WHERE id = 'org_pannu_dental'");
		await run(
			"INSERT INTO usage_daily (org_id, date, conversation_seconds) VALUES ('org_pannu_dental', strftime('%Y-%m-01', 'now'), 25380)",
		);
		const answers = await Promise.all(Array.from({ length: 200 }, () => ask(session(KEY, MANY))));
		expect(answers.filter(({ status }) => status === 201)).toHaveLength(7);
		const [refused] = answers.filter(({ status }) => status !== 201);
		expect([refused?.status, refused?.body]).toEqual([429, refused && envelope(refused, "quota_exceeded")]);
		expect(await row("SELECT conversation_seconds FROM usage_monthly")).toEqual({ conversation_seconds: 30_000 });
	});

	it("take the longest they may last and cost while they are open, nothing when they fail", async () => {
		await run("UPDATE orgs SET plan = 'voice' WHERE id = 'org_pannu_dental'");
		await ask(session(KEY));
		expect(await usage()).toEqual({ day: 660, month: 660, cost: 3_300_000 });
		await setFaults(KEY, { status: 404, code: "agent_not_found" });
		expect((await ask(session(KEY))).status).toBe(502);
		expect(await usage()).toEqual({ day: 660, month: 660, cost: 3_300_000 });
	});

	it.each([
		["what ElevenLabs tells", "duration_seconds = 90, cost_usd_micros = 12345", { day: 90, month: 90, cost: 12_345 }],
		[
			"the most that its seconds may cost where no price is told",
			"duration_seconds = 90",
			{ day: 90, month: 90, cost: 450_000 },
		],
		["nothing where it was never used", "reason = 'not_used'", { day: 0, month: 0, cost: 0 }],
	])("take %s once they are closed, and once only", async (_, change, expected) => {
		await run("UPDATE orgs SET plan = 'voice' WHERE id = 'org_pannu_dental'");
		await ask(session(KEY));
		for (let times = 0; times < 2; times++) await run(`UPDATE voice_sessions SET status = 'closed', ${change}`);
		expect(await usage()).toEqual(expected);
	});
});

describe("the brake on conversations", () => {
	it("is not taken by one client that opens and ends without ever speaking: others, and the chat, have their part", async () => {
		await run("UPDATE orgs SET plan = 'voice' WHERE id = 'org_pannu_dental'");
		const from = { headers: { "CF-Connecting-IP": "2001:db8:90:1::1" } };
		for (let tries = 0; tries < 8; tries++) {
			const { session_id: id } = bodyOf(await ask(session(KEY, {}, from)));
			if (id !== undefined) await ask(session(KEY, {}, { ...from, path: `/session/${id}/end` }));
		}
		for (let others = 0; others < 3; others++) expect((await ask(session(KEY))).status).toBe(201);
		const [{ cost } = {}] = await rows("SELECT cost_usd_micros AS cost FROM usage_daily");
		expect(Number(cost)).toBeLessThanOrEqual(24_000_000);
	});

	it("is never passed by 200 at once, though the plan has no limit", async () => {
		await run("UPDATE orgs SET daily_budget_usd_micros = 42000000 WHERE id = 'org_chadis'");
		const errors = vi.spyOn(console, "error").mockImplementation(() => undefined);
		const sent = { headers: { "X-Site-Key": CHADIS_KEY } };
		const answers = await Promise.all(Array.from({ length: 200 }, () => ask(session(KEY, MANY, sent))));
		expect(answers.filter(({ status }) => status === 201)).toHaveLength(10);
		const refused = answers.filter(({ status }) => status === 429);
		expect(refused.map(({ body }) => body)).toEqual(refused.map((answer) => envelope(answer, "budget_exhausted")));
		const lines = errors.mock.calls.map(([line]) => String(line)).filter((line) => line.includes("brake_reached"));
		expect(lines).toHaveLength(1);
		expect(JSON.parse(lines[0] ?? "")).toMatchObject({ org_id: "org_chadis", budget_usd_micros: 42_000_000 });
	});

	it("is told of when most of it is taken", async () => {
		await run("UPDATE orgs SET plan = 'enterprise', daily_budget_usd_micros = 4125000 WHERE id = 'org_pannu_dental'");
		const warnings = vi.spyOn(console, "warn").mockImplementation(() => undefined);
		expect(bodyOf(await ask(session(KEY))).session_id).toBeDefined();
		const lines = warnings.mock.calls.map(([line]) => String(line)).filter((line) => line.includes("brake_near"));
		expect(lines.map((line) => JSON.parse(line))).toMatchObject([
			{ org_id: "org_pannu_dental", cost_usd_micros: 3_300_000 },
		]);
	});
});
