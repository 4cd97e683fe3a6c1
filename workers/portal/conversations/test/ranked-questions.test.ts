import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { questionKey } from "../../../lib/knowledge/terms.ts";
import { slotOf } from "../../../lib/metrics/question-slot.ts";
import { rankedKey } from "../../../lib/privacy/visitor-text.ts";
import { count } from "../../housekeeping/test/retention-seed.ts";
import { createPortal, NOW } from "../../test/portal.ts";
import type { Portal } from "../../test/portal.ts";
import { CHADIS, admin, member, seedTwins } from "../../test/seed.ts";

const MESSAGE = "Is my member id W123456780 still good in order 20261104?";
const AT = "2026-08-19T10:00:00.000Z";
let portal: Portal;

/** A conversation of one answered question, which counts under a key. */
async function asked(key: string): Promise<void> {
	const message =
		"INSERT INTO chat_messages (id, org_id, session_id, role, content, created_at, finish) VALUES (?1, 'org_chadis', 's', ?2, ?3, ?4, ?5)";
	await env.DB.batch([
		env.DB.prepare(
			"INSERT INTO chat_sessions (id, org_id, site_id, visitor_id, started_at, last_message_at) VALUES ('s', 'org_chadis', 'site_chadis', 'v', ?1, ?1)",
		).bind(AT),
		env.DB.prepare(message).bind("u", "user", MESSAGE, AT, null),
		env.DB.prepare(message).bind("a", "assistant", "Yes.", AT, "stop"),
		env.DB.prepare(
			"INSERT INTO question_stats (org_id, site_id, slot, question, wording, asked, last_asked_at) VALUES ('org_chadis', 'site_chadis', ?1, ?2, ?3, 99, ?4)",
		).bind(slotOf(key), key, MESSAGE, AT),
	]);
}

beforeEach(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seedTwins(env.DB);
	await env.DB.prepare("DELETE FROM question_stats").run();
});

describe("a question that was asked with a number in it", () => {
	it.each([
		["today's key", rankedKey(MESSAGE, Date.parse(AT))],
		["the key of before", questionKey(MESSAGE)],
	])("goes from the ranking with its conversation, by %s", async (_, key) => {
		await asked(key);
		await env.DB.prepare("UPDATE question_stats SET asked = 1").run();
		await portal.call("/portal/conversations/s", { method: "DELETE", as: admin(CHADIS) });
		expect(await count("question_stats")).toBe(0);
	});

	it("is shown without it, also where it was counted before", async () => {
		await asked(questionKey(MESSAGE));
		const { text } = await portal.call("/portal/insights", { as: member(CHADIS) });
		const [top] = JSON.parse(text).top_questions;
		expect(top).toMatchObject({
			question: "is my member [insurance_id] still good in order [number]",
			wording: "Is my member [insurance_id] still good in order [number]?",
			asked: 99,
		});
	});

	it("counts under words alone", () => {
		expect(rankedKey(MESSAGE, NOW)).toBe("is my member insurance id still good in order number");
	});
});
