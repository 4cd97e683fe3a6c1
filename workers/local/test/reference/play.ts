import type { Client } from "../local-client.ts";

/** The deployments by their prefix at the local default's address. */
export const PREFIXES = { portal: "", chat: "/chat", voice: "/voice", conversation: "/conversation" } as const;
export type Worker = keyof typeof PREFIXES;

/** A request that was made, and what came of it. */
export interface Played {
	worker: Worker;
	operationId: string;
	method: string;
	/** At its own deployment, without the query. */
	path: string;
	/** undefined = without a body. */
	request: unknown;
	status: number;
	headers: Headers;
	/** Without parameters; "" = no body. */
	mediaType: string;
	text: string;
}

export interface Call {
	method?: string;
	headers?: Record<string, string>;
	body?: unknown;
}

/** Makes requests and remembers each. */
export interface Player {
	played: Played[];
	/** @param path at the deployment, with the query */
	call(worker: Worker, operationId: string, path: string, call?: Call): Promise<Played>;
	client: Client;
}

export function createPlayer(client: Client): Player {
	const played: Played[] = [];
	const call: Player["call"] = async (worker, operationId, path, { method, headers = {}, body } = {}) => {
		const verb = method ?? (body === undefined ? "GET" : "POST");
		const response = await client.send(PREFIXES[worker] + (path === "/" ? (worker === "portal" ? "/" : "") : path), {
			method: verb,
			headers: { ...(body === undefined ? {} : { "Content-Type": "application/json" }), ...headers },
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
		});
		const one: Played = {
			worker,
			operationId,
			method: verb,
			path: path.split("?", 1)[0] ?? "",
			request: body,
			status: response.status,
			headers: response.headers,
			mediaType: (response.headers.get("Content-Type") ?? "").split(";", 1)[0] ?? "",
			text: await response.text(),
		};
		played.push(one);
		return one;
	};
	return { played, call, client };
}

/** A value within a JSON answer, by its path such as `engines.0.id`. */
export function within({ text, operationId, status }: Played, path: string): string {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		throw new Error(`${operationId} answered ${status}: ${text.slice(0, 200)}`);
	}
	for (const step of path.split("."))
		value = typeof value === "object" && value !== null ? Reflect.get(value, step) : undefined;
	if (typeof value !== "string" && typeof value !== "number")
		throw new Error(`${operationId} has no ${path}: ${text.slice(0, 300)}`);
	return String(value);
}
