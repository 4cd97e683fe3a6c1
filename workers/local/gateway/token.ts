import { ApiError } from "../../lib/http/errors.ts";
import { invalidFields } from "../../lib/http/fields.ts";
import { vendorList } from "../run/vendors.ts";
import type { GatewayEnv } from "./env.ts";
import { command } from "./stand-ins.ts";

/** Clerk's tokens live for a minute; these are pasted by hand. */
const LIFETIME_SECONDS = 3600;

/** People of the demo data, so that the team page shows who is signed in. */
const DEMO_USERS: Readonly<Record<string, string>> = {
	"admin org_chadis": "user_demoChadisAdmin",
	"member org_chadis": "user_demoChadisMember",
	"admin org_pannu_dental": "user_demoPannuAdmin",
	"member org_pannu_dental": "user_demoPannuDesk",
};

type Role = "member" | "admin" | "staff";

/**
 * A session token of the Clerk stand-in.
 * @param query `role`: member (default), admin or staff; `org`: id of the active organization, for staff none unless given
 * @throws {ApiError} not_found when Clerk is real; invalid_request
 */
export async function sessionToken(query: URLSearchParams, env: GatewayEnv): Promise<string> {
	if (!vendorList(env.STAND_IN_VENDORS).includes("Clerk")) {
		throw new ApiError(
			"not_found",
			"CLERK_DOMAIN is set, so tokens come from your Clerk instance: sign in to the dashboard and copy one from there.",
		);
	}
	const role = roleOf(query.get("role"));
	const orgId = orgOf(query.get("org") ?? (role === "staff" ? null : "org_chadis"));
	const { token } = await command(env, "/control/clerk/token", {
		host: new URL(env.STAND_IN_ORIGIN).host,
		user_id: role === "staff" ? "user_demoStaff" : (DEMO_USERS[`${role} ${orgId}`] ?? `user_local${role}`),
		...(orgId === null ? {} : { org_id: orgId, org_role: role === "admin" ? "admin" : "member" }),
		...(role === "staff" ? { metadata: { role: "staff" } } : {}),
		expires_in: LIFETIME_SECONDS,
	});
	return String(token);
}

function roleOf(value: string | null): Role {
	if (value === null) return "member";
	if (value === "member" || value === "admin" || value === "staff") return value;
	throw invalidFields([{ field: "role", message: "must be member, admin or staff" }]);
}

function orgOf(value: string | null): string | null {
	if (value === null || /^[\w-]{1,64}$/.test(value)) return value;
	throw invalidFields([{ field: "org", message: "must be the id of an organization, such as org_chadis" }]);
}
