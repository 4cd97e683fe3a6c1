import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { MINUTE, ago, count, keepFor, runDaily, runOften } from "../../../housekeeping/test/retention-seed.ts";
import { createPortal, NOW } from "../../../test/portal.ts";
import type { Portal } from "../../../test/portal.ts";
import { CHADIS, admin, seedTwins } from "../../../test/seed.ts";
import { indexMessages } from "../index-messages.ts";
import { find, indexAll, say, talk } from "./talks.ts";

let portal: Portal;

beforeEach(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seedTwins(env.DB);
	await env.DB.prepare("DELETE FROM chat_sessions").run();
	await env.DB.prepare("UPDATE orgs SET clerk_org_id = ?2 WHERE id = ?1").bind(CHADIS.id, CHADIS.clerkId).run();
});

const found = async (word: string): Promise<unknown[]> => (await find(portal, `q=${word}`)).ids;
const remove = (id: string) => env.DB.prepare("DELETE FROM chat_messages WHERE id = ?1").bind(id);
const through = () => env.DB.prepare("SELECT indexed_through AS n FROM session_index_state").first<number>("n");

/** A turn that is under way, begun so many ms ago. */
function underWay(id: string, ms: number): D1PreparedStatement[] {
	const at = ago(0, ms);
	return [
		...talk(id, [`Where is the ${id}?`], { at }),
		env.DB.prepare(
			"INSERT INTO chat_messages (id, org_id, session_id, role, content, created_at, finish) VALUES (?1, ?2, ?3, 'assistant', '', ?4, 'pending')",
		).bind(`${id}-answer`, CHADIS.id, id, at),
	];
}

const answer = (id: string, text: string) =>
	env.DB.prepare("UPDATE chat_messages SET content = ?2, finish = 'stop' WHERE id = ?1").bind(`${id}-answer`, text);

