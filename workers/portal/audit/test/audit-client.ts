import { env } from "cloudflare:workers";

/** What the log has of reads, the oldest first, without the columns that a row of a read leaves at their defaults. */
export async function readsInLog(orgId?: string): Promise<Record<string, unknown>[]> {
	const { results } = await env.DB.prepare(`
		SELECT org_id, at, last_at, user_id, acting_as, impersonator_id, action, target, reads
		FROM audit_log WHERE hour IS NOT NULL AND (?1 IS NULL OR org_id = ?1) ORDER BY id
	`)
		.bind(orgId ?? null)
		.all();
	return results;
}

export async function emptyLog(): Promise<void> {
	await env.DB.prepare("DELETE FROM audit_log").run();
}
