import { numberColumn, packedRows, textColumn, textColumnOrNull } from "../../lib/d1/row.ts";
import type { Row } from "../../lib/d1/row.ts";
import { secret } from "../../lib/env.ts";
import { taggedJson } from "../../lib/http/conditional.ts";
import { readRecorded } from "../audit/reads.ts";
import { IS_ORG, ORG_COLUMNS } from "../auth/access.ts";
import type { Org, OrgTarget } from "../auth/access.ts";
import { packedColumn } from "../request/packed.ts";
import { listMembers } from "./clerk-members.ts";
import type { ClerkApi, Member } from "./clerk-members.ts";
import { vendorBaseUrl } from "../../lib/vendor/base-url.ts";

const MAX_MEMBERS = 1000;
/** Clerk's own form of an organization's id: staff may have used it as ours. */
const CLERK_ORG_ID = /^org_[A-Za-z0-9]{20,}$/;

export interface TeamSettings {
	/** CLERK_SECRET_KEY; undefined = members come from the database */
	secretKey: string | undefined;
	/** CLERK_API_URL */
	apiUrl: string | undefined;
	/** development, staging or production */
	environment: string;
}

/**
 * `GET /portal/team`: an org's members, as Clerk lists them or, without Clerk's key or for an org that Clerk does not know,
 * as the database does.
 * @throws {ApiError} team_unavailable, not_configured
 */
export async function getTeam(
	db: D1Database,
	target: OrgTarget,
	settings: TeamSettings,
	now: number,
): Promise<Response> {
	const { org, row } = await readRecorded(db, target, [teamStatement(db, target.ref)], { action: "team.list", now });
	const clerk = clerkApi(settings);
	const clerkOrgId = clerkOrgIdOf(org);
	if (clerk === undefined || clerkOrgId === null) {
		return taggedJson({
			members: packedRows(row, "members").map(memberOf),
			total: numberColumn(row, "total"),
			source: "database",
		});
	}
	const { members, total } = await listMembers(clerk, clerkOrgId, now);
	return taggedJson({ members, total, source: "clerk" });
}

function clerkApi({ secretKey, apiUrl, environment }: TeamSettings): ClerkApi | undefined {
	const key = secret(secretKey);
	if (key === undefined) return undefined;
	const rules = { variable: "CLERK_API_URL", fallback: "https://api.clerk.com", domain: "clerk.com", environment };
	return { baseUrl: vendorBaseUrl(apiUrl, rules), secretKey: key };
}

function clerkOrgIdOf(org: Org): string | null {
	return org.clerkOrgId ?? (CLERK_ORG_ID.test(org.id) ? org.id : null);
}

const TEAM_SQL = `
	SELECT ${ORG_COLUMNS},
		(SELECT COUNT(*) FROM team_members t WHERE t.org_id = o.id) AS total,
		(SELECT ${packedColumn("user_id", "name", "email", "role", "image_url", "joined_at")}
			FROM (
				SELECT user_id, name, email, role, image_url, joined_at
				FROM team_members
				WHERE org_id = o.id
				ORDER BY joined_at, user_id
				LIMIT ${MAX_MEMBERS}) listed) AS members
	FROM orgs o
	WHERE ${IS_ORG}
`;

function teamStatement(db: D1Database, ref: string): D1PreparedStatement {
	return db.prepare(TEAM_SQL).bind(ref);
}

function memberOf(row: Row): Member {
	return {
		user_id: textColumn(row, "user_id"),
		name: textColumnOrNull(row, "name"),
		email: textColumnOrNull(row, "email"),
		role: textColumn(row, "role") === "admin" ? "admin" : "member",
		image_url: textColumnOrNull(row, "image_url"),
		joined_at: textColumn(row, "joined_at"),
	};
}