describe("the run of every five minutes", () => {
	it("makes what was said searchable, of any number of conversations, and then reads next to nothing", async () => {
		await env.DB.batch(Array.from({ length: 700 }, (_, n) => talk(`many-${n}`, [`Apple number${n}`, "A pear"])).flat());
		expect(await runOften()).toEqual([]);
		expect(await found("number699")).toEqual(["many-699"]);
		expect(await count("session_index")).toBe(700);
		expect(await count("session_terms WHERE term = 'pear'")).toBe(700);
		expect(await indexMessages(env.DB, NOW)).toEqual({ messages: 0, isBehind: false });
		expect(await through()).toBe(await env.DB.prepare("SELECT MAX(rowid) AS n FROM chat_messages").first("n"));
	});

	it("does three thousand messages, says that there are more, and goes on", async () => {
		await env.DB.batch(
			talk(
				"long",
				Array.from({ length: 3100 }, (_, n) => (n % 30 === 0 ? `word${n}` : "word")),
			),
		);
		expect(await runOften()).toEqual([{ level: "info", event: "conversations_indexed", messages: 3000, behind: true }]);
		expect(await found("word2970")).toEqual(["long"]);
		expect((await find(portal, "q=word")).body).toMatchObject({ searchable_until: "2026-08-19T10:00:00.000Z" });
		expect(await found("word3060")).toEqual([]);
		expect(await runOften()).toEqual([]);
		expect(await found("word3060")).toEqual(["long"]);
	});

	it("adds to a conversation what was said since, up to 400 words", async () => {
		await env.DB.batch(talk("grows", ["An apple"]));
		await indexAll();
		await say("grows", 1, Array.from({ length: 300 }, (_, n) => `answer${n}`).join(" ")).run();
		await indexAll();
		await say("grows", 2, Array.from({ length: 300 }, (_, n) => `visitor${n}`).join(" ")).run();
		await indexAll();
		expect([await found("apple"), await found("answer248"), await found("answer249")]).toEqual([
			["grows"],
			["grows"],
			[],
		]);
		expect([await found("visitor149"), await found("visitor150")]).toEqual([["grows"], []]);
		const list = await env.DB.prepare("SELECT terms FROM session_index").first<string>("terms");
		const { results } = await env.DB.prepare("SELECT term FROM session_terms ORDER BY term").all<{ term: string }>();
		expect(results.map(({ term }) => term)).toEqual([...JSON.parse(list ?? "[]")].sort());
		expect(results.length).toBe(400);
	});

	it("indexes beside an answer that is under way, and that answer once it is there", async () => {
		await env.DB.batch([...underWay("kite", 30_000), ...talk("after", ["A lantern"])]);
		await indexAll();
		expect([await found("kite"), await found("lantern")]).toEqual([["kite"], ["after"]]);
		await answer("kite", "In the attic.").run();
		expect(await found("attic")).toEqual([]);
		await indexAll();
		expect(await found("attic")).toEqual(["kite"]);
		expect(await through()).toBe(await env.DB.prepare("SELECT MAX(rowid) AS n FROM chat_messages").first("n"));
	});

	it("waits for no answer that was lost a quarter of an hour ago", async () => {
		await env.DB.batch([...underWay("kite", 15 * MINUTE + 1), ...talk("after", ["A lantern"])]);
		await indexAll();
		expect(await through()).toBe(await env.DB.prepare("SELECT MAX(rowid) AS n FROM chat_messages").first("n"));
	});

	it("misses no message that has the rowid of one that has gone", async () => {
		await env.DB.batch(
			talk(
				"first",
				["one", "two", "three", "four"].map((word) => `${word}teen`),
			),
		);
		await indexAll();
		await env.DB.batch([remove("first-1"), remove("first-2"), remove("first-3")]);
		await env.DB.batch(talk("second", ["A lantern", "A kite"]));
		await indexAll();
		expect([await found("lantern"), await found("kite")]).toEqual([["second"], ["second"]]);
	});

	it("misses none that comes in the place of another while it is at work", async () => {
		await env.DB.batch(
			talk(
				"first",
				["one", "two", "three"].map((word) => `${word}teen`),
			),
		);
		let batches = 0;
		const DB = new Proxy(env.DB, {
			get(target, name) {
				if (name === "prepare") return (sql: string) => target.prepare(sql);
				return async (statements: D1PreparedStatement[]) => {
					// After the state and the messages were read.
					if (++batches === 3)
						await target.batch([remove("first-2"), remove("first-1"), ...talk("second", ["A lantern", "A kite"])]);
					return target.batch(statements);
				};
			},
		});
		await indexMessages(DB, NOW);
		await indexAll();
		expect([await found("lantern"), await found("kite")]).toEqual([["second"], ["second"]]);
	});

	it("does the same when two are at work at once", async () => {
		await env.DB.batch(Array.from({ length: 60 }, (_, n) => talk(`many-${n}`, [`Apple number${n}`])).flat());
		await Promise.all([indexMessages(env.DB, NOW), indexMessages(env.DB, NOW)]);
		expect(await count("session_index")).toBe(60);
		expect(await count("session_terms")).toBe(120);
		expect((await find(portal, "q=apple&limit=100")).ids.length).toBe(60);
	});

	it("begins anew in a database that was made from an export, whose messages have other rowids", async () => {
		await env.DB.batch([...talk("first", ["A lantern", "A kite"]), ...talk("second", ["A trumpet"])]);
		await env.DB.prepare("UPDATE chat_messages SET rowid = rowid + 100").run();
		await indexAll();
		await env.DB.prepare("UPDATE chat_messages SET rowid = rowid - 100").run();
		await env.DB.batch(talk("third", ["A drum"]));
		await indexAll();
		expect(await found("drum")).toEqual(["third"]);
		expect(await found("trumpet")).toEqual(["second"]);
		await env.DB.prepare("UPDATE session_index_state SET message_id = 'another', indexed_through = 1").run();
		await indexAll();
		expect(await found("drum")).toEqual(["third"]);
	});

	it("indexes nothing of a conversation that was erased meanwhile", async () => {
		await env.DB.batch(talk("first", ["A lantern"]));
		await env.DB.prepare("UPDATE chat_sessions SET erased_at = ?1").bind(ago(0)).run();
		await indexAll();
		expect([await count("session_index"), await count("session_terms")]).toEqual([0, 0]);
	});
});

