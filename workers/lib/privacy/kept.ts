/** SQL for the mode of an org, whose id `orgId` is SQL: an org without a configuration has the default's. */
function modeSql(orgId: string): string {
	return `COALESCE((SELECT privacy FROM org_config WHERE org_id = ${orgId}), 'standard')`;
}

/**
 * SQL for what is kept of a text in the mode that the org has in this very statement: the batch that admits a visitor also stores
 * the message, so that nobody knows the mode before it. A mode that this version does not know keeps nothing.
 * @param texts SQL: the text as it was written, with marks, and what stands where nothing is kept
 */
export function keptTextSql(orgId: string, texts: { written: string; hidden: string; none: string }): string {
	return `CASE ${modeSql(orgId)} WHEN 'standard' THEN ${texts.written} WHEN 'redact' THEN ${texts.hidden} ELSE ${texts.none} END`;
}

/** SQL condition that the org keeps words at all. */
export function keepsWordsSql(orgId: string): string {
	return `${modeSql(orgId)} IN ('standard', 'redact')`;
}
