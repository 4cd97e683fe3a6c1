import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { resetDatabase } from "../../../lib/test/database.ts";
import { questionStatement } from "../questions.ts";
import { rows, run } from "../../test/tables.ts";

beforeEach(async () => {
	await resetDatabase(env.DB);
	await run(
		"INSERT INTO turns (id, kind, org_id, site_id, date, begun_at, expires_at) VALUES ('t', 'chat', 'org_chadis', 'site_chadis', '2026-01-01', '', '')",
	);
});

let clock = 0;

async function ask(...questions: string[]): Promise<void> {
	return count(false, ...questions);
}

async function count(isUnanswered: boolean, ...questions: string[]): Promise<void> {
	const now = (): string => new Date(++clock * 1000).toISOString();
	await env.DB.batch(
		questions.map((question) =>
			questionStatement(env.DB, {
				turnId: "t",
				question,
				now: now(),
				isUnanswered,
			}),
		),
	);
}

const kept = (): Promise<Record<string, unknown>[]> => rows("SELECT question, asked, weight FROM question_stats");

/** Two questions with the same slot. */
async function rivals(): Promise<[string, string]> {
	const bySlot = new Map<unknown, string>();
	for (let n = 0; ; n++) {
		const question = `question ${n}`;
		await resetQuestions();
		await ask(question);
		const [row] = await rows("SELECT slot FROM question_stats");
		const other = bySlot.get(row?.slot);
		await resetQuestions();
		if (other !== undefined) return [other, question];
		bySlot.set(row?.slot, question);
	}
}

async function resetQuestions(): Promise<void> {
	await env.DB.prepare("DELETE FROM question_stats").run();
}

describe("a question", () => {
	it("keeps its slot while it is asked more often than its rivals, and leaves it to the one that outlasts it", async () => {
		const [one, other] = await rivals();
		await ask(one, one, one);
		expect(await kept()).toEqual([{ question: one, asked: 3, weight: 3 }]);
		await ask(other, other);
		expect(await kept()).toEqual([{ question: one, asked: 3, weight: 1 }]);
		await ask(other);
		expect(await kept()).toEqual([{ question: other, asked: 1, weight: 1 }]);
	});

	it("never takes more than 500 rows of a site", async () => {
		await ask(...Array.from({ length: 3000 }, (_, n) => `question ${n}`));
		const [count] = await rows("SELECT COUNT(*) AS n FROM question_stats");
		expect(Number(count?.n)).toBeLessThanOrEqual(500);
		expect(Number(count?.n)).toBeGreaterThan(450);
	});
});
