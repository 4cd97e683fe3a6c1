import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { isObject } from "../../../lib/http/body.ts";
import { slotOf } from "../../../lib/metrics/question-slot.ts";
import { createPortal, NOW, refusal, withoutRequestId } from "../../test/portal.ts";
import type { Answer, Call, Portal } from "../../test/portal.ts";
import { CHADIS, PANNU, STAFF, admin, member, seedTwins } from "../../test/seed.ts";
import type { Twin } from "../../test/seed.ts";
import { visitorName } from "./visitor-name.ts";

let portal: Portal;

beforeEach(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seedTwins(env.DB);
});

const PATH = "/portal/conversations/session-alpha-5";
const NOT_FOUND = refusal("not_found", "There is nothing at this path.");
/** Another's, nobody's, and what is no id at all. */
const OTHERS = [
	"session-omega-5",
	"session-alpha-9",
	"SESSION-ALPHA-5",
	"session-alpha-5%00",
	"a".repeat(65),
	"x/y",
	"%27%20OR%201=1",
	"",
];

const QUESTION = {
	role: "user",
	finish: null,
	model: null,
	latency_ms: null,
	input_tokens: null,
	output_tokens: null,
	cost_usd_micros: null,
	rating: null,
	rating_comment: null,
};
const REPLY = {
	role: "assistant",
	finish: "stop",
	model: "gemini-test",
	latency_ms: 400,
	input_tokens: 100,
	output_tokens: 20,
	cost_usd_micros: 3,
};

function texts({ body }: Answer): { texts: unknown[]; next: unknown } {
	const messages: unknown[] = isObject(body) && Array.isArray(body.messages) ? body.messages : [];
	return {
		texts: messages.filter(isObject).map(({ text }) => text),
		next: isObject(body) ? body.next_cursor : undefined,
	};
}

