import type { Api } from "./portal.ts";
import { fields, list, object, text, textOrNull } from "./read.ts";

/** The customer that is looked at, and the engine of its website on this page. */
export interface Org {
	id: string;
	name: string;
	slug: string;
	plan: string;
	status: string;
	engines: Engine[];
	/** A live key answers pages on https alone: on this machine it takes a test engine's. undefined = there is none */
	engine: Engine | undefined;
}

export interface Engine {
	id: string;
	name: string;
	type: string;
	status: string;
	environment: string;
	siteKey: string;
	lastActiveAt: string | null;
}

export async function readOrg(api: Api): Promise<Org> {
	const [overview, answer] = await Promise.all([api.get("overview"), api.get("engines")]);
	const org = object(overview, "org");
	const engines = list(answer, "engines", engineOf);
	return {
		id: text(org, "id"),
		name: text(org, "name"),
		slug: text(org, "slug"),
		plan: text(org, "plan"),
		status: text(org, "status"),
		engines,
		engine: engines.find(({ environment, type }) => environment !== "live" && type === "chatbot"),
	};
}

/** @param from an engine, as any answer shows it */
export function engineOf(from: unknown): Engine {
	const engine = fields(from, "engine");
	return {
		id: text(engine, "id"),
		name: text(engine, "name"),
		type: text(engine, "type"),
		status: text(engine, "status"),
		environment: text(engine, "environment"),
		siteKey: text(engine, "site_key"),
		lastActiveAt: textOrNull(engine, "last_active_at"),
	};
}
