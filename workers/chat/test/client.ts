import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import worker from "../index.ts";

/** The sample customers' keys (schema/portal-schema.sql). */
export const CHADIS_KEY = "sk_chadis_live_abc123";
export const PANNU_KEY = "sk_pannu_live_def456";
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

type Overrides = { [Name in keyof Env]?: unknown };

export interface Call {
	/** X-Site-Key; absent = legacy. */
	key?: string | undefined;
	origin?: string;
	headers?: Record<string, string>;
	method?: string;
	path?: string;
	/** Sent as it is when it is a text, else as JSON. */
	body?: unknown;
	/** Laid over the worker's bindings; undefined = the binding is missing. */
	env?: Overrides;
}

/** A client of its own: an IP that no limiter has seen and a Gemini key whose faults and calls are its alone. */
export interface Client {
	geminiKey: string;
	call(call: Call): Promise<Response>;
	/** As `call`, without waiting for what the worker does after its answer. */
	start(call: Call): { response: Promise<Response>; settled: () => Promise<void> };
}

let clients = 0;

type IncomingRequest = Request<unknown, IncomingRequestCfProperties>;

function request(ip: string, call: Call): IncomingRequest {
	const headers = new Headers({ "CF-Connecting-IP": ip, "Content-Type": "application/json", ...call.headers });
	if (call.key !== undefined) headers.set("X-Site-Key", call.key);
	if (call.origin !== undefined) headers.set("Origin", call.origin);
	const method = call.method ?? "POST";
	const body = typeof call.body === "string" ? call.body : JSON.stringify(call.body ?? { message: "What are your hours?" });
	const init = method === "POST" ? { method, headers, body } : { method, headers };
	return new Request<unknown, IncomingRequestCfProperties>(`https://chat.test${call.path ?? "/"}`, init);
}

export function newClient(): Client {
	const ip = `10.${Math.floor(Math.random() * 200)}.${Math.floor(Math.random() * 250)}.${clients++ % 250}`;
	const geminiKey = `key-${crypto.randomUUID()}`;
	const start = (call: Call) => {
		const context = createExecutionContext();
		const bindings: Env = Object.assign({}, env, { GEMINI_API_KEY: geminiKey }, call.env);
		const response = worker.fetch(request(ip, call), bindings, context);
		return { response, settled: () => waitOnExecutionContext(context) };
	};
	return {
		geminiKey,
		start,
		async call(call) {
			const { response, settled } = start(call);
			const answer = await response;
			await settled();
			return answer;
		},
	};
}
