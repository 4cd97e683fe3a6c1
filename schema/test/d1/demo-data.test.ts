import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import demoData from "../../demo-data.sql?raw";
import { resetDatabase } from "../../../workers/lib/test/database.ts";
import { parseGoldenList } from "../../../workers/portal/golden/golden-question.ts";
import { questionStatement } from "../../../workers/lib/metrics/questions.ts";
import { indexUnsearchable } from "../../../workers/lib/knowledge/index.ts";
import { foundPassages, searchStatement } from "../../../workers/lib/knowledge/search.ts";
import { readQuestion } from "../../../workers/lib/knowledge/question.ts";
import { rankPassages } from "../../../workers/lib/knowledge/rank.ts";
import { questionKey } from "../../../workers/lib/knowledge/terms.ts";
import { apply, db, dumpDatabase, rows } from "./database.ts";

/** Loads the demo data as it would be loaded at `instant`. */
function load(instant: string): Promise<void> {
	return apply(demoData.replaceAll("'now'", `'${instant}'`));
}

const FRIDAY = "2026-03-06T15:00:00.000Z";
const TUESDAY = "2026-03-10T16:30:00.000Z";

describe("the demo data", () => {
	beforeEach(() => resetDatabase(db));

	it("loads now, as npm start loads it", async () => {
		await apply(demoData);
		expect(
			await rows(
				"SELECT COUNT(*) AS days, MAX(date) <= date('now') AS past FROM (SELECT DISTINCT date FROM metrics_daily WHERE date >= date('now', '-60 days'))",
			),
		).toEqual([{ days: expect.toSatisfy((days: number) => days === 59 || days === 60), past: 1 }]);
	});

	it("changes nothing when it is loaded again", async () => {
		await load(TUESDAY);
		const before = await dumpDatabase();
		await load(TUESDAY);
		expect(await dumpDatabase()).toEqual(before);
	});

	it("adds the days since when it is loaded again later", async () => {
		const numbers = "SELECT * FROM metrics_daily WHERE date >= '2026-01-10' ORDER BY org_id, date, site_id";
		await load(TUESDAY);
		const fresh = await rows(numbers);
		await resetDatabase(db);
		await load(FRIDAY);
		expect(await rows(numbers)).not.toEqual(fresh);
		await load(TUESDAY);
		expect(await rows(numbers)).toEqual(fresh);
	});

	it("adds to traffic that is there already", async () => {
		const message = "SELECT messages FROM metrics_daily WHERE date = '2026-03-09' AND site_id = 'site_chadis'";
		await load(TUESDAY);
		const [alone] = await rows(message);
		await resetDatabase(db);
		await apply(
			"INSERT INTO metrics_daily (org_id, date, site_id, messages) VALUES ('org_chadis', '2026-03-09', 'site_chadis', 100)",
		);
		await load(TUESDAY);
		expect(await rows(message)).toEqual([{ messages: Number(alone?.["messages"]) + 100 }]);
	});

	it("loads where a sample customer has been deleted", async () => {
		await apply("DELETE FROM orgs WHERE id = 'org_pannu_dental'");
		await load(TUESDAY);
		expect(await rows("SELECT DISTINCT org_id FROM metrics_daily")).toEqual([{ org_id: "org_chadis" }]);
	});
});

