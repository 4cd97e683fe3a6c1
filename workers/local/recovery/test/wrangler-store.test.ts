import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { ROOT } from "../../root.ts";
import { askedOf } from "../arguments.ts";
import { inlined } from "../inline.ts";
import { withStore } from "../place.ts";
import { recount } from "../recounting.ts";
import { replayLines } from "../replaying.ts";

const REPLAY = { use: "Use: replay", apply: "yes" } as const;
const RECOUNT = { use: "Use: recount", apply: "mend" } as const;

describe("a statement's values are written out", () => {
	it("but for question marks in texts, names and comments", () => {
		const sql = `SELECT ?2, ?1, 'it''s ?1', "a?2" -- what ?1\nFROM t WHERE a GLOB 'cus_?*' AND b = ?12`;
		const values = ["O'Brien; --", 7, ...Array<null>(9).fill(null), -1.5];
		expect(inlined(sql, values)).toBe(
			`SELECT 7, 'O''Brien; --', 'it''s ?1', "a?2" \nFROM t WHERE a GLOB 'cus_?*' AND b = -1.5`,
		);
	});

	it("and none is left out", () => {
		expect(() => inlined("SELECT ?1", [])).toThrow("bound to nothing");
	});
});

describe("a command line", () => {
	it.each([
		["", "koby-portal-db", []],
		["--local --yes a.log -", "koby-portal-db", []],
		["--env staging", "koby-portal-db-staging", ["--remote", "--env", "staging"]],
		["--env production", "koby-portal-db", ["--remote"]],
	])("%s acts on %s", (line, name, flags) => {
		const asked = askedOf(line.split(" ").filter(Boolean), REPLAY);
		expect(asked).toMatchObject({
			name,
			flags: flags.length === 0 ? [] : ["--config", "wrangler-portal.toml", ...flags],
			isApplied: line.includes("--yes"),
		});
	});

	it.each(["--env test", "--local --env staging", "--mend", "--nonsense", "--org x"])(
		"%s is told how it is used",
		(line) => {
			expect(() => askedOf(line.split(" "), REPLAY)).toThrow("Use: replay");
		},
	);

	it.each(["--from 1.1.2026", "--yes"])("of recount %s is told as well", (line) => {
		expect(() => askedOf(line.split(" "), RECOUNT)).toThrow("Use: recount");
	});
});

/** A database behind something that answers as `wrangler d1 execute --remote --json` does. */
function standIn() {
	const database = new DatabaseSync(":memory:");
	database.exec(readFileSync(join(ROOT, "schema/portal-schema.sql"), "utf8"));
	const calls: string[][] = [];
	const run = (args: readonly string[]) => {
		calls.push([...args]);
		const sql = args.at(-1) ?? "";
		database.exec("BEGIN");
		try {
			const results = sql
				.split(";\n")
				.map((text) => ({ results: database.prepare(text).all(), success: true, meta: {} }));
			database.exec("COMMIT");
			const stdout = JSON.stringify(results);
			return Promise.resolve({ exitCode: 0, stdout, output: stdout });
		} catch (error) {
			database.exec("ROLLBACK");
			return Promise.resolve({ exitCode: 1, stdout: "", output: `X [ERROR] ${String(error)}` });
		}
	};
	return { database, calls, run };
}

const STAGING = askedOf(["--env", "staging"], REPLAY);
const NOW = Date.parse("2026-03-10T12:00:00.000Z");
const DATE = "2026-03-10";

async function* texts(lines: readonly string[]): AsyncGenerator<string> {
	yield* lines;
}

