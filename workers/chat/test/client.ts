import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect } from "vitest";
import { readDescription, requireSafeHeaders } from "../../lib/test/openapi.ts";
import { callsOf, setFaults } from "../../local/stand-ins/control.ts";
import type { Call as VendorCall, Fault } from "../../local/stand-ins/wire.ts";
import worker from "../index.ts";
import { chatOpenapi } from "../openapi.ts";

/** The sample customers' keys (schema/portal-schema.sql). */
export const CHADIS_KEY = "sk_chadis_live_abc123";
export const PANNU_KEY = "sk_pannu_live_def456";
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
export const STREAMED = { Accept: "text/event-stream" };

/** Every answer of every test is held against it. */
export const description = readDescription(chatOpenapi());

export interface Call {
	/** Answers are cached by host; each call has its own unless it names one. */
	host?: string;
	/** X-Site-Key; absent = legacy. */
	key?: string | undefined;
	origin?: string | undefined;
	headers?: Record<string, string>;
	method?: string;
	path?: string;
	/** A text or bytes are sent as they are, anything else as JSON. */
	body?: unknown;
	/** Laid over the worker's bindings; undefined = the binding is missing. */
	env?: { [Name in keyof Env]?: unknown };
}

/** A client of its own: an IP that no limiter has seen and a Gemini key whose faults and calls are its alone. */
export interface Client {
	call(call: Call): Promise<Response>;
	/** As `call`, without waiting for what the worker does after its answer. */
	start(call: Call): { response: Promise<Response>; settled: () => Promise<void> };
	/** How the next calls of Gemini go. */
	gemini(...faults: Fault[]): Promise<void>;
	/** What reached Gemini. */
	asked(): Promise<VendorCall[]>;
}

type IncomingRequest = Request<unknown, IncomingRequestCfProperties>;

function request(ip: string, call: Call): IncomingRequest {
	const headers = new Headers({ "CF-Connecting-IP": ip, "Content-Type": "application/json", ...call.headers });
	if (call.key !== undefined) headers.set("X-Site-Key", call.key);
	if (call.origin !== undefined) headers.set("Origin", call.origin);
	const { method = "POST", body = { message: "When do you open?" } } = call;
	const raw = typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body);
	const init = method === "POST" ? { method, headers, body: raw } : { method, headers };
	return new Request<unknown, IncomingRequestCfProperties>(
		`https://${call.host ?? `${crypto.randomUUID()}.test`}${call.path ?? "/"}`,
		init,
	);
}

/** The answer, held against the worker's own description. A stream is left unread: see `eventsOf`. */
async function checked({ method = "POST", path = "/" }: Call, response: Response): Promise<Response> {
	requireSafeHeaders(response, `https://chat.test${path}`);
	const isStream = response.headers.get("Content-Type")?.startsWith("text/event-stream") === true;
	const text = isStream ? null : await response.clone().text();
	description.checkAnswer({
		method,
		path: path.split("?", 1)[0] ?? "",
		status: response.status,
		headers: response.headers,
		text,
	});
	return response;
}

let clients = 0;

export function newClient(
	ip = `2001:db8:${(clients++).toString(16)}:${Math.floor(Math.random() * 65_535).toString(16)}::1`,
): Client {
	const geminiKey = `key-${crypto.randomUUID()}`;
	const start = (call: Call) => {
		const context = createExecutionContext();
		const bindings: Env = Object.assign({}, env, { GEMINI_API_KEY: geminiKey }, call.env);
		const response = worker.fetch(request(ip, call), bindings, context).then((answer) => checked(call, answer));
		return { response, settled: () => waitOnExecutionContext(context) };
	};
	return {
		start,
		async call(call) {
			const { response, settled } = start(call);
			const answer = await response;
			await settled();
			return answer;
		},
		gemini: (...faults) => setFaults(geminiKey, ...faults),
		asked: () => callsOf(geminiKey),
	};
}

/** A limiter's minute begins with the clock's: a test that counts to a limit waits for the next when this one is nearly over. */
export async function inOneMinute(): Promise<void> {
	const leftMs = 60_000 - (Date.now() % 60_000);
	if (leftMs < 8000) await scheduler.wait(leftMs);
}

/** Asserts an answer that is an error: its status, the whole envelope, and the headers that every answer carries. */
export async function expectError(response: Response, status: number, code: string, fields?: string[]): Promise<void> {
	const body: unknown = await response.json();
	expect(body).toEqual({
		error: {
			code,
			message: expect.stringMatching(/^[A-Z].{10,200}[.]$/),
			request_id: response.headers.get("X-Request-Id"),
			...(fields === undefined ? {} : { fields: fields.map((field) => ({ field, message: expect.any(String) })) }),
		},
	});
	expect(response.status).toBe(status);
	expect(response.headers.get("X-Content-Type-Options")).toBe("nosniff");
	expect(response.headers.get("Cache-Control")).toBe("no-store");
	expect(response.headers.get("Content-Type")).toBe("application/json; charset=utf-8");
}

/** The session id of an answer. */
export async function sessionOf(response: Response): Promise<string> {
	const body: { session_id: string } = await response.json();
	return body.session_id;
}

/** The events of a streamed answer, comments left out. */
export function eventsOf(text: string): { event: string; data: unknown }[] {
	const blocks = text.split("\n\n").filter((block) => block.startsWith("event: "));
	return blocks.map((block) => {
		const [eventLine = "", dataLine = ""] = block.split("\n");
		const event = eventLine.slice("event: ".length);
		const data: unknown = JSON.parse(dataLine.slice("data: ".length));
		description.checkEvent("POST", "/", event, data);
		return { event, data };
	});
}
