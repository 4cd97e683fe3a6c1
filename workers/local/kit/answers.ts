import { isObject } from "../../lib/http/json.ts";

// What the portal's functions answer, as far as the kit prints it.

export interface Listed {
	id: string;
	name: string;
	slug: string;
	plan: string;
	status: string;
	attention: string[];
	messages: number;
	cost: number;
	margin: number | null;
	lastActive: string | null;
}

export interface Engine {
	id: string;
	name: string;
	status: string;
	environment: string;
	siteKey: string;
	/** null = any https origin */
	origins: string[] | null;
	embed: string | null;
	lastActive: string | null;
}

export interface Details {
	id: string;
	name: string;
	slug: string;
	plan: string;
	status: string;
	clerkOrgId: string | null;
	stripe: string;
	knowledge: number;
	engines: Engine[];
	steps: { step: string; message: string }[];
}

/** A page of `GET /portal/clients`. */
export async function parseListed(response: Response): Promise<{ clients: Listed[]; next: string | null }> {
	const body: unknown = await response.json();
	return { clients: listOf(body, "clients").map(listedOf), next: textOrNull(body, "next_cursor") };
}

/** What is answered about one client; `engines` alone where an engine was made. */
export function parseDetails(body: unknown): Details {
	const client = member(body, "client");
	const stripe = member(client, "stripe");
	return {
		id: text(client, "id"),
		name: text(client, "name"),
		slug: text(client, "slug"),
		plan: text(client, "plan"),
		status: text(client, "status"),
		clerkOrgId: textOrNull(client, "clerk_org_id"),
		stripe: textOrNull(stripe, "status") ?? "no subscription",
		knowledge: number(client, "knowledge_entries"),
		engines: parseEngines(body),
		steps: listOf(body, "next_steps").map((step) => ({ step: text(step, "step"), message: text(step, "message") })),
	};
}

export function parseEngines(body: unknown): Engine[] {
	return listOf(body, "engines").map((engine) => ({
		id: text(engine, "id"),
		name: text(engine, "name"),
		status: text(engine, "status"),
		environment: text(engine, "environment"),
		siteKey: text(engine, "site_key"),
		origins: member(engine, "allowed_origins") === null ? null : textsOf(engine, "allowed_origins"),
		embed: textOrNull(engine, "embed"),
		lastActive: textOrNull(engine, "last_active_at"),
	}));
}

function listedOf(client: unknown): Listed {
	return {
		id: text(client, "id"),
		name: text(client, "name"),
		slug: text(client, "slug"),
		plan: text(client, "plan"),
		status: text(client, "status"),
		attention: textsOf(client, "attention"),
		messages: number(client, "messages_30d"),
		cost: number(client, "cost_30d_usd_micros"),
		margin: member(client, "margin_30d_usd_micros") === null ? null : number(client, "margin_30d_usd_micros"),
		lastActive: textOrNull(client, "last_active_at"),
	};
}

function member(of: unknown, name: string): unknown {
	return isObject(of) ? of[name] : undefined;
}

function listOf(of: unknown, name: string): unknown[] {
	const value = member(of, name);
	return Array.isArray(value) ? value : [];
}

function textsOf(of: unknown, name: string): string[] {
	return listOf(of, name).filter((item) => typeof item === "string");
}

export function text(of: unknown, name: string): string {
	return textOrNull(of, name) ?? "";
}

function textOrNull(of: unknown, name: string): string | null {
	const value = member(of, name);
	return typeof value === "string" ? value : null;
}

function number(of: unknown, name: string): number {
	const value = member(of, name);
	return typeof value === "number" ? value : 0;
}
