import type { Caller } from "../lib/clerk-claims.ts";
import { allowMethods, notFound, readJsonBytes } from "../lib/http.ts";
import { requireAdmin, requireMember, requireStaff } from "./access.ts";
import type { OrgTarget } from "./access.ts";
import { authenticate } from "./authenticate.ts";
import { doorkeeping, maxBodyBytes, teamSettings } from "./bindings.ts";
import { getClients } from "./clients.ts";
import { getConfig, patchConfig } from "./config.ts";
import { getEngines } from "./engines.ts";
import { getInsights } from "./insights.ts";
import { getOverview } from "./overview.ts";
import { getTeam } from "./team.ts";
import { getWorkflows } from "./workflows.ts";

const PATCH_TYPES = ["application/json", "application/merge-patch+json"];

export interface Call {
	request: Request;
	url: URL;
	now: number; // epoch ms
}

/** Everything below `/portal/`. A case is one call; the method is checked inside it. */
export async function portalRoute(call: Call, env: Env): Promise<Response> {
	const { request, url, now } = call;
	switch (url.pathname) {
		case "/portal/overview":
			return getOverview(env.DB, await reader(call, env), now);
		case "/portal/engines":
			return getEngines(env.DB, await reader(call, env), now);
		case "/portal/workflows":
			return getWorkflows(env.DB, await reader(call, env), now);
		case "/portal/insights":
			return getInsights(env.DB, await reader(call, env), url.searchParams, now);
		case "/portal/team":
			return getTeam(env.DB, await reader(call, env), teamSettings(env), now);
		case "/portal/clients":
			requireStaff(await signedIn(call, env, "GET"));
			return getClients(env.DB, url.searchParams, now);
		case "/portal/config":
			return request.method === "PATCH" ? changeConfig(call, env) : getConfig(env.DB, await reader(call, env, "PATCH"));
		default:
			throw notFound();
	}
}

function signedIn({ request, now }: Call, env: Env, ...methods: string[]): Promise<Caller> {
	allowMethods(request, ...methods);
	return authenticate(request, doorkeeping(env), now);
}

/** Who may read, of which org. `others`: the methods that the path has beside GET, for the 405. */
async function reader(call: Call, env: Env, ...others: string[]): Promise<OrgTarget> {
	return requireMember(await signedIn(call, env, "GET", ...others), call.url.searchParams);
}

/** What the body says is read only once its writer is known. */
async function changeConfig(call: Call, env: Env): Promise<Response> {
	const body = await readJsonBytes(call.request, maxBodyBytes(env), PATCH_TYPES);
	const admin = requireAdmin(await signedIn(call, env, "PATCH"), call.url.searchParams);
	return patchConfig(env.DB, admin, { body, ifMatch: call.request.headers.get("If-Match") }, call.now);
}
