import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { keepsTopic, readQuestion, topicOf } from "../../../lib/knowledge/question.ts";
import { articleStatements } from "../../../lib/knowledge/test/knowledge-samples.ts";
import { searched } from "../../../lib/knowledge/test/knowledge-search.ts";
import type { TokenOptions } from "../../../lib/test/tokens.ts";
import { emptyLog, readsInLog } from "../../audit/test/audit-client.ts";
import { checksum } from "../../test/checksum.ts";
import { createPortal, NOW, refusal, withoutRequestId } from "../../test/portal.ts";
import type { Answer, Portal } from "../../test/portal.ts";
import { CHADIS, PANNU, STAFF, member, seedTwins } from "../../test/seed.ts";

let portal: Portal;

const ALIGNERS = {
	id: "aligners",
	title: "Invisalign",
	body: "Invisalign takes six to eighteen months, and we offer Invisalign to adults.",
};
const TIMES = ["questionnaire", "visit", "report", "registration", "refund"].map((name) => ({
	...{ id: `time-${name}`, title: `How long a ${name} takes`, body: `Most take between five and ten minutes.` },
}));
const FIRST = "Do you offer Invisalign?";
const FOLLOW_UP = "How long does that take?";
const SESSION = "session-alpha-5";
const NO_CONVERSATION = refusal(
	"not_found",
	"There is no such conversation, or it has been erased; name another, or leave session out.",
);

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seedTwins(env.DB);
	await env.DB.batch([ALIGNERS, ...TIMES].flatMap((article) => articleStatements(env.DB, CHADIS.id, article)));
	await talkedAbout(SESSION, FIRST);
	await talkedAbout("session-omega-5", FIRST);
});

/** What a chat turn leaves with its session, the newest message first. */
async function talkedAbout(session: string, ...messages: string[]): Promise<void> {
	const topic = `[${messages.map((message) => topicOf(readQuestion(message))).join(",")}]`;
	await env.DB.prepare("UPDATE chat_sessions SET topic = ?2 WHERE id = ?1").bind(session, topic).run();
}

/**
 * What of these messages a chat turn would keep with its session: four at most, none from before one about something of its own, and of
 * those that are about nothing only the newest.
 */
function keptOf(all: readonly string[]): string[] {
	const messages = all.filter((message, index) => index === all.length - 1 || readQuestion(message).terms.length > 0);
	const fresh = messages.findLastIndex((message) => !keepsTopic(readQuestion(message)));
	return messages.slice(Math.max(fresh, 0)).reverse().slice(0, 4);
}

function test(body: object, as: Partial<TokenOptions> = member(CHADIS), query = ""): Promise<Answer> {
	const variables = { KNOWLEDGE_WHOLE_TOKENS: "0" };
	return portal.call(`/portal/knowledge/test${query}`, { method: "POST", as, body, env: variables });
}

function scoresOf({ body }: Answer): [string, number][] {
	const { passages } = Object(body);
	return passages.map((passage: Record<string, unknown>) => [
		String(passage["knowledge_id"]),
		Number(Number(passage["word_score"]).toFixed(6)),
	]);
}

