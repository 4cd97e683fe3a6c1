import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { slotOf } from "../../../lib/metrics/question-slot.ts";
import { createPortal, FORBIDDEN, NOW, withoutRequestId } from "../../test/portal.ts";
import type { Answer, Call, Portal } from "../../test/portal.ts";
import { CHADIS, PANNU, STAFF, admin, member, seedTwins } from "../../test/seed.ts";
import type { Twin } from "../../test/seed.ts";
import { NOT_FOUND, OTHERS, PATH } from "./no-such-conversation.ts";

let portal: Portal;

beforeEach(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seedTwins(env.DB);
});

const TABLES = [
	"chat_sessions",
	"chat_messages",
	"leads",
	"metrics_daily",
	"usage_daily",
	"usage_monthly",
	"question_stats",
];

async function counts(): Promise<Record<string, unknown>> {
	const columns = TABLES.map((table) => `(SELECT COUNT(*) FROM ${table}) AS ${table}`);
	return (await env.DB.prepare(`SELECT ${columns.join(", ")}`).first()) ?? {};
}

async function audit(): Promise<unknown[]> {
	return (
		await env.DB.prepare(
			"SELECT org_id, at, user_id, acting_as, action, target, fields FROM audit_log ORDER BY id",
		).all()
	).results;
}

const erase = (call: Call, path = PATH): Promise<Answer> => portal.call(path, { method: "DELETE", ...call });

