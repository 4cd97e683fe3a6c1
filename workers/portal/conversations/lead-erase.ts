import { batch } from "../../lib/d1/batch.ts";
import { notFound } from "../../lib/http/serve.ts";
import { IS_ORG, ORG_COLUMNS, readForOrg } from "../auth/access.ts";
import type { OrgTarget } from "../auth/access.ts";
import { leadsCountedStatement, traceStatements } from "./erasure-trace.ts";

/**
 * `DELETE /portal/leads/{id}`: erases who left an address, with name and message. The conversation that it was left in stays.
 * @throws {ApiError} not_found (another org's as well)
 */
export async function deleteLead(db: D1Database, target: OrgTarget, id: string, now: number): Promise<Response> {
	const { caller, org, row } = await readForOrg(db, target, [leadStatement(db, target.ref, id)]);
	if (row["id"] === null) throw notFound();
	const erasure = { id: crypto.randomUUID(), kind: "lead", orgId: org.id, target: id, caller, now } as const;
	const stands = { sql: "FROM leads WHERE org_id = ?1 AND id = ?2", parameters: [org.id, id] };
	const trace = traceStatements(db, erasure, stands);
	const written = await batch(db, [
		...trace,
		db.prepare("DELETE FROM leads WHERE org_id = ?1 AND id = ?2 RETURNING id").bind(org.id, id),
		leadsCountedStatement(db, erasure.id),
	]);
	if (written[trace.length]?.length !== 1) throw notFound();
	return new Response(null, { status: 204 });
}

/** `id` is NULL when the org has no such lead. */
function leadStatement(db: D1Database, ref: string, id: string): D1PreparedStatement {
	return db
		.prepare(
			`SELECT ${ORG_COLUMNS}, l.id FROM orgs o LEFT JOIN leads l ON l.id = ?2 AND l.org_id = o.id WHERE ${IS_ORG}`,
		)
		.bind(ref, id);
}
