import { beforeEach, describe, expect, it } from "vitest";
import { resetDatabase } from "../../../workers/lib/test/database.ts";
import { apply, db, refusal, rows } from "./database.ts";

beforeEach(() => resetDatabase(db));

describe("usage_monthly", () => {
	const months = (): Promise<unknown> =>
		rows("SELECT month, messages, voice_characters FROM usage_monthly WHERE org_id = 'org_chadis' ORDER BY month");

	beforeEach(() =>
		apply(`
			INSERT INTO usage_daily (org_id, date, messages, voice_characters) VALUES
				('org_chadis', '2026-02-28', 5, 0), ('org_chadis', '2026-03-01', 3, 100), ('org_chadis', '2026-03-31', 4, 20), ('org_pannu_dental', '2026-03-01', 9, 9);
		`),
	);

	it("is the sum of the month's days", async () => {
		expect(await months()).toEqual([
			{ month: "2026-02", messages: 5, voice_characters: 0 },
			{ month: "2026-03", messages: 7, voice_characters: 120 },
		]);
	});

	it("follows upserts, updates and deletes of days", async () => {
		await apply(`
			INSERT INTO usage_daily (org_id, date, messages, voice_characters) VALUES ('org_chadis', '2026-03-31', 2, 5)
			ON CONFLICT (org_id, date) DO UPDATE SET messages = messages + excluded.messages, voice_characters = voice_characters + excluded.voice_characters;
			UPDATE usage_daily SET messages = MAX(0, messages - 1) WHERE org_id = 'org_chadis' AND date = '2026-03-01';
			DELETE FROM usage_daily WHERE org_id = 'org_chadis' AND date = '2026-02-28';
		`);
		expect(await months()).toEqual([
			{ month: "2026-02", messages: 0, voice_characters: 0 },
			{ month: "2026-03", messages: 8, voice_characters: 125 },
		]);
	});

	it("goes on counting after staff have deleted a month", async () => {
		await apply(`
			DELETE FROM usage_monthly WHERE org_id = 'org_chadis';
			UPDATE usage_daily SET messages = messages + 1 WHERE org_id = 'org_chadis' AND date = '2026-03-31';
			UPDATE usage_daily SET messages = messages + 1 WHERE org_id = 'org_chadis' AND date = '2026-03-31';
		`);
		expect(await months()).toEqual([{ month: "2026-03", messages: 2, voice_characters: 0 }]);
	});
});

describe("a workflow", () => {
	const workflow = (): Promise<unknown> => rows("SELECT last_run_at, last_run_status FROM workflows WHERE id = 'wf'");
	const days = (): Promise<unknown> =>
		rows("SELECT date, runs, successes, failures FROM workflow_daily WHERE workflow_id = 'wf' ORDER BY date");

	beforeEach(() =>
		apply(`
			INSERT INTO workflows (id, org_id, name) VALUES ('wf', 'org_chadis', 'Flow');
			INSERT INTO workflow_runs (id, org_id, workflow_id, status, started_at) VALUES
				('r2', 'org_chadis', 'wf', 'running', '2026-03-10T09:00:00.000Z'), ('r1', 'org_chadis', 'wf', 'failure', '2026-03-10T08:00:00.000Z'),
				('r0', 'org_chadis', 'wf', 'success', '2026-03-09T08:00:00.000Z');
		`),
	);

	it("knows its last run, in whatever order runs are written", async () => {
		expect(await workflow()).toEqual([{ last_run_at: "2026-03-10T09:00:00.000Z", last_run_status: "running" }]);
	});

	it("has its runs counted by day and outcome, and again when one ends", async () => {
		await apply("UPDATE workflow_runs SET status = 'success', ended_at = '2026-03-10T09:01:00.000Z' WHERE id = 'r2'");
		expect(await workflow()).toEqual([{ last_run_at: "2026-03-10T09:00:00.000Z", last_run_status: "success" }]);
		expect(await days()).toEqual([
			{ date: "2026-03-09", runs: 1, successes: 1, failures: 0 },
			{ date: "2026-03-10", runs: 2, successes: 1, failures: 1 },
		]);
	});

	it("forgets a run that is deleted", async () => {
		await apply("DELETE FROM workflow_runs WHERE id = 'r2'");
		expect(await workflow()).toEqual([{ last_run_at: "2026-03-10T08:00:00.000Z", last_run_status: "failure" }]);
		expect(await days()).toEqual([
			{ date: "2026-03-09", runs: 1, successes: 1, failures: 0 },
			{ date: "2026-03-10", runs: 1, successes: 0, failures: 1 },
		]);
		await apply("DELETE FROM workflow_runs WHERE id <> 'r2'");
		expect(await workflow()).toEqual([{ last_run_at: null, last_run_status: null }]);
	});

	it("takes no run of another customer, and no time that would miss its day", async () => {
		const run = (org: string, startedAt: string): Promise<string | undefined> =>
			refusal(
				"INSERT INTO workflow_runs (id, org_id, workflow_id, started_at) VALUES ('r9', ?1, 'wf', ?2)",
				org,
				startedAt,
			);
		expect(await run("org_pannu_dental", "2026-03-10T08:00:00.000Z")).toContain(
			"workflow_runs.workflow_id must be the id of a workflow of workflow_runs.org_id",
		);
		expect(await run("org_chadis", "1773129600")).toContain("workflow_runs.started_at must be an instant");
		expect(await run("org_chadis", "2026-03-10 08:00:00")).toContain("workflow_runs.started_at must be an instant");
		expect(await run("org_chadis", "2026-02-30T08:00:00.000Z")).toContain(
			"workflow_runs.started_at must be an instant",
		);
	});
});

