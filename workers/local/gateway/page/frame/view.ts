import type { Org } from "../api/org.ts";
import type { Api, Role } from "../api/portal.ts";
import type { Site } from "./site.ts";

/** What a view of the dashboard is shown with. */
export interface Context {
	api: Api;
	role: Role;
	org: Org;
	/** Admins and staff may change things. */
	mayWrite: boolean;
	site: Site;
	/** Aborted when another view takes its place. */
	signal: AbortSignal;
	/** Says something in one line above the view. */
	tell(text: string, isFault?: boolean): void;
	/** Does something for the view, and says why when it does not work. */
	attempt(work: () => Promise<void>): Promise<void>;
	/** Shows another view, or this one with something else, and says something above it. */
	go(view: string, detail?: string, said?: string): void;
	/** Shows another customer; for staff. */
	choose(orgId: string): void;
	/** Reads the customer anew: its plan, its keys. */
	refresh(): Promise<void>;
}

export interface View {
	/** What stands in the address. */
	id: string;
	title: string;
	roles: readonly Role[];
	/** @param detail what stands behind the view's name in the address; "" = nothing */
	show(place: HTMLElement, context: Context, detail: string): void;
}

export const EVERYONE: readonly Role[] = ["member", "admin", "staff"];
export const WRITERS: readonly Role[] = ["admin", "staff"];