describe("words go with their conversation", () => {
	beforeEach(async () => {
		const words = (n: number) => Array.from({ length: 100 }, (_, word) => `word${n}x${word}`).join(" ");
		await env.DB.batch([
			...Array.from({ length: 6 }, (_, n) => talk(`old-${n}`, [words(n)], { at: ago(50), visitorId: "one" })).flat(),
			...talk("kept", ["A lantern"], { at: ago(1) }),
		]);
		await indexAll();
		expect(await count("session_terms WHERE term <> 'lantern'")).toBe(600);
	});

	const expectKept = async (): Promise<void> => {
		expect([await count("session_index"), await count("session_terms"), await count("chat_sessions")]).toEqual([
			1, 1, 1,
		]);
		expect(await found("lantern")).toEqual(["kept"]);
	};

	/** The database, and the most rows that a statement has written and read. */
	function measured(): { db: D1Database; most: () => number } {
		const rows: number[] = [0];
		const db = new Proxy(env.DB, {
			get(target, name) {
				if (name === "prepare") return (sql: string) => target.prepare(sql);
				return async (statements: D1PreparedStatement[]) => {
					const results = await target.batch(statements);
					for (const { meta } of results) rows.push(meta.rows_written, meta.rows_read);
					return results;
				};
			},
		});
		return { db, most: () => Math.max(...rows) };
	}

	it("by retention, in steps of at most 1,000 rows", async () => {
		await keepFor(CHADIS.id, 30).run();
		const { db, most } = measured();
		const [line] = await runDaily(db);
		expect(line).toMatchObject({ sessions: 6, indexed_sessions: 6, messages: 6, waiting: 0 });
		expect(most()).toBeLessThanOrEqual(1000);
		await expectKept();
	});

	it("by the erasure of a visitor, in steps of at most 1,000 rows", async () => {
		const { db, most } = measured();
		const visitor = await env.DB.prepare("SELECT visitor FROM visitors WHERE visitor_id = 'one'").first("visitor");
		const path = `/portal/visitors/${String(visitor)}`;
		expect((await portal.call(path, { method: "DELETE", as: admin(CHADIS), env: { DB: db } })).status).toBe(204);
		expect(most()).toBeLessThanOrEqual(1000);
		await expectKept();
	});

	it("by the erasure of each conversation", async () => {
		for (let n = 0; n < 6; n++)
			expect(
				(await portal.call(`/portal/conversations/old-${n}`, { method: "DELETE", as: admin(CHADIS) })).status,
			).toBe(204);
		await expectKept();
	});

	it("by hand", async () => {
		await env.DB.prepare("DELETE FROM chat_sessions WHERE visitor_id = 'one'").run();
		await expectKept();
	});

	it("by the erasure of the customer", async () => {
		await env.DB.prepare("UPDATE orgs SET erasure_id = 'e' WHERE id = ?1").bind(CHADIS.id).run();
		for (let run = 0; run < 5; run++) await runOften();
		expect([await count("session_index"), await count("session_terms"), await count("chat_sessions")]).toEqual([
			0, 0, 0,
		]);
	});

	it("is not found from the moment of its erasure on", async () => {
		await env.DB.prepare("UPDATE chat_sessions SET erased_at = ?1 WHERE id = 'kept'").bind(ago(0)).run();
		expect(await found("lantern")).toEqual([]);
		await env.DB.prepare("UPDATE chat_sessions SET erased_at = NULL").run();
		await env.DB.prepare("UPDATE visitors SET erased_at = ?1 WHERE visitor_id = 'kept'").bind(ago(0)).run();
		expect(await found("lantern")).toEqual([]);
	});
});
