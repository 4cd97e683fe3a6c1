import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { resetDatabase } from "../../../lib/test/database.ts";
import { questionStatement, wordingOf } from "../../../lib/metrics/questions.ts";
import { CHADIS_KEY, newClient } from "../../test/client.ts";
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
				wording: null,
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

describe("the wording of a question", () => {
	const QUESTION = "when do you open";

	async function put(visitorId: string | null, message: string, question = QUESTION): Promise<unknown> {
		const wording = await wordingOf("site_chadis", message, visitorId);
		const asked = { turnId: "t", question, now: "2026-01-01", isUnanswered: false, wording };
		await questionStatement(env.DB, asked).run();
		const [row] = await rows("SELECT wording FROM question_stats");
		return row?.wording;
	}

	it("is kept once a second visitor puts it alike, whatever its case and blanks, and then stays", async () => {
		expect(await put("v1", "When do you open?")).toBeNull();
		expect(await put("v1", "When do you open?")).toBeNull();
		expect(await put("v2", "  WHEN do  you open? ")).toBe("WHEN do you open?");
		expect(await put("v3", "when do you OPEN")).toBe("WHEN do you open?");
		expect(await rows("SELECT wording_candidate, wording_visitor, asked FROM question_stats")).toEqual([
			{ wording_candidate: null, wording_visitor: null, asked: 4 },
		]);
	});

	it("is none while visitors put it differently, and nothing of it is stored but digests", async () => {
		expect(await put("v1", "When do you open, Ms. Smith?")).toBeNull();
		expect(await put("v2", "When do you open?")).toBeNull();
		expect(await put("v1", "when do you open!")).toBeNull();
		const [row] = await rows("SELECT * FROM question_stats");
		expect(JSON.stringify(row)).not.toMatch(/Smith|v1|v2|\?|!/);
		expect(row).toMatchObject({
			wording_candidate: expect.stringMatching(/^[0-9a-f]{32}$/),
			wording_visitor: expect.stringMatching(/^[0-9a-f]{32}$/),
		});
	});

	it("is not told by visitors whom the page does not name, nor by long messages", async () => {
		expect(await put(null, "When do you open?")).toBeNull();
		expect(await put(null, "When do you open?")).toBeNull();
		expect(await put("v1", "When do you open?")).toBeNull();
		// It does not take the place of one that waits.
		expect(await put(null, "Another wording")).toBeNull();
		expect(await put("v2", "When do you open?")).toBe("When do you open?");
		await resetQuestions();
		const long = `${"x".repeat(200)}?`;
		expect(await put("v1", long)).toBeNull();
		expect(await put("v2", long)).toBeNull();
	});

	it("goes with its question when another takes the slot", async () => {
		const [one, other] = await rivals();
		await put("v1", "One?", one);
		expect(await put("v2", "One?", one)).toBe("One?");
		expect(await put("v3", "Other?", other)).toBe("One?");
		expect(await put("v3", "Other?", other)).toBeNull();
		expect(await put("v4", "Other?", other)).toBe("Other?");
	});

	it("reaches the table from two visitors' messages", async () => {
		for (const visitor_id of ["v-1", "v-2"])
			await newClient().call({ key: CHADIS_KEY, body: { message: "Where is the  lab?", visitor_id } });
		expect(await rows("SELECT question, wording, asked FROM question_stats")).toEqual([
			{ question: "where is the lab", wording: "Where is the lab?", asked: 2 },
		]);
	});
});