describe("GET /portal/conversations/{id}", () => {
	it("shows the conversation and its messages in the order they came, in one round trip", async () => {
		const answer = await portal.call(PATH, { as: member(CHADIS) });
		expect(answer.status).toBe(200);
		expect(answer.roundTrips).toBe(1);
		expect(answer.body).toEqual({
			conversation: {
				id: "session-alpha-5",
				engine_id: "site_chadis",
				engine_name: "First alpha",
				visitor: await visitorName(CHADIS.id, "visitor-alpha-5"),
				started_at: "2026-08-20T10:05:00.000Z",
				last_message_at: "2026-08-20T11:05:00.000Z",
				message_count: 10,
				preview: "When are you open, alpha",
				rating_up: 1,
				rating_down: 1,
			},
			messages: [
				{
					...QUESTION,
					id: "message-alpha-c",
					text: "When are you open, alpha",
					created_at: "2026-08-20T10:05:00.000Z",
				},
				{
					...REPLY,
					id: "message-alpha-b",
					text: "From nine, alpha",
					created_at: "2026-08-20T10:05:01.000Z",
					rating: "up",
					rating_comment: "Thanks, alpha",
				},
				{ ...QUESTION, id: "message-alpha-a", text: "And on Sundays, alpha", created_at: "2026-08-20T11:05:00.000Z" },
				{
					...REPLY,
					id: "message-alpha-d",
					text: "Never, alpha",
					created_at: "2026-08-20T11:05:01.000Z",
					rating: "down",
					rating_comment: null,
				},
			],
			next_cursor: null,
		});
	});

	it("shows one without messages", async () => {
		const answer = await portal.call("/portal/conversations/session-alpha-1", { as: member(CHADIS) });
		expect(answer.body).toMatchObject({
			conversation: { id: "session-alpha-1", preview: null },
			messages: [],
			next_cursor: null,
		});
	});

	it("gives 1,000 messages and a cursor for more, each message once", async () => {
		await env.DB.prepare(`
			WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 2001)
			INSERT INTO chat_messages (id, org_id, session_id, role, content)
			SELECT 'bulk' || (5000 - n) || '-' || t.column1, 'org_chadis', t.column1, 'user', t.column1 || n FROM n, (VALUES ('session-alpha-2'), ('session-alpha-3')) t
		`).run();
		const seen: unknown[] = [];
		const sizes: number[] = [];
		for (let cursor: unknown = ""; cursor !== null; ) {
			const page = texts(
				await portal.call(`/portal/conversations/session-alpha-2${String(cursor)}`, { as: member(CHADIS) }),
			);
			seen.push(...page.texts);
			sizes.push(page.texts.length);
			cursor = typeof page.next === "string" ? `?cursor=${page.next}` : null;
		}
		expect(sizes).toEqual([1000, 1000, 1]);
		expect(seen).toEqual(Array.from({ length: 2001 }, (_, n) => `session-alpha-2${n + 1}`));
	});

	it("does not show a message that another org wrote into it", async () => {
		await env.DB.prepare(
			"INSERT INTO chat_messages (id, org_id, session_id, role, content) VALUES ('x', ?1, 'session-alpha-1', 'user', 'omega')",
		)
			.bind(PANNU.id)
			.run();
		const answer = await portal.call("/portal/conversations/session-alpha-1", { as: member(CHADIS) });
		expect(answer.body).toMatchObject({ conversation: { preview: null }, messages: [] });
	});

	it("A106: answers for another org's conversation as for none", async () => {
		for (const id of OTHERS) {
			const answer = await portal.call(`/portal/conversations/${id}`, { as: member(CHADIS) });
			expect(answer.status).toBe(404);
			expect(withoutRequestId(answer)).toEqual(NOT_FOUND);
		}
		const staff = await portal.call(`/portal/conversations/session-omega-5?orgId=${CHADIS.id}`, { as: STAFF });
		expect(staff.status).toBe(404);
		expect((await portal.call(`/portal/conversations/session-omega-5?orgId=${PANNU.id}`, { as: STAFF })).status).toBe(
			200,
		);
	});

	it("A411: refuses a cursor that is none", async () => {
		const forged = [["1", "2"], ["-1"], ["1e9"], [""], ["9".repeat(16)]].map((values) =>
			btoa(JSON.stringify(values)).replaceAll("=", ""),
		);
		for (const cursor of [...forged, "x", "", "a&cursor=b"]) {
			const answer = await portal.call(`${PATH}?cursor=${cursor}`, { as: member(CHADIS) });
			expect({ status: answer.status, roundTrips: answer.roundTrips }).toEqual({ status: 422, roundTrips: 0 });
			expect(answer.body).toMatchObject({ error: { code: "invalid_request", fields: [{ field: "cursor" }] } });
		}
	});
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

	it("erases its questions where nobody else asked them, and no other's", async () => {
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
			"SELECT org_id, question FROM question_stats ORDER BY org_id, question",
		).all();
		expect(results).toEqual([
			{ org_id: CHADIS.id, question: "and on sundays alpha" },
			{ org_id: CHADIS.id, question: "hello alpha" },
			{ org_id: PANNU.id, question: "when are you open alpha" },
		]);
	});

	it("erases a question that it asked twice, and counts in its own slot only", async () => {
		const question = "when are you open alpha";
		await env.DB.batch([
			env.DB.prepare("DELETE FROM question_stats"),
			env.DB.prepare(
				"INSERT INTO chat_messages (id, org_id, session_id, role, content) VALUES ('again', 'org_chadis', 'session-alpha-5', 'user', 'When are you OPEN, alpha??')",
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

	it("A106: changes nothing of another org, for anyone, and answers as for none", async () => {
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
				expect(withoutRequestId(answer)).toEqual(refusal("forbidden", "You are not allowed to do this."));
			}
		}
		expect((await erase({ as: STAFF }, `${PATH}?orgId=${CHADIS.id}`)).status).toBe(204);
		expect(await audit()).toMatchObject([
			{ org_id: CHADIS.id, user_id: "user_staff", acting_as: "staff", target: "session-alpha-5" },
		]);
	});

	it("F16: leaves everything as it was when the database fails on the way", async () => {
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
