import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Dump } from "./dump.ts";
import { DEMO_DATA, SCHEMA, createProject, dumpProject, execute, exportTo, removeProject } from "./wrangler-project.ts";

/** A start of wrangler takes seconds, and more on a busy machine. */
const PATIENCE_MS = 150_000;

const STAFF_COMMANDS = `
	SELECT * FROM orgs;
	SELECT * FROM chat_sessions ORDER BY started_at DESC LIMIT 10;
	SELECT * FROM metrics_daily ORDER BY date DESC LIMIT 10;
	INSERT INTO orgs (id, name, slug, plan) VALUES ('org_newclient', 'New Client', 'new-client', 'chatbot');
	INSERT INTO portal_sites (id, org_id, site_key, name, type) VALUES ('site_newclient', 'org_newclient', 'sk_newclient_live_xxx', 'Main Chatbot', 'chatbot');
	UPDATE orgs SET clerk_org_id='org_2abcDEFghiJKLmnoPQRstuVWXyz' WHERE id='org_newclient';
`;
const MISTAKE = `
	INSERT INTO orgs (id, name, slug) VALUES ('org_half', 'Half', 'half');
	UPDATE orgs SET status = 'Paused' WHERE id = 'org_newclient';
`;
/** Wrangler reads an import sign by sign: ten days of conversations take it a second, sixty take ten. */
const SHORTEN = "DELETE FROM chat_sessions WHERE started_at < strftime('%Y-%m-%d', 'now', '-9 days');";

const [staff, source, copy] = [createProject(), createProject(), createProject()];
afterAll(() => [staff, source, copy].forEach(removeProject));

async function executeWell(folder: string, ...args: string[]): Promise<string> {
	const run = await execute(folder, ...args);
	expect(run).toMatchObject({ exitCode: 0 });
	return run.stdout;
}

/** Schema and demo data, both twice, exported and imported into an empty database. */
async function exportAndImport(): Promise<[Dump, Dump]> {
	const texts = [SCHEMA, DEMO_DATA, SCHEMA, DEMO_DATA].map((file) => readFileSync(file, "utf8"));
	writeFileSync(join(source, "all.sql"), [...texts, SHORTEN].join("\n"));
	await executeWell(source, "--file", "all.sql");
	const file = join(copy, "dump.sql");
	expect(await exportTo(source, file)).toMatchObject({ exitCode: 0 });
	await executeWell(copy, "--file", file);
	return [await dumpProject(source), await dumpProject(copy)];
}

// Two lines of work at once: the one with export and import runs while staff's commands are tested.
let exported: Promise<PromiseSettledResult<[Dump, Dump]>[]>;

beforeAll(async () => {
	exported = Promise.allSettled([exportAndImport()]);
	await executeWell(staff, "--file", SCHEMA);
}, PATIENCE_MS);

describe("with the real wrangler", () => {
	it("the staff commands work as written", async () => {
		const results: unknown = JSON.parse(await executeWell(staff, "--json", "--command", STAFF_COMMANDS));
		expect(results).toMatchObject([
			{ success: true, results: [{ id: "org_chadis" }, { id: "org_pannu_dental" }] },
			{ success: true, results: [] },
			{ success: true, results: [] },
			{ success: true },
			{ success: true },
			{ success: true },
		]);
		const { orgs, portal_sites: sites } = await dumpProject(staff);
		expect(orgs).toContainEqual(
			expect.objectContaining({ id: "org_newclient", plan: "chatbot", status: "active", clerk_org_id: "org_2abcDEFghiJKLmnoPQRstuVWXyz" }),
		);
		expect(sites).toContainEqual(
			expect.objectContaining({ id: "site_newclient", type: "chatbot", status: "active", environment: "live", allowed_origins: null }),
		);
	}, PATIENCE_MS);

	it("a mistake is refused with the column's name, and nothing of its command stays", async () => {
		const before = await dumpProject(staff);
		const run = await execute(staff, "--command", MISTAKE);
		expect(run.exitCode).toBe(1);
		expect(run.output).toContain("orgs.status must be one of trialing, active, past_due, inactive, churned");
		expect(await dumpProject(staff)).toEqual(before);
	}, PATIENCE_MS);

	it("the schema, run again over what staff have made, changes nothing", async () => {
		const before = await dumpProject(staff);
		await executeWell(staff, "--file", SCHEMA);
		expect(await dumpProject(staff)).toEqual(before);
	}, PATIENCE_MS);

	it("an export of schema and demo data makes the same database again", async () => {
		const [outcome] = await exported;
		if (outcome?.status !== "fulfilled") throw outcome?.reason;
		const [before, after] = outcome.value;
		expect(before["chat_messages"]?.length).toBeGreaterThan(100);
		expect({ ...after, sqlite_master: names(after) }).toEqual({ ...before, sqlite_master: names(before) });
	}, PATIENCE_MS);
});

/** Wrangler writes some statements of an export anew, so tables and triggers are compared by name. */
function names({ sqlite_master: objects = [] }: Dump): string[] {
	return objects.map(({ type, name }) => `${String(type)} ${String(name)}`);
}
