import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { runScript } from "../../workers/local/check/command.ts";
import { ROOT } from "../../workers/local/root.ts";
import { SCHEMA, createProject, execute, exportTo, removeProject, withDatabase } from "./wrangler-project.ts";

/** Each start of wrangler takes seconds, and more on a busy machine. */
const PATIENCE_MS = 200_000;

const lost = createProject();
const restored = createProject();
afterAll(() => {
	removeProject(lost);
	removeProject(restored);
});

async function recount(folder: string, ...args: string[]) {
	process.env.KOBY_STATE_DIR = join(folder, ".wrangler/state");
	try {
		return await runScript(join(ROOT, "workers/local/recovery/recount.ts"), ["--local", ...args]);
	} finally {
		delete process.env.KOBY_STATE_DIR;
	}
}

const DAY = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
const AT = `${DAY}T12:00:00.000Z`;
const TURN = `
	INSERT INTO chat_sessions (id, org_id, site_id, visitor_id, started_at, last_message_at, last_active_date, message_count)
	VALUES ('drill', 'org_chadis', 'site_chadis', 'v', '${AT}', '${AT}', '${DAY}', 2);
	INSERT INTO chat_messages (id, org_id, session_id, role, content, created_at, finish)
	VALUES ('drill-q', 'org_chadis', 'drill', 'user', 'It''s; late?', '${AT}', NULL), ('drill-a', 'org_chadis', 'drill', 'assistant', 'No.', '${AT}', 'stop');
	INSERT INTO metrics_daily (org_id, date, site_id, sessions, messages, visitors) VALUES ('org_chadis', '${DAY}', 'site_chadis', 1, 1, 1);
	INSERT INTO usage_daily (org_id, date, messages) VALUES ('org_chadis', '${DAY}', 1);
`;

it(
	"a database is restored from its export, and npm run recount finds every counter as it was",
	async () => {
		expect(await execute(lost, "--file", SCHEMA)).toMatchObject({ exitCode: 0 });
		await withDatabase(lost, (database) => database.exec(TURN));
		const before = await recount(lost);
		expect(before.output).toContain("2 organizations compared: 0 differences, 0 put right.");

		const file = join(lost, "backup.sql");
		expect(await exportTo(lost, file)).toMatchObject({ exitCode: 0 });
		expect(await execute(restored, "--file", file)).toMatchObject({ exitCode: 0 });
		expect((await recount(restored)).output).toBe(before.output);

		await withDatabase(restored, (database) =>
			database.exec("DELETE FROM metrics_daily; UPDATE chat_sessions SET message_count = 5"),
		);
		const broken = await recount(restored);
		expect(broken.exitCode).toBe(1);
		expect(broken.output).toContain(`org_chadis: metrics_daily.messages site_chadis ${DAY} says 0, rows say 1`);
		expect(broken.output).toContain("org_chadis: chat_sessions.message_count drill says 5, rows say 2");
		expect(await recount(restored, "--mend")).toMatchObject({ exitCode: 0 });
		expect((await recount(restored)).output).toBe(before.output);
	},
	PATIENCE_MS,
);
