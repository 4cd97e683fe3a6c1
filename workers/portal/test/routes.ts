import type { Call } from "./portal.ts";

export interface Route {
	name: string;
	path: string;
	call: Call;
	/** Members who are not admins are refused. */
	forAdmins?: boolean;
}

/** Every route that asks who calls, with a request that is otherwise good for CHADIS. */
export const ROUTES: readonly Route[] = [
	...["overview", "engines", "workflows", "insights", "team", "config", "clients"].map((name) => ({
		name: `GET /portal/${name}`,
		path: `/portal/${name}`,
		call: {},
	})),
	{ name: "PATCH /portal/config", path: "/portal/config", call: { method: "PATCH", body: { greeting: "Hi" } }, forAdmins: true },
	{ name: "PATCH /portal/engines/{id}", path: "/portal/engines/site_chadis", call: { method: "PATCH", body: { name: "Bot" } }, forAdmins: true },
	{ name: "POST /portal/engines/{id}/rotate-key", path: "/portal/engines/site_chadis/rotate-key", call: { method: "POST", body: {} }, forAdmins: true },
];

/** Those about one org, which `?orgId=` may name. */
export const ORG_ROUTES = ROUTES.filter(({ path }) => path !== "/portal/clients");
