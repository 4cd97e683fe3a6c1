import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { MINUTE, count, runOften, session } from "../../housekeeping/test/retention-seed.ts";
import { createPortal, NOW } from "../../test/portal.ts";
import type { Portal } from "../../test/portal.ts";
import { CHADIS, admin, seedTwins } from "../../test/seed.ts";

const SESSIONS = 400;
const AT = "2026-08-20T11:00:00.000Z";
const PATH = "/portal/visitors/00000000000000aa";
let portal: Portal;

/** A visitor of many conversations of one message each, of which the last written is under way. */
beforeEach(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seedTwins(env.DB);
	await env.DB.batch([
		env.DB.prepare(`
			WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n LIMIT ?1)
			INSERT INTO chat_sessions (id, org_id, site_id, visitor_id, started_at, last_message_at, last_active_date, message_count, ended_at)
			SELECT 's' || n, 'org_chadis', 'site_chadis', 'often', ?2, ?2, '2026-08-20', 1, iif(n = ?1, NULL, ?2) FROM n
		`).bind(SESSIONS, AT),
		env.DB.prepare(
			"INSERT INTO chat_messages (id, org_id, session_id, role, content) SELECT 'm' || id, org_id, id, 'user', 'x' FROM chat_sessions WHERE visitor_id = 'often'",
		),
		env.DB.prepare("UPDATE visitors SET visitor = '00000000000000aa' WHERE visitor_id = 'often'"),
	]);
});

/** The database; each batch is tried, and from one on it ends well but the caller is told that it did not. */
function silentFrom(first: number): D1Database {
	let batches = 0;
	return new Proxy(env.DB, {
		get(target, name) {
			if (name === "prepare") return (sql: string) => target.prepare(sql);
			return async (statements: D1PreparedStatement[]) => {
				if (++batches > first) throw new Error("D1_ERROR: D1 DB is overloaded. Too many requests queued.");
				const results = await target.batch(statements);
				if (batches === first) throw new Error("D1_ERROR: D1 DB is overloaded. Too many requests queued.");
				return results;
			};
		},
	});
}

const erase = (DB: D1Database = env.DB) => portal.call(PATH, { method: "DELETE", as: admin(CHADIS), env: { DB } });
const OF_VISITOR = "chat_sessions WHERE visitor_id = 'often'";

describe("DELETE /portal/visitors/{visitor}", () => {
	it("erases all conversations, however many they are", async () => {
		expect((await erase()).status).toBe(204);
		expect(await count(OF_VISITOR)).toBe(0);
		expect(await count("visitors WHERE visitor_id = 'often'")).toBe(0);
		expect((await erase()).status).toBe(404);
	});

	it("ends with its first batch the conversation that is under way, which is the newest", async () => {
		expect((await erase(silentFrom(2))).status).toBe(503);
		expect(await count(`${OF_VISITOR} AND erased_at IS NULL`)).toBe(SESSIONS - 150);
		expect(await count(`${OF_VISITOR} AND ended_at IS NULL`)).toBe(0);
	});

	it("goes on when it is repeated after a 503 whose first batch did land, as one erasure", async () => {
		expect((await erase(silentFrom(2))).status).toBe(503);
		expect(await count(OF_VISITOR)).toBe(SESSIONS);
		expect((await erase()).status).toBe(204);
		expect(await count(OF_VISITOR)).toBe(0);
		expect(await count("audit_log WHERE action = 'visitor.delete'")).toBe(1);
		const { results } = await env.DB.prepare("SELECT kind, conversations, messages FROM erasures").all();
		expect(results).toEqual([{ kind: "visitor", conversations: SESSIONS, messages: SESSIONS }]);
	});

	it("leaves no row of reading a conversation of it that is not marked yet", async () => {
		await erase(silentFrom(2));
		expect(await count("chat_sessions WHERE id = 's1' AND erased_at IS NULL")).toBe(1);
		expect((await portal.call("/portal/conversations/s1", { as: admin(CHADIS) })).status).toBe(404);
		expect(await count("audit_log WHERE action = 'conversation.read'")).toBe(0);
	});

	it("is ended by two runs of every five minutes", async () => {
		await erase(silentFrom(2));
		await runOften(env.DB, NOW + MINUTE);
		await runOften(env.DB, NOW + 2 * MINUTE);
		expect(await count(OF_VISITOR)).toBe(0);
	});
});

describe("an erasure that fails time and again", () => {
	/** Refuses to erase the messages of a session. */
	const refuse = (id: string) =>
		env.DB.prepare(
			`CREATE TRIGGER refuse_${id} BEFORE DELETE ON chat_messages WHEN OLD.session_id = '${id}' BEGIN SELECT RAISE(ABORT, 'not this'); END`,
		);

	it("of a visitor stops no other visitor's, and says which it is", async () => {
		const visitors = ["first", "b", "c", "d", "e", "f", "g", "h"];
		await env.DB.batch([
			...visitors.flatMap((id) => session(id, AT)),
			env.DB.prepare(
				"UPDATE visitors SET erased_at = iif(visitor_id = 'first', '2026-08-20T11:00:00.000Z', '2026-08-20T11:30:00.000Z'), erasure_id = 'of-' || visitor_id WHERE visitor_id IN (SELECT value FROM json_each(?1))",
			).bind(JSON.stringify(visitors)),
			refuse("first"),
		]);
		const lines = [];
		for (let run = 0; run < 12; run++) lines.push(...(await runOften(env.DB, NOW + run)));
		expect(await count("chat_sessions WHERE id IN ('b', 'c', 'd', 'e', 'f', 'g', 'h')")).toBe(0);
		expect(await count("chat_messages WHERE session_id = 'first'")).toBe(2);
		expect(lines).toContainEqual(expect.objectContaining({ event: "erasures_not_finished", erasure_id: "of-first" }));
	});

	it("of a conversation stops no other conversation's", async () => {
		await env.DB.batch([
			...["first", "b", "c"].flatMap((id) => session(id, AT)),
			env.DB.prepare(
				"UPDATE chat_sessions SET erased_at = iif(id = 'first', '2026-08-20T11:00:00.000Z', '2026-08-20T11:30:00.000Z'), erasure_id = 'of-' || id WHERE id IN ('first', 'b', 'c')",
			),
			refuse("first"),
		]);
		const lines = await runOften(env.DB, NOW);
		expect(await count("chat_sessions WHERE id IN ('b', 'c')")).toBe(0);
		expect(await count("chat_messages WHERE session_id = 'first'")).toBe(2);
		expect(lines).toContainEqual(expect.objectContaining({ event: "erasures_not_finished", erasure_id: "of-first" }));
	});
});