describe("its numbers", () => {
	// Only read below, so one load serves all.
	beforeAll(async () => {
		await resetDatabase(db);
		await load(TUESDAY);
	});

	it("have a working week's shape", async () => {
		expect(
			await rows(`
				SELECT site_id, AVG(CASE WHEN strftime('%w', date) IN ('0', '6') THEN sessions END) * 2 < AVG(CASE WHEN strftime('%w', date) BETWEEN '1' AND '5' THEN sessions END) AS quiet_weekend,
					MIN(date) AS first, MAX(date) AS last
				FROM metrics_daily WHERE site_id IN ('site_chadis', 'site_pannu_dental') GROUP BY site_id
			`),
		).toEqual([
			{ site_id: "site_chadis", quiet_weekend: 1, first: "2026-01-10", last: "2026-03-10" },
			{ site_id: "site_pannu_dental", quiet_weekend: 1, first: "2026-01-10", last: "2026-03-10" },
		]);
	});

	it("are the sums of the conversations", async () => {
		const counted = await rows(`
			SELECT s.org_id, substr(m.created_at, 1, 10) AS date, s.site_id, SUM(m.role = 'assistant') AS messages, COUNT(DISTINCT s.id) AS sessions,
				COUNT(DISTINCT s.visitor_id) AS visitors, SUM(m.role = 'user') - SUM(m.role = 'assistant') AS errors, SUM(m.finish IS 'blocked') AS blocked,
				SUM(m.finish IS 'cached') AS cache_hits, SUM(m.finish IS 'curated') AS curated, SUM(m.rating IS 'up') AS feedback_up,
				SUM(m.rating IS 'down') AS feedback_down, SUM(COALESCE(m.cost_usd_micros, 0)) AS cost_usd_micros, SUM(COALESCE(m.latency_ms, 0)) AS latency_sum_ms
			FROM chat_messages m JOIN chat_sessions s ON s.id = m.session_id GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
		`);
		expect(
			await rows(`
				SELECT org_id, date, site_id, messages, sessions, visitors, errors, blocked, cache_hits, curated, feedback_up, feedback_down, cost_usd_micros, latency_sum_ms
				FROM metrics_daily WHERE site_id <> 'site_chadis_voice' ORDER BY org_id, date, site_id
			`),
		).toEqual(counted);
	});

	it.each([
		[
			"latencies counted and answered turns",
			`SELECT date FROM metrics_daily WHERE messages <> latency_b00 + latency_b01 + latency_b02 + latency_b03 + latency_b04 + latency_b05 + latency_b06
				+ latency_b07 + latency_b08 + latency_b09 + latency_b10 + latency_b11 + latency_b12 + latency_b13 + latency_b14 + latency_b15`,
		],
		[
			"usage and metrics",
			`SELECT u.date FROM usage_daily u
			JOIN (SELECT org_id, date, SUM(messages) AS messages, SUM(voice_characters) AS voice_characters FROM metrics_daily GROUP BY org_id, date) m USING (org_id, date)
			WHERE u.messages <> m.messages OR u.voice_characters <> m.voice_characters`,
		],
		[
			"months and days",
			`SELECT month FROM usage_monthly m
			WHERE messages <> (SELECT SUM(messages) FROM usage_daily d WHERE d.org_id = m.org_id AND substr(d.date, 1, 7) = m.month)`,
		],
		[
			"sessions and their messages",
			"SELECT id FROM chat_sessions s WHERE message_count <> (SELECT COUNT(*) FROM chat_messages WHERE session_id = s.id)",
		],
		[
			"sessions and their ratings",
			"SELECT id FROM chat_sessions s WHERE (rating_up, rating_down) <> (SELECT COUNT(*) FILTER (WHERE rating = 'up'), COUNT(*) FILTER (WHERE rating = 'down') FROM chat_messages WHERE session_id = s.id)",
		],
		[
			"sessions and their last message",
			"SELECT id FROM chat_sessions s WHERE last_message_at <> (SELECT MAX(created_at) FROM chat_messages WHERE session_id = s.id AND role = 'user')",
		],
		[
			"the days on which a session begins and ends",
			"SELECT id FROM chat_sessions WHERE substr(started_at, 1, 10) <> last_active_date OR substr(last_message_at, 1, 10) <> last_active_date",
		],
		["times and the present", `SELECT id FROM chat_messages WHERE created_at > '${TUESDAY}'`],
		[
			"leads and metrics",
			`SELECT date FROM (SELECT org_id, date, SUM(leads) AS leads FROM metrics_daily GROUP BY 1, 2) m
			WHERE leads <> (SELECT COUNT(*) FROM leads l WHERE l.org_id = m.org_id AND substr(l.created_at, 1, 10) = m.date)`,
		],
		[
			"conversations by voice and metrics",
			`SELECT date FROM metrics_daily m
			WHERE voice_seconds <> (SELECT COALESCE(SUM(duration_seconds), 0) FROM voice_sessions v WHERE v.site_id = m.site_id AND substr(v.opened_at, 1, 10) = m.date)`,
		],
		[
			"question counts and conversations",
			"SELECT SUM(asked) AS total FROM question_stats HAVING total <> (SELECT COUNT(*) FROM chat_messages WHERE role = 'assistant')",
		],
	])("agree: %s", async (_, disagreements) => {
		expect(await rows(disagreements)).toEqual([]);
	});

	it("count questions where the chat counts them", async () => {
		const asked = await rows(
			"SELECT MAX(s.id) AS session_id, s.org_id, s.site_id, m.content FROM chat_messages m JOIN chat_sessions s ON s.id = m.session_id WHERE m.role = 'user' GROUP BY s.org_id, s.site_id, m.content",
		);
		const before = await rows("SELECT COUNT(*) AS questions, SUM(asked) AS asked FROM question_stats");
		const statements = asked.flatMap(({ org_id: orgId, site_id: siteId, content }, index) => {
			const question = { question: questionKey(String(content)), now: TUESDAY, isUnanswered: false, wording: null };
			const turn = db
				.prepare(
					"INSERT INTO turns (id, kind, org_id, site_id, date, begun_at, expires_at) VALUES (?1, 'chat', ?2, ?3, '', '', '')",
				)
				.bind(`t${index}`, orgId, siteId);
			return [turn, questionStatement(db, { turnId: `t${index}`, ...question })];
		});
		await db.batch(statements);
		expect(await rows("SELECT COUNT(*) AS questions, SUM(asked) AS asked FROM question_stats")).toEqual([
			{ questions: before[0]?.["questions"], asked: Number(before[0]?.["asked"]) + asked.length },
		]);
	});

	it("have curated answers under the key that the chat would look for", async () => {
		const answers = await rows("SELECT title, question_key FROM knowledge WHERE kind = 'answer'");
		expect(answers.map(({ title }) => questionKey(String(title)))).toEqual(answers.map(({ question_key: key }) => key));
	});

	it("cover every kind of thing the portal shows", async () => {
		expect(
			await rows(`
				SELECT o.id, (SELECT group_concat(environment || ' ' || type, ', ') FROM portal_sites WHERE org_id = o.id) AS engines,
					(SELECT COUNT(*) FROM team_members WHERE org_id = o.id) AS team, (SELECT COUNT(*) FROM workflows WHERE org_id = o.id) AS workflows,
					(SELECT group_concat(DISTINCT status) FROM workflow_runs WHERE org_id = o.id) AS run_statuses,
					(SELECT COUNT(*) FROM knowledge WHERE org_id = o.id AND kind = 'article') AS articles,
					(SELECT COUNT(*) FROM knowledge WHERE org_id = o.id AND kind = 'answer' AND hits > 0) AS answers,
					(SELECT COUNT(*) > 0 FROM leads WHERE org_id = o.id) AS leads, (SELECT COUNT(*) > 0 FROM audit_log WHERE org_id = o.id) AS audit,
					(SELECT COUNT(*) FROM question_stats q JOIN portal_sites s ON s.id = q.site_id WHERE q.org_id = o.id AND s.environment = 'live') AS questions,
					(SELECT COUNT(*) > 0 FROM question_stats WHERE org_id = o.id AND unanswered > 0) AS unanswered
				FROM orgs o ORDER BY o.id
			`),
		).toEqual([
			{
				id: "org_chadis",
				engines: "live chatbot, test chatbot, live voice",
				team: 3,
				workflows: 4,
				run_statuses: "success,failure,running",
				articles: 10,
				answers: 2,
				leads: 1,
				audit: 1,
				questions: 10,
				unanswered: 1,
			},
			{
				id: "org_pannu_dental",
				engines: "live chatbot, test chatbot",
				team: 2,
				workflows: 2,
				run_statuses: "success,failure",
				articles: 10,
				answers: 2,
				leads: 1,
				audit: 1,
				questions: 10,
				unanswered: 1,
			},
		]);
	});
});

