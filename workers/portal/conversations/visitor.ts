import { textColumn } from "../../lib/d1/row.ts";
import type { Row } from "../../lib/d1/row.ts";
import { sha256Hex } from "../../lib/text/digest.ts";

const DIGITS = 16;

/**
 * Rows with a `visitor` beside their `visitor_id`: the same for the same visitor of an org, 16 hexadecimal digits. The id
 * itself stays inside: with it, a conversation's id and the public site key, a reader could speak to the chat as the visitor.
 */
export async function nameVisitors(orgId: string, rows: readonly Row[]): Promise<Row[]> {
	const ids = [...new Set(rows.map((row) => textColumn(row, "visitor_id")))];
	const names = new Map(
		await Promise.all(ids.map(async (id) => [id, (await sha256Hex(`${orgId}\n${id}`)).slice(0, DIGITS)] as const)),
	);
	return rows.map((row) => ({ ...row, visitor: names.get(textColumn(row, "visitor_id")) }));
}
