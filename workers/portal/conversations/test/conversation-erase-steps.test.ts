import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { slotOf } from "../../../lib/metrics/question-slot.ts";
import { MINUTE, count, runOften, session } from "../../housekeeping/test/retention-seed.ts";
import { createPortal, NOW } from "../../test/portal.ts";
import type { Portal } from "../../test/portal.ts";
import { CHADIS, admin, member, seedTwins } from "../../test/seed.ts";

const MESSAGES = 1700;
const PATH = "/portal/conversations/long";
let portal: Portal;
let usedBefore: unknown;

const used = () => env.DB.prepare("SELECT SUM(messages) AS n FROM usage_daily").first("n");

/** A conversation with a turn under way, a lead, and questions of which one was asked in its first and its last message. */
beforeEach(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seedTwins(env.DB);
	usedBefore = await used();
	await env.DB.prepare("DELETE FROM question_stats").run();
	const at = "2026-08-20T11:00:00.000Z";
	await env.DB.batch([
		env.DB.prepare("UPDATE orgs SET clerk_org_id = ?2 WHERE id = ?1").bind(CHADIS.id, CHADIS.clerkId),
		...session("long", at, { messages: MESSAGES }),
		...session("other", at),
		env.DB.prepare("UPDATE chat_messages SET content = 'When are you open?' WHERE id IN ('long-1', ?1)").bind(
			`long-${MESSAGES - 1}`,
		),
		env.DB.prepare("UPDATE chat_messages SET role = 'assistant', finish = 'stop' WHERE id IN ('long-2', ?1)").bind(
			`long-${MESSAGES}`,
		),
		env.DB.prepare(
			"INSERT INTO question_stats (org_id, site_id, slot, question, asked) VALUES ('org_chadis', 'site_chadis', ?1, 'when are you open', 2)",
		).bind(slotOf("when are you open")),
		env.DB.prepare(
			"INSERT INTO leads (id, org_id, site_id, session_id, email) VALUES ('l', 'org_chadis', 'site_chadis', 'long', 'a@example.com')",
		),
		env.DB.prepare(
			"INSERT INTO turns (id, kind, org_id, site_id, session_id, date, messages, begun_at, expires_at) VALUES ('t', 'chat', 'org_chadis', 'site_chadis', 'long', '2026-08-20', 1, ?1, '2026-08-20T13:00:00.000Z')",
		).bind(at),
		env.DB.prepare(
			"INSERT INTO chat_messages (id, org_id, session_id, role, content, finish) VALUES ('t', 'org_chadis', 'long', 'assistant', '', 'pending')",
		),
	]);
});

/** The database, which fails from a batch on. */
function failingFrom(first: number): { DB: D1Database; rows: number[] } {
	let batches = 0;
	const rows: number[] = [];
	const DB = new Proxy(env.DB, {
		get(target, name) {
			if (name === "prepare") return (sql: string) => target.prepare(sql);
			return async (statements: D1PreparedStatement[]) => {
				if (++batches >= first) throw new Error("D1_ERROR: D1 DB is overloaded. Too many requests queued.");
				const results = await target.batch(statements);
				for (const { meta } of results) rows.push(meta.rows_written);
				return results;
			};
		},
	});
	return { DB, rows };
}

const erase = (DB: D1Database = env.DB) => portal.call(PATH, { method: "DELETE", as: admin(CHADIS), env: { DB } });

async function expectGone(): Promise<void> {
	expect(await count("chat_sessions WHERE id = 'long'")).toBe(0);
	expect(await count("chat_messages WHERE session_id = 'long'")).toBe(0);
	expect(await count("chat_messages WHERE session_id = 'other'")).toBe(2);
}

async function seen(): Promise<unknown[]> {
	const one = await portal.call(PATH, { as: member(CHADIS) });
	const lists = await Promise.all(
		["/portal/conversations", "/portal/conversations?engine_id=site_chadis", "/portal/overview"].map((path) =>
			portal.call(path, { as: member(CHADIS) }),
		),
	);
	const file = await portal.call("/portal/export", { as: admin(CHADIS) });
	return [one.status, ...[...lists, file].map(({ text }) => /"long"|^long,/m.test(text))];
}

describe("erasing a long conversation", () => {
	it("takes steps of at most 200 messages, and leaves no word of it", async () => {
		expect(await seen()).toEqual([200, true, true, true, true]);
		const { DB, rows } = failingFrom(Number.POSITIVE_INFINITY);
		expect((await erase(DB)).status).toBe(204);
		await expectGone();
		expect(Math.max(...rows)).toBe(200);
		expect(await count("question_stats")).toBe(0);
		expect(await count("leads WHERE session_id = 'long'")).toBe(0);
		expect(await count("audit_log WHERE action = 'conversation.delete' AND target = 'long'")).toBe(1);
	});

	it("takes it out of everybody's sight with the first step, and ends what is under way in it", async () => {
		// One batch reads, one is the first step, and the next fails.
		expect((await erase(failingFrom(3).DB)).status).toBe(503);
		expect(await count("chat_messages WHERE session_id = 'long'")).toBe(MESSAGES - 200);
		expect(await seen()).toEqual([404, false, false, false, false]);
		expect(await count("chat_sessions WHERE id = 'long' AND ended_at IS NOT NULL")).toBe(1);
		expect([
			await count("turns"),
			await count("leads WHERE session_id = 'long'"),
			await count("chat_messages WHERE finish = 'pending' AND session_id = 'long'"),
		]).toEqual([0, 0, 0]);
		expect(await used()).toBe(usedBefore);
	});

	it("is carried on when the call is repeated, without another row of the audit log", async () => {
		await erase(failingFrom(4).DB);
		expect((await erase()).status).toBe(204);
		await expectGone();
		expect((await erase()).status).toBe(404);
		expect(await count("audit_log WHERE action = 'conversation.delete'")).toBe(1);
	});

	it("is carried on by the run of every five minutes, once its request has had a minute", async () => {
		await erase(failingFrom(3).DB);
		expect(await runOften(env.DB, NOW + MINUTE - 1)).toEqual([]);
		expect(await runOften(env.DB, NOW + MINUTE)).toEqual([
			{ level: "warn", event: "erasures_finished", visitors: 0, steps: 8 },
		]);
		await expectGone();
		expect(await runOften(env.DB, NOW + 2 * MINUTE)).toEqual([]);
	});
});
