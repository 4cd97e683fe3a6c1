import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createPortal, NOW, UUID, versionTag } from "../../test/portal.ts";
import type { Call, Portal } from "../../test/portal.ts";
import { CHADIS, PANNU, admin, member, seedTwins } from "../../test/seed.ts";

let portal: Portal;

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seedTwins(env.DB);
});

beforeEach(async () => {
	await env.DB.batch(
		[
			...["golden_questions", "golden_runs", "org_config", "config_versions", "config_drafts", "audit_log"].map(
				(table) => `DELETE FROM ${table} WHERE org_id = 'org_chadis'`,
			),
		].map((sql) => env.DB.prepare(sql)),
	);
});

const LIST = "/portal/golden-questions";
const RUNS = `${LIST}/runs`;

const read = (path = LIST) => portal.call(path, { as: member(CHADIS) });
const put = (questions: unknown, call: Call = {}) =>
	portal.call(LIST, { method: "PUT", as: admin(CHADIS), body: { questions }, ...call });
const start = (body: unknown = {}) => portal.call(RUNS, { method: "POST", as: admin(CHADIS), body });
const send = (path: string, method: string, body: unknown) => portal.call(path, { method, as: admin(CHADIS), body });

/** As the chat ends a run: each question passed or failed. */
async function end(passed: boolean): Promise<void> {
	await env.DB.batch([
		env.DB.prepare(
			"UPDATE golden_results SET verdict = ?1, answer = 'We do.', finish = 'stop', faults = ?2, sources = '[\"Hours\"]' WHERE verdict IS NULL",
		).bind(passed ? "passed" : "failed", passed ? "[]" : '["expect"]'),
		env.DB.prepare(
			"UPDATE golden_runs SET status = 'completed', asked = total, passed = IIF(?1, total, 0), ended_at = created_at WHERE status = 'queued'",
		).bind(passed ? 1 : 0),
	]);
}

async function audited(): Promise<unknown[]> {
	const { results } = await env.DB.prepare(
		"SELECT action FROM audit_log WHERE org_id = 'org_chadis' ORDER BY id",
	).all();
	return results.map(({ action }) => action);
}

const FULL = {
	question: "Do you take new patients?",
	must_contain: ["yes"],
	must_not_contain: ["no"],
	source: "New patients",
	expect: "answer",
};

describe("the list of golden questions", () => {
	it("is empty, is written whole, and is read as it was written", async () => {
		expect(await read()).toMatchObject({ status: 200, body: { questions: [], version: 0 }, roundTrips: 1 });
		const sent = [FULL, { question: " I want to die ", expect: "safety" }];
		const plain = { must_contain: [], must_not_contain: [], source: null };
		const body = {
			questions: [FULL, { question: "I want to die", ...plain, expect: "safety" }],
			version: 1,
			updated_at: "2026-08-20T12:00:00.000Z",
			updated_by: "user_alphaAdmin",
		};
		expect(await put(sent)).toMatchObject({ status: 200, body, roundTrips: 2 });
		const answer = await read();
		expect(answer.body).toEqual(body);
		expect(versionTag(answer.headers)).toBe('W/"1"');
		expect(await put(sent)).toMatchObject({ status: 200, body: { version: 1 }, roundTrips: 1 });
		expect(await audited()).toEqual(["golden_questions.update"]);
	});

	it("takes If-Match", async () => {
		await put([FULL]);
		expect(await put([], { headers: { "If-Match": 'W/"0"' } })).toMatchObject({ status: 412 });
		expect(await put([], { headers: { "If-Match": 'W/"1"' } })).toMatchObject({ status: 200, body: { version: 2 } });
	});

	it("names every fault, and writes nothing", async () => {
		const bad = [
			{ question: "", expect: "maybe", extra: 1 },
			5,
			{ question: "a\nb", must_contain: [1], must_not_contain: "x", source: "" },
			{ question: "x".repeat(501), must_contain: Array(11).fill("x") },
		];
		const { status, body } = await put(bad);
		expect(status).toBe(422);
		const names = Object(body).error.fields.map(({ field }: { field: string }) => field);
		expect(names).toEqual([
			...["questions.0.extra", "questions.0.expect", "questions.0.question", "questions.1", "questions.1.question"],
			...["questions.2.question", "questions.2.must_contain.0", "questions.2.must_not_contain", "questions.2.source"],
			...["questions.3.question", "questions.3.must_contain"],
		]);
		expect(await put(Array(101).fill({ question: "Who?" }))).toMatchObject({ status: 422 });
		expect(await put("x")).toMatchObject({ status: 422 });
		expect(await send(LIST, "PUT", { questions: [], other: 1 })).toMatchObject({ status: 422 });
		expect((await read()).body).toMatchObject({ version: 0 });
	});

	it("takes no more than a backup can hold", async () => {
		const quotes = { question: "'".repeat(500), must_contain: ["'".repeat(100)] };
		expect(await put(Array(100).fill(quotes))).toMatchObject({
			status: 422,
			body: {
				error: { fields: [{ field: "questions", message: expect.stringMatching(/^must be \d+ bytes shorter/) }] },
			},
		});
	});
});

