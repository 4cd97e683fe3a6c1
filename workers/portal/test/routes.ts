import type { Call } from "./portal.ts";

export interface Route {
	name: string;
	path: string;
	call: Call;
}

/** Every route that asks who calls, with a request that is otherwise good. */
export const ROUTES: readonly Route[] = [
	...["overview", "engines", "workflows", "insights", "team", "config", "clients"].map((name) => ({
		name: `GET /portal/${name}`,
		path: `/portal/${name}`,
		call: {},
	})),
	{ name: "PATCH /portal/config", path: "/portal/config", call: { method: "PATCH", body: { greeting: "Hi" } } },
];

/** Those about one org, which `?orgId=` may name. */
export const ORG_ROUTES = ROUTES.filter(({ path }) => path !== "/portal/clients");
