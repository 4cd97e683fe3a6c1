/**
 * A join, after `chat_sessions c`, of `visitors v`: `v.visitor` is what the portal calls a visitor, random and the same for all
 * sessions of the same `visitor_id` in an org. The id itself stays inside: with it, a conversation's id and the public site key, a
 * reader could speak to the chat as the visitor. Each session has a row there, by a trigger.
 */
export const VISITOR_JOIN = "CROSS JOIN visitors v ON v.org_id = c.org_id AND v.visitor_id = c.visitor_id";

/** The condition, over that join, that a session may be read: neither it nor its visitor has been erased since it began. */
export const IS_KEPT = "c.erased_at IS NULL AND (v.erased_at IS NULL OR c.started_at > v.erased_at)";

/** The condition, over `orgs o`, that a session is the org's, of a site that it still has, and may be read. @param id SQL of its id */
export function hasConversationSql(id: `?${number}`): string {
	return `EXISTS (
	SELECT 1 FROM chat_sessions c JOIN portal_sites s ON s.id = c.site_id AND s.org_id = c.org_id ${VISITOR_JOIN}
	WHERE c.id = ${id} AND c.org_id = o.id AND ${IS_KEPT})`;
}
