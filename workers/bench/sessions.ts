/** Sessions `from` to `to` of org_chadis, spread over the last 58 days, each with one message; the metrics stay as they are. */
export function sessionsSql(from: number, to: number): string {
	return `
		INSERT INTO chat_sessions (id, org_id, site_id, visitor_id, started_at, last_message_at, last_active_date, message_count)
		WITH RECURSIVE n (i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${to})
		SELECT printf('%08x-0000-4000-8000-000000000000', i), 'org_chadis', 'site_chadis', 'visitor_' || i, t, t, substr(t, 1, 10), 1
		FROM (SELECT i, strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-' || (i % 5000000 + 3600) || ' seconds') AS t FROM n);
		INSERT INTO chat_messages (id, org_id, session_id, role, content, created_at)
		SELECT 'message_' || substr(id, 1, 8), org_id, id, 'user', 'What are your opening hours on Saturdays and Sundays?', started_at
		FROM chat_sessions WHERE id > printf('%08x', ${from}) AND id < printf('%08x', ${to}) AND id GLOB '*-0000-4000-8000-000000000000';
	`;
}