describe("a question in a conversation", () => {
	it("is found by what it is about, as a chat turn of the session would find it", async () => {
		expect(scoresOf(await test({ question: FOLLOW_UP }))[0]?.[0]).toMatch(/^time-/);
		const answer = await test({ question: FOLLOW_UP, session: SESSION });
		expect(answer).toMatchObject({ status: 200, roundTrips: 1, body: { earlier_weight: 0.8, ranking: "words" } });
		const asTurn = await searched(env.DB, "sk_chadis_live_abc123", FIRST, FOLLOW_UP);
		expect(scoresOf(answer)[0]?.[0]).toBe("aligners");
		expect(scoresOf(answer)).toEqual(
			asTurn.byWords.map(({ knowledgeId, score }) => [knowledgeId, Number(score.toFixed(6))]),
		);
	});

	it.each([
		["one message", [FIRST]],
		["three, the newest most", ["Where can I park?", "Thanks!", FIRST]],
		["two, the newest of them small talk", [FIRST, "Thanks!"]],
		["more than weigh", [FIRST, "Where can I park?", "Are you alpha?", "Is that so?"]],
		["a topic of its own between", [FIRST, "Which of all garages nearby stay open through the night on holidays?"]],
	])("is found alike where the messages before it are told and where a session has them, of %s", async (_, earlier) => {
		await talkedAbout("session-alpha-4", ...keptOf(earlier));
		const told = scoresOf(await test({ question: FOLLOW_UP, earlier }));
		const within = scoresOf(await test({ question: FOLLOW_UP, session: "session-alpha-4" }));
		const asTurn = await searched(env.DB, "sk_chadis_live_abc123", ...earlier, FOLLOW_UP);
		const expected = asTurn.byWords.map(({ knowledgeId, score }) => [knowledgeId, Number(score.toFixed(6))]);
		expect([told, within]).toEqual([expected, expected]);
	});

	it("with a topic of its own is not dragged back", async () => {
		const question = "Which questionnaires should parents with several younger children complete beforehand?";
		const [alone, within] = [await test({ question }), await test({ question, session: SESSION })];
		expect(scoresOf(within)).toEqual(scoresOf(alone));
		expect(within.body).toMatchObject({ earlier_weight: 0 });
	});

	it("changes nothing of the conversation", async () => {
		const before = await checksum(env.DB);
		expect((await test({ question: FOLLOW_UP, session: SESSION })).status).toBe(200);
		expect(await checksum(env.DB)).toBe(before);
	});

	it("is read by staff in a conversation of the organization that they name, and leaves its row", async () => {
		await emptyLog();
		const answer = await test({ question: FOLLOW_UP, session: SESSION }, STAFF, `?orgId=${CHADIS.clerkId}`);
		expect(scoresOf(answer)[0]?.[0]).toBe("aligners");
		expect(await readsInLog()).toMatchObject([{ action: "knowledge.test", target: SESSION, org_id: CHADIS.id }]);
	});
});

describe("a conversation that cannot be had", () => {
	const OTHERS = ["session-omega-5", "session-alpha-9", "SESSION-ALPHA-5", "x/y", "' OR 1=1", "session-alpha-5 "];

	it.each(OTHERS.slice(0, -1))("is answered with one and the same: %s", async (session) => {
		await emptyLog();
		for (const [as, query] of [
			[member(CHADIS), ""],
			[STAFF, `?orgId=${CHADIS.id}`],
		] as const) {
			const answer = await test({ question: FOLLOW_UP, session }, as, query);
			expect([answer.status, withoutRequestId(answer), answer.roundTrips]).toEqual([404, NO_CONVERSATION, 1]);
		}
		expect(await readsInLog()).toEqual([]);
	});

	it("is one that was erased, or whose visitor was", async () => {
		const undo = "UPDATE chat_sessions SET erased_at = NULL; UPDATE visitors SET erased_at = NULL, erasure_id = NULL";
		for (const sql of [
			`UPDATE chat_sessions SET erased_at = '2026-08-20T11:59:00.000Z' WHERE id = '${SESSION}'`,
			`UPDATE visitors SET erased_at = '2026-08-20T11:59:00.000Z', erasure_id = 'e' WHERE (org_id, visitor_id) =
				(SELECT org_id, visitor_id FROM chat_sessions WHERE id = '${SESSION}')`,
		]) {
			await env.DB.prepare(sql).run();
			const answer = await test({ question: FOLLOW_UP, session: SESSION });
			expect([answer.status, withoutRequestId(answer)]).toEqual([404, NO_CONVERSATION]);
			await env.DB.batch(undo.split("; ").map((statement) => env.DB.prepare(statement)));
		}
		expect((await test({ question: FOLLOW_UP, session: SESSION })).status).toBe(200);
	});

	it("is another organization's also for its own member, and for who names another organization", async () => {
		expect((await test({ question: FOLLOW_UP, session: SESSION }, member(PANNU))).status).toBe(404);
		const named = await test({ question: FOLLOW_UP, session: SESSION }, member(PANNU), `?orgId=${CHADIS.id}`);
		expect(named.status).toBe(403);
	});
});
