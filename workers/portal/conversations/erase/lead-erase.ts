import { batch } from "../../../lib/d1/batch.ts";
import { notFound } from "../../../lib/http/serve.ts";
import { IS_ORG, ORG_COLUMNS, readForOrg } from "../../auth/access.ts";
import type { OrgTarget } from "../../auth/access.ts";
import type { Caller } from "../../auth/clerk-claims.ts";
import { leadsCountedStatement, traceStatements } from "./erasure-trace.ts";

/**
 * `DELETE /portal/leads/{id}`: erases who left an address, with name and message. The conversation that it was left in stays.
 * @throws {ApiError} not_found (another org's as well)
 */
export async function deleteLead(db: D1Database, target: OrgTarget, id: string, now: number): Promise<Response> {
	const { caller, org, row } = await readForOrg(db, target, [leadStatement(db, target.ref, id)]);
	if (row["id"] === null) throw notFound();
	const written = await batch(db, eraseLeadStatements(db, { orgId: org.id, id, caller, now }));
	if (written.at(-2)?.length !== 1) throw notFound();
	return new Response(null, { status: 204 });
}

/** What erases a lead, with its traces. The last but one gives its row; none = it was gone, and nothing is written. */
export function eraseLeadStatements(
	db: D1Database,
	{ orgId, id, caller, now }: { orgId: string; id: string; caller: Caller; now: number },
): D1PreparedStatement[] {
	const erasure = { id: crypto.randomUUID(), kind: "lead", orgId, target: id, caller, now } as const;
	const stands = { sql: "FROM leads WHERE org_id = ?1 AND id = ?2", parameters: [orgId, id] };
	return [
		...traceStatements(db, erasure, stands),
		db.prepare("DELETE FROM leads WHERE org_id = ?1 AND id = ?2 RETURNING id").bind(orgId, id),
		leadsCountedStatement(db, erasure.id),
	];
}

/** `id` is NULL when the org has no such lead. */
function leadStatement(db: D1Database, ref: string, id: string): D1PreparedStatement {
	return db
		.prepare(
			`SELECT ${ORG_COLUMNS}, l.id FROM orgs o LEFT JOIN leads l ON l.id = ?2 AND l.org_id = o.id WHERE ${IS_ORG}`,
		)
		.bind(ref, id);
}
