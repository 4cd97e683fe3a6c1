import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { isObject } from "../../../lib/http/json.ts";
import { createPortal, NOW, withoutRequestId } from "../../test/portal.ts";
import type { Answer, Portal } from "../../test/portal.ts";
import { CHADIS, PANNU, STAFF, member, seedTwins } from "../../test/seed.ts";
import { NOT_FOUND, OTHERS, PATH } from "./no-such-conversation.ts";
import { visitorName } from "./visitor-name.ts";

let portal: Portal;

beforeEach(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seedTwins(env.DB);
});

const QUESTION = {
	role: "user",
	status: "done",
	finish: null,
	model: null,
	latency_ms: null,
	input_tokens: null,
	output_tokens: null,
	cost_usd_micros: null,
	rating: null,
	rating_comment: null,
	text_lost: false,
};
const REPLY = {
	role: "assistant",
	status: "done",
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
				visitor: visitorName(CHADIS.id, "visitor-alpha-5"),
				started_at: "2026-08-20T10:05:00.000Z",
				last_message_at: "2026-08-20T11:05:00.000Z",
				message_count: 10,
				preview: "When are you open, alpha",
				rating_up: 1,
				rating_down: 1,
				unanswered: 0,
				has_lead: true,
			},
			consents: [],
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
					text_lost: false,
				},
				{ ...QUESTION, id: "message-alpha-a", text: "And on Sundays, alpha", created_at: "2026-08-20T11:05:00.000Z" },
				{
					...REPLY,
					id: "message-alpha-d",
					text: "Never, alpha",
					created_at: "2026-08-20T11:05:01.000Z",
					rating: "down",
					rating_comment: null,
					text_lost: false,
				},
			],
			next_cursor: null,
		});
	});

	it("shows an answer under way as pending, without words", async () => {
		await env.DB.prepare(`
			INSERT INTO chat_messages (id, org_id, session_id, role, content, created_at, finish)
			VALUES ('under-way', 'org_chadis', 'session-alpha-1', 'assistant', '', '2026-08-20T10:00:00.000Z', 'pending')
		`).run();
		const answer = await portal.call("/portal/conversations/session-alpha-1", { as: member(CHADIS) });
		const place = { ...QUESTION, id: "under-way", role: "assistant", text: "", created_at: "2026-08-20T10:00:00.000Z" };
		expect(answer.body).toMatchObject({ messages: [{ ...place, status: "pending" }] });
	});

	it("shows which texts the visitor has agreed to, and from when on", async () => {
		await env.DB.prepare("UPDATE chat_sessions SET consents = ?1 WHERE id = 'session-alpha-1'")
			.bind(
				'[["0123456789abcdef","2026-08-20T10:00:00.000Z"],"by hand",["fedcba9876543210","2026-08-20T11:00:00.000Z"]]',
			)
			.run();
		const answer = await portal.call("/portal/conversations/session-alpha-1", { as: member(CHADIS) });
		expect(answer.body).toMatchObject({
			consents: [
				{ version: "0123456789abcdef", at: "2026-08-20T10:00:00.000Z" },
				{ version: "fedcba9876543210", at: "2026-08-20T11:00:00.000Z" },
			],
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

	it("answers for another org's conversation as for none", async () => {
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

	it("refuses a cursor that is none", async () => {
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
