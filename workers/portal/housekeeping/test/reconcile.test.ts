import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { resetDatabase } from "../../../lib/test/database.ts";
import { skipPauses } from "../../../lib/test/pauses.ts";
import { NOW } from "../../test/portal.ts";
import { REST_MS, ago, runDaily, runOften } from "./retention-seed.ts";

beforeEach(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	skipPauses([REST_MS]);
	await resetDatabase(env.DB);
});

const YESTERDAY = ago(1).slice(0, 10);

async function run(...sql: string[]): Promise<void> {
	await env.DB.batch(sql.map((text) => env.DB.prepare(text)));
}

/** A conversation of yesterday that no counter knows. */
function uncounted(org: string, site: string): string[] {
	return [
		`INSERT INTO chat_sessions (id, org_id, site_id, visitor_id, started_at, last_message_at, last_active_date, message_count)
			VALUES ('s-${org}', '${org}', '${site}', 'v', '${ago(1)}', '${ago(1)}', '${YESTERDAY}', 2)`,
		`INSERT INTO chat_messages (id, org_id, session_id, role, content, created_at, finish)
			VALUES ('q-${org}', '${org}', 's-${org}', 'user', 'Private words', '${ago(1)}', NULL)`,
		`INSERT INTO chat_messages (id, org_id, session_id, role, content, created_at, finish, latency_ms)
			VALUES ('a-${org}', '${org}', 's-${org}', 'assistant', 'More of them', '${ago(1)}', 'stop', 90)`,
	];
}

async function lines(work: Promise<{ event: string }[]>) {
	return (await work).filter(({ event }) => event.startsWith("counters"));
}

describe("the daily comparison of counters with rows", () => {
	it("is silent where they agree", async () => {
		expect(await lines(runDaily())).toEqual([]);
		expect(await env.DB.prepare("SELECT after_org FROM reconciliation_state").first()).toEqual({ after_org: null });
	});

	it("puts right what is certain, by one line for each org with ids and numbers", async () => {
		await run(
			...uncounted("org_chadis", "site_chadis"),
			"UPDATE orgs SET knowledge_vectors = 3 WHERE id = 'org_pannu_dental'",
		);
		const told = await lines(runDaily());
		const named = (counter: string, n: number) => `metrics_daily.${counter} site_chadis ${YESTERDAY} 0/${n} mended`;
		expect(told).toEqual([
			{
				...{ level: "warn", event: "counters_differ", org_id: "org_chadis", differences: 6, mended: 6 },
				named: [
					...[
						named("messages", 1),
						named("visitors", 1),
						named("latency_sum_ms", 90),
						named("latency_b00", 1),
						named("sessions", 1),
					],
					`usage_daily.messages ${YESTERDAY} 0/1 mended`,
				].join("; "),
			},
			expect.objectContaining({ org_id: "org_pannu_dental", named: "orgs.knowledge_vectors 3/0 mended" }),
		]);
		expect(JSON.stringify(told)).not.toMatch(/words|them/);
		expect(await env.DB.prepare("SELECT messages, sessions, visitors FROM metrics_daily").first()).toEqual({
			messages: 1,
			sessions: 1,
			visitors: 1,
		});
		expect(await lines(runDaily(env.DB, NOW + 60_000))).toEqual([]);
	});

	it("reports what is not certain, as an error, and leaves it", async () => {
		await run(
			`INSERT INTO metrics_daily (org_id, date, site_id, sessions) VALUES ('org_chadis', '${YESTERDAY}', 'site_chadis', 3)`,
		);
		expect(await lines(runDaily())).toEqual([
			{
				...{ level: "error", event: "counters_differ", org_id: "org_chadis", differences: 1, mended: 0 },
				named: `metrics_daily.sessions site_chadis ${YESTERDAY} 3/0`,
			},
		]);
		expect(await env.DB.prepare("SELECT sessions FROM metrics_daily").first()).toEqual({ sessions: 3 });
	});

	it("takes a few orgs in a run, and the runs of every five minutes the others, each once a day", async () => {
		const orgs = Array.from({ length: 20 }, (_, n) => `org_many${String(n).padStart(2, "0")}`);
		await run(
			...orgs.map(
				(id) =>
					`INSERT INTO orgs (id, name, slug, knowledge_bytes) VALUES ('${id}', 'Many', '${id.replace("_", "-")}', 1)`,
			),
		);
		const seen: unknown[][] = [];
		const orgsIn = async (work: Promise<{ event: string; org_id?: unknown }[]>) => {
			const told = (await work).filter(({ event }) => event === "counters_differ").map(({ org_id }) => org_id);
			seen.push(told);
			await run("UPDATE orgs SET knowledge_bytes = 1 WHERE id GLOB 'org_many*'");
		};
		await orgsIn(runDaily());
		for (let turn = 1; turn <= 5; turn++) await orgsIn(runOften(env.DB, NOW + turn * 300_000));
		expect(seen.flat()).toEqual(orgs);
		expect(seen.at(-1)).toEqual([]);
		expect(Math.max(...seen.map(({ length }) => length))).toBeLessThanOrEqual(6);
	});

	it("goes on with the next org where one fails", async () => {
		await run(...uncounted("org_pannu_dental", "site_pannu_dental"));
		let isBroken = true;
		const db = new Proxy(env.DB, {
			get(target, name) {
				const value: unknown = Reflect.get(target, name);
				if (name !== "batch") return typeof value === "function" ? value.bind(target) : value;
				return (statements: D1PreparedStatement[]) => {
					if (statements.length < 19 || !isBroken) return target.batch(statements);
					isBroken = false;
					return Promise.reject(new Error("D1_ERROR: D1 DB is overloaded."));
				};
			},
		});
		const told = await lines(runDaily(db));
		expect(told).toEqual([
			{ level: "error", event: "counters_not_compared", org_id: "org_chadis", reason: "overloaded" },
			expect.objectContaining({ event: "counters_differ", org_id: "org_pannu_dental", mended: 6 }),
		]);
	});
});
