import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Dump } from "./dump.ts";
import {
	DEMO_DATA,
	SCHEMA,
	createProject,
	dumpProject,
	dumpText,
	execute,
	exportTo,
	removeProject,
	withDatabase,
} from "./wrangler-project.ts";

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
	UPDATE orgs SET status = 'Paused' WHERE id = 'org_chadis';
`;

const project = createProject();
const filled = createProject();
afterAll(() => [project, filled].forEach(removeProject));

async function executeWell(...args: string[]): Promise<string> {
	const run = await execute(project, ...args);
	expect(run).toMatchObject({ exitCode: 0 });
	return run.stdout;
}

beforeAll(async () => void (await executeWell("--file", SCHEMA)), PATIENCE_MS);

describe("with the real wrangler", () => {
	it(
		"the staff commands work as written",
		async () => {
			const results: unknown = JSON.parse(await executeWell("--json", "--command", STAFF_COMMANDS));
			expect(results).toMatchObject([
				{ success: true, results: [{ id: "org_chadis" }, { id: "org_pannu_dental" }] },
				{ success: true, results: [] },
				{ success: true, results: [] },
				{ success: true },
				{ success: true },
				{ success: true },
			]);
			const { orgs, portal_sites: sites } = await dumpProject(project);
			expect(orgs).toContainEqual(
				expect.objectContaining({
					id: "org_newclient",
					plan: "chatbot",
					status: "active",
					clerk_org_id: "org_2abcDEFghiJKLmnoPQRstuVWXyz",
				}),
			);
			expect(sites).toContainEqual(
				expect.objectContaining({
					id: "site_newclient",
					type: "chatbot",
					status: "active",
					environment: "live",
					allowed_origins: null,
				}),
			);
		},
		PATIENCE_MS,
	);

	it(
		"a mistake is refused with the column's name, and nothing of its command stays",
		async () => {
			const before = await dumpProject(project);
			const run = await execute(project, "--command", MISTAKE);
			expect(run.exitCode).toBe(1);
			expect(run.output).toContain("orgs.status must be one of trialing, active, past_due, inactive, churned");
			expect(await dumpProject(project)).toEqual(before);
		},
		PATIENCE_MS,
	);

	it(
		"the schema, run again over what staff have made, changes nothing",
		async () => {
			const before = await dumpProject(project);
			await executeWell("--file", SCHEMA);
			expect(await dumpProject(project)).toEqual(before);
		},
		PATIENCE_MS,
	);

	it(
		"an export makes the same database again",
		async () => {
			// Of its own, as the other tests count what is there.
			cpSync(project, filled, { recursive: true });
			await withDatabase(filled, (database) => database.exec(readFileSync(DEMO_DATA, "utf8")));
			const file = join(filled, "dump.sql");
			expect(await exportTo(filled, file)).toMatchObject({ exitCode: 0 });
			const before = await dumpProject(filled);
			const after = await dumpText(readFileSync(file, "utf8"));
			expect(before["chat_messages"]?.length).toBeGreaterThan(100);
			expect({ ...after, sqlite_master: names(after) }).toEqual({ ...before, sqlite_master: names(before) });
		},
		PATIENCE_MS,
	);
});

/** Wrangler writes some statements of an export anew, so tables and triggers are compared by name. */
function names({ sqlite_master: objects = [] }: Dump): string[] {
	return objects.map(({ type, name }) => `${String(type)} ${String(name)}`);
}
