import type { Row } from "../../lib/d1/row.ts";
import { ApiError } from "../../lib/http/errors.ts";

/** What no two clients have alike. */
interface Names {
	/** null = not asked for */
	slug: string | null;
	/** null = not asked for */
	clerkOrgId: string | null;
}

/** The statement that says which of the names another client has. @param butOf the client's own id */
export function takenStatement(
	db: D1Database,
	{ slug, clerkOrgId, butOf }: Names & { butOf: string },
): D1PreparedStatement {
	return db
		.prepare(`
			SELECT EXISTS (SELECT 1 FROM orgs WHERE slug = ?1 AND id <> ?3) AS slug_taken,
				EXISTS (SELECT 1 FROM orgs WHERE (clerk_org_id = ?2 OR id = ?2) AND id <> ?3) AS clerk_org_id_taken
		`)
		.bind(slug, clerkOrgId, butOf);
}

/** @throws {ApiError} conflict, naming what is taken */
export function requireFree(row: Row | undefined, { slug, clerkOrgId }: Names): void {
	const taken = [
		...(row?.["slug_taken"] === 1 ? [`slug ${slug}`] : []),
		...(row?.["clerk_org_id_taken"] === 1 ? [`clerk_org_id ${clerkOrgId}`] : []),
	];
	if (taken.length === 0) return;
	const message = `Another client has the ${taken.join(" and the ")}; look for it by GET /portal/clients?q=, or send another.`;
	throw new ApiError("conflict", message, { reason: "taken" });
}
