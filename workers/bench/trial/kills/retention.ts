import type { Host } from "../host/start.ts";
import { WORKERS } from "../soak/client.ts";
import { numberOf } from "./scenario.ts";
import type { Scenario } from "./scenario.ts";

const ORG = "org_pannu_dental";
const DAILY_CRON = "17 3 * * *";
const KEPT_DAYS = 90;
/** Sessions that are added each round, half of them due. */
const SESSIONS = 8000;
const MESSAGES_EACH = 4;
/** Runs until nothing is due any more. */
const MAX_RUNS = 5;

/** Sessions of this prefix are ours; those of the demo data age as well. */
async function fill(host: Host, round: number): Promise<void> {
	await host.sql(
		`INSERT INTO org_config (org_id, retention_days, version) VALUES ('${ORG}', ${KEPT_DAYS}, 2) ON CONFLICT (org_id) DO UPDATE SET retention_days = ${KEPT_DAYS}, version = version + 1`,
	);
	const numbers = `WITH RECURSIVE n (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < ${SESSIONS - 1})`;
	const at = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now', iif(n % 2 = 0, '-200 days', '-10 days'), n || ' seconds')";
	await host.sql(`
		INSERT INTO chat_sessions (id, org_id, site_id, visitor_id, started_at, last_message_at, last_active_date, message_count)
		${numbers} SELECT 'kill-${round}-' || (n % 2) || '-' || n, '${ORG}', 'site_pannu_dental', 'v' || n, ${at}, ${at}, substr(${at}, 1, 10), ${MESSAGES_EACH} FROM n`);
	await host.sql(`
		INSERT INTO chat_messages (id, org_id, session_id, role, content, created_at)
		SELECT c.id || '-' || m.column1, c.org_id, c.id, iif(m.column1 % 2 = 0, 'user', 'assistant'), 'Words', c.started_at
		FROM chat_sessions c, (VALUES (0), (1), (2), (3)) m WHERE c.id GLOB 'kill-${round}-*'`);
}

const DUE = `FROM chat_sessions WHERE org_id = '${ORG}' AND id GLOB 'kill-*-0-*'`;
const KEPT = `FROM chat_sessions WHERE org_id = '${ORG}' AND id GLOB 'kill-*-1-*'`;

/** Begins the daily run, which the kill ends; what it leaves the next one goes on with. */
async function work(host: Host): Promise<void> {
	await host.scheduled(WORKERS.portal, DAILY_CRON, Date.now());
}

/** The daily run over a filled database. */
export const retention: Scenario = {
	name: "the daily run",
	spanMs: 1200,
	prepare: fill,
	work,
	async check(host, round) {
		for (let runs = 0; runs < MAX_RUNS && (await numberOf(host, `SELECT COUNT(*) ${DUE}`)) > 0; runs++)
			await host.scheduled(WORKERS.portal, DAILY_CRON, Date.now());
		const kept = (SESSIONS / 2) * (round + 1);
		return [
			{
				promise: "sessions that were due and are there",
				expected: 0,
				found: await numberOf(host, `SELECT COUNT(*) ${DUE}`),
			},
			{ promise: "sessions that were not due", expected: kept, found: await numberOf(host, `SELECT COUNT(*) ${KEPT}`) },
			{
				promise: "messages of those",
				expected: kept * MESSAGES_EACH,
				found: await numberOf(host, "SELECT COUNT(*) FROM chat_messages WHERE session_id GLOB 'kill-*-1-*'"),
			},
			{
				promise: "messages without a session",
				expected: 0,
				found: await numberOf(
					host,
					"SELECT COUNT(*) FROM chat_messages m WHERE NOT EXISTS (SELECT 1 FROM chat_sessions s WHERE s.id = m.session_id)",
				),
			},
		];
	},
};