describe("DELETE /portal/conversations/{id}", () => {
	it("erases the conversation, its messages and its lead, and leaves the numbers and who did it", async () => {
		const before = await counts();
		const answer = await erase({ as: admin(CHADIS) });
		expect({ status: answer.status, text: answer.text }).toEqual({ status: 204, text: "" });
		expect(answer.headers.get("Cache-Control")).toBe("no-store");
		expect(answer.headers.get("Content-Type")).toBeNull();
		expect(await counts()).toEqual({
			...before,
			chat_sessions: Number(before.chat_sessions) - 1,
			chat_messages: Number(before.chat_messages) - 4,
			leads: Number(before.leads) - 1,
		});
		const left = await env.DB.prepare(
			"SELECT COUNT(*) AS n FROM chat_messages m LEFT JOIN chat_sessions c ON c.id = m.session_id WHERE c.id IS NULL",
		).first("n");
		expect(left).toBe(0);
		expect(await audit()).toEqual([
			{
				org_id: CHADIS.id,
				at: "2026-08-20T12:00:00.000Z",
				user_id: "user_alphaAdmin",
				acting_as: "admin",
				action: "conversation.delete",
				target: "session-alpha-5",
				fields: "[]",
			},
		]);
	});

	it("takes its questions off the counts, and out where nobody else asked them, and no other's", async () => {
		const asked: [org: Twin, question: string, times: number][] = [
			[CHADIS, "when are you open alpha", 1],
			[CHADIS, "and on sundays alpha", 2],
			[CHADIS, "hello alpha", 1],
			[PANNU, "when are you open alpha", 1],
		];
		await env.DB.batch([
			env.DB.prepare("DELETE FROM question_stats"),
			...asked.map(([org, question, times]) =>
				env.DB.prepare(
					"INSERT INTO question_stats (org_id, site_id, slot, question, asked) VALUES (?1, ?2, ?3, ?4, ?5)",
				).bind(org.id, org.siteId, slotOf(question), question, times),
			),
		]);
		expect((await erase({ as: admin(CHADIS) })).status).toBe(204);
		const { results } = await env.DB.prepare(
			"SELECT org_id, question, asked FROM question_stats ORDER BY org_id, question",
		).all();
		expect(results).toEqual([
			{ org_id: CHADIS.id, question: "and on sundays alpha", asked: 1 },
			{ org_id: CHADIS.id, question: "hello alpha", asked: 1 },
			{ org_id: PANNU.id, question: "when are you open alpha", asked: 1 },
		]);
	});

	it("takes the wording of its questions along, whose it may be, and the digests that wait for one, and no other question's", async () => {
		const worded = ["and on sundays alpha", "hello alpha", "something else"];
		await env.DB.batch([
			env.DB.prepare("DELETE FROM question_stats"),
			...worded.map((question) =>
				env.DB.prepare(`
					INSERT INTO question_stats (org_id, site_id, slot, question, asked, wording, wording_candidate, wording_visitor)
					VALUES (?1, ?2, ?3, ?4, 2, 'As put', 'c', 'v')
				`).bind(CHADIS.id, CHADIS.siteId, slotOf(question), question),
			),
		]);
		expect((await erase({ as: admin(CHADIS) })).status).toBe(204);
		const { results } = await env.DB.prepare(
			"SELECT question, asked, wording, wording_candidate, wording_visitor FROM question_stats ORDER BY question",
		).all();
		const put = { wording: "As put", wording_candidate: "c", wording_visitor: "v" };
		expect(results).toEqual([
			{ question: "and on sundays alpha", asked: 1, wording: null, wording_candidate: null, wording_visitor: null },
			{ question: "hello alpha", asked: 2, ...put },
			{ question: "something else", asked: 2, ...put },
		]);
	});

	it("erases a question that it asked twice, and counts in its own slot only", async () => {
		const question = "when are you open alpha";
		await env.DB.batch([
			env.DB.prepare("DELETE FROM question_stats"),
			env.DB.prepare(
				"INSERT INTO chat_messages (id, org_id, session_id, role, content) VALUES ('again', 'org_chadis', 'session-alpha-5', 'user', 'When are you OPEN, alpha??'), ('answer', 'org_chadis', 'session-alpha-5', 'assistant', 'Never')",
			),
			env.DB.prepare(
				"INSERT INTO question_stats (org_id, site_id, slot, question, asked) VALUES ('org_chadis', 'site_chadis', ?1, ?2, 2), ('org_chadis', 'site_alpha_voice', ?1, ?2, 1)",
			).bind(slotOf(question), question),
		]);
		expect((await erase({ as: admin(CHADIS) })).status).toBe(204);
		expect((await env.DB.prepare("SELECT site_id FROM question_stats").all()).results).toEqual([
			{ site_id: "site_alpha_voice" },
		]);
	});

	it("is a 404 when it is repeated, and from then on for readers", async () => {
		await erase({ as: admin(CHADIS) });
		const again = await erase({ as: admin(CHADIS) });
		expect(again.status).toBe(404);
		expect(withoutRequestId(again)).toEqual(NOT_FOUND);
		expect((await portal.call(PATH, { as: member(CHADIS) })).status).toBe(404);
		expect(await audit()).toHaveLength(1);
	});

	it("is done once when two ask at once", async () => {
		const answers = await Promise.all([erase({ as: admin(CHADIS) }), erase({ as: admin(CHADIS) })]);
		expect(answers.map(({ status }) => status).sort()).toEqual([204, 404]);
		expect(await audit()).toHaveLength(1);
	});

	it("is a 404, and leaves no audit row, when someone else erases it between the read and the write", async () => {
		let batches = 0;
		const DB = {
			prepare: (sql: string) => env.DB.prepare(sql),
			batch: async (statements: D1PreparedStatement[]) => {
				if (++batches === 2) await env.DB.prepare("DELETE FROM chat_sessions WHERE id = 'session-alpha-5'").run();
				return env.DB.batch(statements);
			},
		};
		const answer = await erase({ as: admin(CHADIS), env: { DB } });
		expect(answer.status).toBe(404);
		expect(await audit()).toEqual([]);
	});

	it("changes nothing of another org, for anyone, and answers as for none", async () => {
		const before = await counts();
		for (const id of OTHERS) {
			const answer = await erase({ as: admin(CHADIS) }, `/portal/conversations/${id}`);
			expect(answer.status).toBe(404);
			expect(withoutRequestId(answer)).toEqual(NOT_FOUND);
		}
		expect((await erase({ as: STAFF }, `/portal/conversations/session-omega-5?orgId=${CHADIS.id}`)).status).toBe(404);
		expect(await counts()).toEqual(before);
		expect(await audit()).toEqual([]);
	});

	it("is for admins and staff, who do not act in another's name", async () => {
		for (const as of [member(CHADIS), { ...admin(CHADIS), impersonated: true }]) {
			for (const id of ["session-alpha-5", "session-omega-5", "nobody"]) {
				const answer = await erase({ as }, `/portal/conversations/${id}`);
				expect(answer.status).toBe(403);
				expect(withoutRequestId(answer)).toEqual("impersonated" in as ? FORBIDDEN.impersonated : FORBIDDEN.notAdmin);
			}
		}
		expect((await erase({ as: STAFF }, `${PATH}?orgId=${CHADIS.id}`)).status).toBe(204);
		expect(await audit()).toMatchObject([
			{ org_id: CHADIS.id, user_id: "user_staff", acting_as: "staff", target: "session-alpha-5" },
		]);
	});

	it("leaves everything as it was when the database fails on the way", async () => {
		const before = await counts();
		let batches = 0;
		const DB = {
			prepare: (sql: string) => env.DB.prepare(sql),
			batch: (statements: D1PreparedStatement[]) =>
				++batches === 2
					? env.DB.batch([...statements, env.DB.prepare("INSERT INTO nowhere VALUES (1)")])
					: env.DB.batch(statements),
		};
		expect((await erase({ as: admin(CHADIS), env: { DB } })).status).toBe(503);
		expect(await counts()).toEqual(before);
		expect(await audit()).toEqual([]);
	});

	it("answers only GET, HEAD and DELETE", async () => {
		const answer = await portal.call(PATH, { as: admin(CHADIS), method: "PUT", body: {} });
		expect(answer.status).toBe(405);
		expect(answer.headers.get("Allow")).toBe("GET, DELETE, HEAD, OPTIONS");
	});
});
