import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runWrangler } from "../../check/command.ts";
import { ROOT } from "../../root.ts";

const STATE = mkdtempSync(join(tmpdir(), "koby-kit-"));
const LOCAL = ["--local", "--persist-to", STATE];
const DATABASE = ["koby-portal-db", "--config", "wrangler-portal.toml", ...LOCAL];
/** A command starts wrangler twice, each time with a runtime of its own. */
const PATIENCE_MS = 240_000;

beforeAll(async () => {
	const { exitCode, output } = await runWrangler([
		"d1",
		"execute",
		...DATABASE,
		"--yes",
		"--file",
		"schema/portal-schema.sql",
	]);
	if (exitCode !== 0) throw new Error(output);
}, PATIENCE_MS);
afterAll(() => rmSync(STATE, { recursive: true, force: true }));

/** What a command prints, run as `npm run client` runs it. */
function client(...args: string[]) {
	const { status, stdout, stderr } = spawnSync(
		process.execPath,
		["workers/local/launch.mjs", "workers/local/kit/client.ts", ...args],
		{ cwd: ROOT, encoding: "utf8", env: { ...process.env, KOBY_STATE_DIR: undefined } },
	);
	return { status, stdout, stderr };
}

/** The same, as a program reads it. */
function answer(...args: string[]) {
	const { status, stdout, stderr } = client(...args, "--json", ...LOCAL, "--as", "jane");
	if (status !== 0) throw new Error(stderr);
	return JSON.parse(stdout);
}

async function query(sql: string): Promise<Record<string, unknown>[]> {
	const { exitCode, stdout, output } = await runWrangler([
		"d1",
		"execute",
		...DATABASE,
		"--yes",
		"--json",
		"--command",
		sql,
	]);
	if (exitCode !== 0) throw new Error(output);
	const [first]: { results: Record<string, unknown>[] }[] = JSON.parse(stdout);
	return first?.results ?? [];
}

const GREETING = 'It\'s ours; -- "?1"\nsecond line \\ end';

describe("a customer by the kit alone", () => {
	it(
		"is added, found, changed, closed and erased, each with its trace",
		async () => {
			const made = answer("add", "O'Neil & Söhne", "--greeting", GREETING, "--price", "99.5", "--yes");
			expect(made.client).toMatchObject({
				slug: "o-neil-sohne",
				plan: "chatbot",
				monthly_price_usd_micros: 99_500_000,
			});
			expect(made.engines.map(({ environment }: { environment: string }) => environment)).toEqual(["live", "test"]);
			expect(made.embed).toContain('src="http://localhost:8787/chat/widget.js" data-site-key="sk_o-neil-sohne_live_');
			const { id } = made.client;
			expect(await query(`SELECT greeting FROM org_config WHERE org_id = '${id}'`)).toEqual([{ greeting: GREETING }]);

			const twice = client("add", "O'Neil & Söhne", ...LOCAL, "--yes");
			expect(twice.status).toBe(1);
			expect(twice.stderr).toContain("Another client has the slug o-neil-sohne");
			expect(twice.stderr).toContain(`Type npm run client -- list --local --persist-to ${STATE}`);

			expect(answer("list", "--q", "o-n")).toMatchObject([{ id, name: "O'Neil & Söhne", status: "active" }]);
			expect(answer("change", "o-neil-sohne", "--slug", "oneil", "--plan", "voice", "--yes").client).toMatchObject({
				...{ id, slug: "oneil", plan: "voice" },
			});
			expect(answer("check", "oneil")).toMatchObject([{ client: { id }, next_steps: expect.any(Array) }]);
			const closed = answer("close", id, "--yes");
			expect(closed.client).toMatchObject({ status: "churned", status_locked: true });
			expect(closed.engines.map(({ status }: { status: string }) => status)).toEqual(["paused", "paused"]);
			const log = `SELECT action, user_id, acting_as FROM audit_log WHERE org_id = '${id}' ORDER BY id`;
			expect(await query(log)).toEqual(
				["client.create", "engine.create", "engine.create", "client.update", "client.read", "client.update"].map(
					(action) => ({ action, user_id: "cli:jane", acting_as: "staff" }),
				),
			);

			const { token } = answer("erase", id, "--yes");
			expect(token).toMatch(/^[0-9a-f]{64}$/);
			const other = client("erase", id, "--token", token, "--yes", ...LOCAL, "--as", "joe");
			expect(other.stderr).toMatch(
				/^This token does not erase this customer, or no longer; .+\nType npm run client -- erase \S+ --local .+ for a new token/m,
			);
			expect(answer("erase", id, "--token", token, "--yes")).toBeNull();
			expect(await query(`SELECT name, clerk_org_id FROM orgs WHERE id = '${id}'`)).toEqual([
				{ name: "Erased", clerk_org_id: null },
			]);
			expect(await query("SELECT kind, user_id FROM erasures")).toEqual([{ kind: "client", user_id: "cli:jane" }]);
			const gone = client("check", id, ...LOCAL);
			expect(gone.stderr).toMatch(/^There is no organization with this id; .+\nType npm run client -- list --local/m);
		},
		PATIENCE_MS,
	);
});

