import { CHADIS_KEY, newClient } from "./client.ts";
import type { Call, Client } from "./client.ts";

export const QUESTION = "When do you open?";

export interface CachingClient extends Client {
	/** The JSON answer to a message with CHADIS's key. */
	ask(message?: string, more?: Call): Promise<Record<string, unknown>>;
}

/** A client whose calls go to one host, and so to one cache. */
export function cachingClient(): CachingClient {
	const client = newClient();
	const host = `${crypto.randomUUID()}.test`;
	const call = (call: Call) => client.call({ host, ...call });
	return {
		...client,
		call,
		async ask(message = QUESTION, { body, ...more } = {}) {
			return await (await call({ key: CHADIS_KEY, body: { message, ...Object(body) }, ...more })).json();
		},
	};
}