describe("a change by hand", () => {
	it("moves the version that ETags and cached answers rest on", async () => {
		await apply(
			"UPDATE org_config SET instructions = 'New' WHERE org_id = 'org_chadis'; UPDATE portal_sites SET greeting = 'Hi', model = NULL WHERE id = 'site_chadis';",
		);
		expect(
			await rows(
				"SELECT c.version AS config, s.version AS site FROM org_config c JOIN portal_sites s ON s.org_id = c.org_id WHERE s.id = 'site_chadis'",
			),
		).toEqual([{ config: 2, site: 2 }]);
	});

	it("does not move the version twice when it sets it itself", async () => {
		await apply("UPDATE org_config SET instructions = 'New', version = version + 1 WHERE org_id = 'org_chadis'");
		expect(await rows("SELECT version FROM org_config WHERE org_id = 'org_chadis'")).toEqual([{ version: 2 }]);
	});
});

describe("a site", () => {
	it("knows the last day with numbers, and its version does not move by them", async () => {
		await apply(`
			INSERT INTO metrics_daily (org_id, date, site_id) VALUES ('org_chadis', '2026-03-10', 'site_chadis'), ('org_chadis', '2026-03-09', 'site_chadis');
		`);
		expect(await rows("SELECT last_active_date, version FROM portal_sites WHERE id = 'site_chadis'")).toEqual([
			{ last_active_date: "2026-03-10", version: 1 },
		]);
	});
});

describe("a conversation", () => {
	it("knows how many of its messages are rated up and down, however that came and went", async () => {
		const ratings = (): Promise<unknown> => rows("SELECT id, rating_up, rating_down FROM chat_sessions ORDER BY id");
		await apply(`
			INSERT INTO chat_sessions (id, org_id, site_id, visitor_id) VALUES ('s1', 'org_chadis', 'site_chadis', 'v'), ('s2', 'org_chadis', 'site_chadis', 'v');
			INSERT INTO chat_messages (id, org_id, session_id, role, content, rating)
			VALUES ('m1', 'org_chadis', 's1', 'assistant', 'x', 'up'), ('m2', 'org_chadis', 's1', 'assistant', 'x', NULL), ('m3', 'org_chadis', 's2', 'assistant', 'x', 'down');
		`);
		expect(await ratings()).toEqual([
			{ id: "s1", rating_up: 1, rating_down: 0 },
			{ id: "s2", rating_up: 0, rating_down: 1 },
		]);
		await apply(
			"UPDATE chat_messages SET rating = 'down', rating_comment = 'no' WHERE id IN ('m2', 'm3'); UPDATE chat_messages SET rating = NULL WHERE id = 'm1';",
		);
		expect(await ratings()).toEqual([
			{ id: "s1", rating_up: 0, rating_down: 1 },
			{ id: "s2", rating_up: 0, rating_down: 1 },
		]);
		await apply("UPDATE chat_messages SET rating = 'up' WHERE id IN ('m1', 'm3')");
		expect(await ratings()).toEqual([
			{ id: "s1", rating_up: 1, rating_down: 1 },
			{ id: "s2", rating_up: 1, rating_down: 0 },
		]);
	});
});

describe("a customer that is deleted", () => {
	it("takes everything of its own along, and nothing of another's", async () => {
		await apply(`
			INSERT INTO chat_sessions (id, org_id, site_id, visitor_id) VALUES ('s1', 'org_chadis', 'site_chadis', 'v'), ('s2', 'org_pannu_dental', 'site_pannu_dental', 'v');
			INSERT INTO chat_messages (id, org_id, session_id, role, content) VALUES ('m1', 'org_chadis', 's1', 'user', 'x'), ('m2', 'org_pannu_dental', 's2', 'user', 'x');
			INSERT INTO usage_daily (org_id, date, messages) VALUES ('org_chadis', '2026-03-10', 1), ('org_pannu_dental', '2026-03-10', 1);
			DELETE FROM orgs WHERE id = 'org_chadis';
		`);
		expect(
			await rows(`
				SELECT (SELECT group_concat(id) FROM portal_sites) AS sites, (SELECT group_concat(id) FROM chat_sessions) AS sessions,
					(SELECT group_concat(id) FROM chat_messages) AS messages, (SELECT group_concat(org_id) FROM usage_daily) AS days,
					(SELECT group_concat(org_id) FROM usage_monthly) AS months, (SELECT group_concat(org_id) FROM org_config) AS configs
			`),
		).toEqual([
			{
				sites: "site_pannu_dental",
				sessions: "s2",
				messages: "m2",
				days: "org_pannu_dental",
				months: "org_pannu_dental",
				configs: "org_pannu_dental",
			},
		]);
	});
});