describe("its knowledge", () => {
	it("is found by the chat once the daily run, which npm start begins with, has been over it", async () => {
		await resetDatabase(db);
		await load(TUESDAY);
		expect(await indexUnsearchable(db, 100)).toBe(24);
		const first = async (siteKey: string, text: string): Promise<string | undefined> => {
			const { results } = await searchStatement(
				db,
				{ siteKey, now: TUESDAY },
				{ ...readQuestion(text), conversationId: null, wholeTokens: 0 },
			).all();
			return rankPassages(foundPassages(results)).passages[0]?.knowledgeId;
		};
		expect(await first("sk_pannu_live_def456", "where can I leave the car?")).toBe("kn_pannu_visit");
		expect(await first("sk_pannu_live_def456", "do you take new customers")).toBe("kn_pannu_services");
		expect(await first("sk_chadis_live_abc123", "does it run on my tablet")).toBe("kn_chadis_devices");
		expect(await first("sk_chadis_live_abc123", "is my data private")).toBe("kn_chadis_privacy");
		await load(TUESDAY);
		expect(await indexUnsearchable(db, 100)).toBe(0);
	});
});

describe("its golden questions", () => {
	it("are of every kind, as the portal would store them, rest on texts that are there, and wait in last night's run", async () => {
		await resetDatabase(db);
		await load(TUESDAY);
		const lists = await rows("SELECT org_id, questions, nightly_date FROM golden_questions ORDER BY org_id");
		expect(lists.map(({ org_id: org, nightly_date: night }) => [org, night])).toEqual([
			["org_chadis", "2026-03-09"],
			["org_pannu_dental", "2026-03-09"],
		]);
		for (const { org_id: org, questions } of lists) {
			const text = String(questions);
			const list = parseGoldenList({ questions: JSON.parse(text) });
			expect(JSON.stringify(list)).toBe(text);
			expect(new Set(list.map(({ expect: kind }) => kind))).toEqual(new Set(["answer", "unanswered", "safety"]));
			const known = await rows(`SELECT title, source_url FROM knowledge WHERE org_id = '${String(org)}'`);
			const texts = known.flatMap(({ title, source_url: url }) => [title, url]);
			for (const { source } of list) expect([null, ...texts]).toContain(source);
		}
		expect(await rows("SELECT status, origin, total FROM golden_runs")).toEqual(
			Array(2).fill({ status: "queued", origin: "nightly", total: 6 }),
		);
	});

	it("leave an owner's own as they are", async () => {
		await resetDatabase(db);
		await apply("INSERT INTO golden_questions (org_id, questions) VALUES ('org_chadis', '[]')");
		await load(TUESDAY);
		expect(await rows("SELECT questions, nightly_date FROM golden_questions WHERE org_id = 'org_chadis'")).toEqual([
			{ questions: "[]", nightly_date: "" },
		]);
	});
});