describe("without --yes", () => {
	it(
		"a command prints what it would run, which can be run as it stands, and touches neither database nor network",
		async () => {
			// With wrangler out of reach nothing could be asked of anyone.
			const dry = client("add", "Dry Client", "--remote", "--env", "staging", "--greeting", GREETING);
			expect(dry).toMatchObject({ status: 0, stderr: "" });
			expect(dry.stdout).toMatch(/^This would add the client Dry Client \(slug dry-client\)/);
			expect(dry.stdout).toContain(
				"npx wrangler d1 execute koby-portal-db-staging --config wrangler-portal.toml --remote --env staging --yes --json --command",
			);
			expect(dry.stdout).toContain("  npm run client -- add 'Dry Client' --remote --env staging --greeting '");
			expect(await query("SELECT COUNT(*) AS n FROM orgs WHERE slug = 'dry-client'")).toEqual([{ n: 0 }]);
			const sql = /<<'SQL'\n([\s\S]+)\nSQL\n/.exec(dry.stdout)?.[1] ?? "";
			await query(sql);
			const kept = "SELECT c.greeting FROM orgs o JOIN org_config c ON c.org_id = o.id WHERE o.slug = 'dry-client'";
			expect(await query(kept)).toEqual([{ greeting: GREETING }]);
			for (const words of [
				["close", "dry-client"],
				["change", "dry-client", "--plan", "voice"],
				["erase", "dry-client"],
			]) {
				const { status, stdout } = client(...words, "--remote");
				expect(status).toBe(0);
				expect(stdout).toContain("(SELECT id FROM orgs WHERE slug = 'dry-client')");
				expect(stdout).toContain("Nothing was read or written. To do it, type the same with --yes:");
			}
			const change = client("close", "dry-client", "--remote").stdout;
			await query(/<<'SQL'\n([\s\S]+)\nSQL\n/.exec(change)?.[1] ?? "");
			expect(await query("SELECT status FROM orgs WHERE slug = 'dry-client'")).toEqual([{ status: "churned" }]);
		},
		PATIENCE_MS,
	);

	it("a faulty one is refused all the same, by the options that were typed", () => {
		const { status, stderr, stdout } = client(
			"add",
			"N",
			"--remote",
			"--slug",
			"A b",
			"--origin",
			"http://a.com",
			"--share",
			"0",
		);
		expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
		expect(stderr.split("\n")).toEqual([
			"Nothing was written. Please correct:",
			"  --slug must be 1 to 60 lower-case letters and digits, with single hyphens between them",
			"  --share must be a whole number of percent from 1 to 100",
			"  --origin must be null or a list of at most 50 origins such as https://www.example.com, without a path",
			"Type the command once more with that changed.",
			"",
		]);
	});
});

describe("a database that cannot be asked", () => {
	it(
		"is told of in wrangler's words, with what to type",
		() => {
			const empty = mkdtempSync(join(tmpdir(), "koby-kit-"));
			const { status, stderr } = client("list", "--local", "--persist-to", empty);
			rmSync(empty, { recursive: true, force: true });
			expect(status).toBe(1);
			expect(stderr).toContain("no such table: orgs");
			expect(stderr).toContain("Type npm run migrate -- --local, or npm start once for a new one.");
		},
		PATIENCE_MS,
	);
});
