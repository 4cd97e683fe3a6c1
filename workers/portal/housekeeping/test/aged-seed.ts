import { ago, keepFor } from "./retention-seed.ts";

/** Of every table that grows, rows that are past their period, as many as told; CHADIS keeps for thirty days. */
export async function seedAged(db: D1Database, rows: number): Promise<void> {
	const numbers = "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n LIMIT ?1), old (at) AS (SELECT ?2)";
	const each = (sql: string) => db.prepare(`${numbers} ${sql}`).bind(rows, ago(1500));
	// Days and months, each another one, long ago.
	const day = "date(?2, '-' || n || ' days')";
	const month = "substr(date('1990-01-15', '+' || n || ' months'), 1, 7)";
	await db.batch([
		keepFor("org_chadis", 30),
		db.prepare("INSERT INTO workflows (id, org_id, name) VALUES ('aged', 'org_chadis', 'Aged')"),
		each(`INSERT INTO chat_sessions (id, org_id, site_id, visitor_id, started_at, last_message_at)
			SELECT 'aged' || n, 'org_chadis', 'site_chadis', 'v' || n, ?2, ?2 FROM n`),
		each(`INSERT INTO chat_messages (id, org_id, session_id, role, content, created_at)
			SELECT 'aged' || n || part.value, 'org_chadis', 'aged' || n, 'user', 'x', ?2 FROM n JOIN json_each('["a","b"]') part`),
		each(`INSERT INTO session_index (number, org_id, session_id, terms)
			SELECT n, 'org_chadis', 'aged' || n, '["open","park","week"]' FROM n`),
		each(`INSERT INTO session_terms (org_id, term, number, place)
			SELECT 'org_chadis', term.value, n, n FROM n JOIN json_each('["open","park","week"]') term WHERE ?2 <> ''`),
		each(`INSERT INTO turns (id, kind, org_id, site_id, session_id, date, messages, begun_at, expires_at)
			SELECT 'aged' || n, 'chat', 'org_chadis', 'site_chadis', 'aged' || n, '2026-08-20', 1, ?2, '2999-01-01' FROM n WHERE n <= 5`),
		each(`INSERT INTO leads (id, org_id, site_id, session_id, email, created_at)
			SELECT 'aged' || n, 'org_chadis', 'site_chadis', 'aged' || n, 'a@example.com', ?2 FROM n`),
		each(`INSERT INTO question_stats (org_id, site_id, slot, question, last_asked_at)
			SELECT 'org_chadis', 'site_chadis', n, 'q' || n, ?2 FROM n`),
		each(`INSERT INTO voice_sessions (id, org_id, site_id, agent_id, conversation_id, status, opened_at, expires_at)
			SELECT 'aged' || n, 'org_chadis', 'site_chadis', 'agent', 'c' || n, 'closed', ?2, ?2 FROM n`),
		each(
			"INSERT INTO stripe_events (id, type, org_id, created_at, processed_at) SELECT 'aged' || n, 'x', 'org_chadis', ?2, ?2 FROM n",
		),
		each(`INSERT INTO legacy_usage (date, worker, requests) SELECT ${day}, 'chat', 1 FROM n`),
		each(`INSERT INTO workflow_runs (id, org_id, workflow_id, status, started_at)
			SELECT 'aged' || n, 'org_chadis', 'aged', 'success', ${day} || 'T00:00:00.000Z' FROM n`),
		db
			.prepare(
				"INSERT INTO workflow_runs (id, org_id, workflow_id, started_at) VALUES ('last', 'org_chadis', 'aged', ?1)",
			)
			.bind(ago(1400)),
		each(
			`INSERT INTO audit_log (org_id, at, user_id, acting_as, action) SELECT 'org_chadis', ?2, 'u', 'admin', 'x' FROM n`,
		),
		each(
			`INSERT INTO metrics_daily (org_id, date, site_id, messages) SELECT 'org_chadis', ${day}, 'site_chadis', 1 FROM n`,
		),
		each(`INSERT INTO usage_daily (org_id, date, messages) SELECT 'org_chadis', ${month} || '-15', 3 FROM n`),
		each(`INSERT INTO usage_clients (org_id, date, client, messages) SELECT 'org_chadis', ${day}, 'c' || n, 1 FROM n`),
		each(`INSERT INTO usage_deployment (date, cost_usd_micros) SELECT ${day}, 1 FROM n`),
		each(
			"INSERT INTO erasures (id, at, kind, org_id, user_id) SELECT 'aged' || n, ?2, 'lead', 'org_chadis', 'u' FROM n",
		),
		each(
			"INSERT INTO erasure_tokens (org_id, user_id, token_digest, expires_at) SELECT 'org_chadis', 'u' || n, '', ?2 FROM n",
		),
		each(`INSERT INTO config_versions (org_id, version, config, created_at, cause)
			SELECT 'org_chadis', 1000 + n, '{}', ?2, 'by_hand' FROM n`),
		each(`INSERT INTO golden_runs (id, org_id, status, origin, created_at)
			SELECT 'aged' || n, 'org_chadis', 'completed', 'nightly', ?2 FROM n`),
		each("INSERT INTO golden_results (run_id, position, question) SELECT 'aged' || n, 0, '{}' FROM n"),
		each(`INSERT INTO safety_daily (org_id, date, class, tier) SELECT 'org_chadis', ${day}, 'self_harm', 1 FROM n`),
		each(`INSERT INTO golden_usage (org_id, date) SELECT 'org_chadis', ${day} FROM n`),
		each(`INSERT INTO swept_turns (id, kind, org_id, site_id, date, messages, voice_characters, swept_at)
			SELECT 'aged' || n, 'chat', 'org_chadis', 'site_chadis', ${day}, 1, 0, ?2 FROM n`),
		each("INSERT INTO booking_notes (id, at) SELECT 'aged' || n, ?2 FROM n"),
		each(`INSERT INTO database_sizes (date, bytes) SELECT ${day}, 1 FROM n`),
	]);
}