describe("a run of golden questions", () => {
	it("is queued with the questions as they stand, and shows what became of each", async () => {
		await put([FULL, { question: "Who?" }]);
		const answer = await start();
		const run = {
			...{ id: expect.stringMatching(UUID), status: "queued", origin: "on_demand", draft: false },
			...{ total: 2, asked: 0, passed: 0, pass_rate: null, cost_usd_micros: 0, stopped_by: null },
			...{ requested_by: "user_alphaAdmin", created_at: "2026-08-20T12:00:00.000Z", ended_at: null },
		};
		expect(answer).toMatchObject({ status: 201, body: { run }, roundTrips: 2 });
		const path = answer.headers.get("Location") ?? "";
		const asked = { verdict: null, faults: [], answer: null, finish: null, sources: [] };
		expect((await read(path)).body).toEqual({
			run,
			results: [
				{ position: 0, question: FULL.question, ...asked },
				{ position: 1, question: "Who?", ...asked },
			],
		});
		await put([]);
		await end(true);
		const done = await read(path);
		expect(done).toMatchObject({
			roundTrips: 1,
			body: {
				run: { status: "completed", pass_rate: 100 },
				results: [{ verdict: "passed", answer: "We do.", sources: ["Hours"] }, { verdict: "passed" }],
			},
		});
		expect((await read(RUNS)).body).toMatchObject({ runs: [{ status: "completed" }], next_cursor: null });
		expect(await audited()).toEqual(["golden_questions.update", "golden_questions.run", "golden_questions.update"]);
	});

	it("is one at a time, of a list that is not empty, and of a draft that there is", async () => {
		expect(await start()).toMatchObject({ status: 409, body: { error: { code: "conflict" } } });
		await put([FULL]);
		expect(await start({ draft: true })).toMatchObject({ status: 409 });
		expect(await start({ draft: "yes" })).toMatchObject({ status: 422 });
		expect(await start({ drafts: true })).toMatchObject({ status: 422 });
		const both = await Promise.all([start(), start()]);
		expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
		expect(await audited()).toEqual(["golden_questions.update", "golden_questions.run"]);
	});

	it("comes by pages, and is no other org's to read", async () => {
		await put([FULL]);
		for (let n = 0; n < 3; n++) {
			await start();
			await end(true);
		}
		const first = await read(`${RUNS}?limit=2`);
		expect(Object(first.body).runs).toHaveLength(2);
		const second = await read(`${RUNS}?limit=2&cursor=${Object(first.body).next_cursor}`);
		expect(second.body).toMatchObject({ runs: [{ status: "completed" }], next_cursor: null });
		const { id } = Object(second.body).runs[0];
		expect(await portal.call(`${RUNS}/${id}`, { as: member(PANNU) })).toMatchObject({ status: 404 });
	});
});

describe("a draft with a pass rate to reach", () => {
	beforeEach(async () => {
		await put([FULL]);
		await send("/portal/config", "PATCH", { min_pass_rate: 100 });
		await send("/portal/config/draft", "PUT", { instructions: "Be rude.", suggested_questions: ["“A?”"] });
	});

	it("is published once a run of exactly it has passed", async () => {
		const publish = () => send("/portal/config/publish", "POST", {});
		await start();
		await end(true);
		expect(await publish()).toMatchObject({ status: 409, body: { error: { code: "pass_rate_too_low" } } });
		await start({ draft: true });
		expect(await publish()).toMatchObject({ status: 409 });
		await end(false);
		expect(await publish()).toMatchObject({ status: 409 });
		vi.setSystemTime(NOW + 1000);
		await start({ draft: true });
		await end(true);
		vi.setSystemTime(NOW);
		expect(await publish()).toMatchObject({ status: 200, body: { config: { instructions: "Be rude." } } });
	});

	it("is what a run of the draft asks with, and the configuration in force what another does", async () => {
		await start({ draft: true });
		await end(true);
		await start();
		const { results } = await env.DB.prepare(
			"SELECT is_draft, config FROM golden_runs WHERE org_id = 'org_chadis'",
		).all();
		const asked = results.map(({ is_draft, config }) => [is_draft, JSON.parse(String(config)).instructions]);
		expect(asked.sort()).toEqual([
			[0, null],
			[1, "Be rude."],
		]);
	});
});