describe("a remote database is reached by wrangler d1 execute", () => {
	const cost = (id: string) =>
		JSON.stringify({
			level: "error",
			event: "cost_not_given_back",
			booking_id: id,
			org_id: "org_chadis",
			date: DATE,
			cost_usd_micros: 10,
		});

	it("by few calls for many lines, each of which is put back once", async () => {
		const { database, calls, run } = standIn();
		database.exec(`INSERT INTO usage_daily (org_id, date, cost_usd_micros) VALUES ('org_chadis', '${DATE}', 5000)`);
		const lines = Array.from({ length: 100 }, () => cost(crypto.randomUUID()));
		const told: string[] = [];
		const replay = (isApplied: boolean) =>
			withStore(
				STAGING,
				(store) => replayLines(store, texts(lines), { isApplied, now: NOW, tell: (text) => void told.push(text) }),
				run,
			);
		expect(await replay(false)).toMatchObject({ putBack: 100 });
		expect(database.prepare("SELECT COUNT(*) AS n FROM booking_notes").get()).toEqual({ n: 0 });
		expect(await replay(true)).toMatchObject({ putBack: 100, there: 0, cannot: 0 });
		expect(await replay(true)).toMatchObject({ putBack: 0, there: 100 });
		expect(database.prepare("SELECT cost_usd_micros AS n FROM usage_daily").get()).toEqual({ n: 4000 });
		expect(calls.length).toBeLessThanOrEqual(12);
		expect(
			calls.every(
				(args) => args.slice(0, 3).join(" ") === "d1 execute koby-portal-db-staging" && args.includes("--remote"),
			),
		).toBe(true);
		// Linux takes 128 KiB of an argument.
		expect(Math.max(...calls.map((args) => (args.at(-1) ?? "").length))).toBeLessThan(120_000);
	});

	it("and one line that the database refuses keeps no other", async () => {
		const { database, run } = standIn();
		const [good, bad] = [crypto.randomUUID(), crypto.randomUUID()];
		database.exec(
			`CREATE TRIGGER refuse BEFORE INSERT ON booking_notes WHEN NEW.id = '${bad}' BEGIN SELECT RAISE(ABORT, 'refused'); END`,
		);
		const told: string[] = [];
		const counts = await withStore(
			STAGING,
			(store) =>
				replayLines(store, texts([cost(bad), cost(good)]), {
					isApplied: true,
					now: NOW,
					tell: (text) => void told.push(text),
				}),
			run,
		);
		expect(counts).toMatchObject({ putBack: 1, cannot: 1 });
		expect(told.join("\n")).toContain("the database refused it");
	});

	it("and its counters are compared and put right, over many days", async () => {
		const { database, calls, run } = standIn();
		database.exec(`
			INSERT INTO chat_sessions (id, org_id, site_id, visitor_id, started_at, last_message_at, message_count)
			VALUES ('s', 'org_chadis', 'site_chadis', 'v', '2026-03-01T10:00:00.000Z', '2999-01-01T00:00:00.000Z', 9);
			INSERT INTO chat_messages (id, org_id, session_id, role, content, created_at) VALUES ('q', 'org_chadis', 's', 'user', '', '2026-03-01T10:00:00.000Z');
			INSERT INTO usage_daily (org_id, date, cost_usd_micros) VALUES ('org_chadis', '2026-03-01', 7);
			UPDATE usage_deployment SET cost_usd_micros = 3;`);
		const count = async (isMended: boolean) => {
			const told: string[] = [];
			const options = {
				org: undefined,
				from: "2026-02-01",
				to: "2026-03-05",
				isMended,
				now: NOW,
				tell: (text: string) => void told.push(text),
			};
			return { ...(await withStore(STAGING, (store) => recount(store, options), run)), told };
		};
		const told = [
			"org_chadis: metrics_daily.visitors site_chadis 2026-03-01 says 0, rows say 1",
			"org_chadis: metrics_daily.errors site_chadis 2026-03-01 says 0, rows say 1",
			"org_chadis: metrics_daily.sessions site_chadis 2026-03-01 says 0, rows say 1",
			"org_chadis: chat_sessions.message_count s says 9, rows say 1",
			"usage_deployment 2026-03-01 says 3, days say 7",
		];
		const before = await count(false);
		expect(before).toMatchObject({ orgs: 2, differences: 5, mended: 0 });
		expect(before.told.sort()).toEqual(told.sort());
		expect(await count(true)).toMatchObject({ differences: 5, mended: 5 });
		expect(await count(false)).toMatchObject({ orgs: 2, differences: 0, told: [] });
		expect(Math.max(...calls.map((args) => (args.at(-1) ?? "").length))).toBeLessThan(120_000);
	});

	it("and an org that is none of it is named", async () => {
		const { run } = standIn();
		const options = {
			org: "org_nobody",
			from: undefined,
			to: undefined,
			isMended: false,
			now: NOW,
			tell: () => undefined,
		};
		await expect(withStore(STAGING, (store) => recount(store, options), run)).rejects.toThrow(
			"no organization org_nobody",
		);
	});
});
