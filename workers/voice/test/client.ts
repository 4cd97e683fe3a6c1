import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, vi } from "vitest";
import { mp3Clip } from "../../local/stand-ins/elevenlabs/mp3.ts";
import { readDescription, requireSafeHeaders } from "../../lib/test/openapi.ts";
import worker from "../index.ts";
import { conversationOpenapi, voiceOpenapi } from "../openapi.ts";

/** A sample customer's engine (schema/portal-schema.sql), whose plan has limits. */
export const PANNU_KEY = "sk_pannu_live_def456";
/** Another's, whose plan has none. */
export const CHADIS_KEY = "sk_chadis_live_abc123";

/** Speech rate of the stand-in. */
const SECONDS_PER_CHAR = 0.06;

/** The agent of sites that have none of their own. */
export const AGENT = "agent_deployment";

export type Overrides = { [Name in keyof Env]?: Env[Name] | undefined };

export interface Sent {
	path?: string;
	method?: string;
	/** Serialised unless it is a text; null = none. */
	body?: unknown;
	/** In place of `body`: sent in chunks, without a length. */
	stream?: ReadableStream;
	headers?: Record<string, string>;
	env?: Overrides;
	signal?: AbortSignal;
}

export interface Exchange {
	response: Response;
	/** Waits for what the worker does after its answer. */
	settled(): Promise<void>;
}

/** Every answer of every test is held against the description of the deployment that gave it. */
export const descriptions = {
	voice: readDescription(voiceOpenapi()),
	conversation: readDescription(conversationOpenapi()),
};

/** The answer, once it is found to be as described. Sound is left unread. */
async function checked(method: string, sent: Sent, response: Response): Promise<Response> {
	const { status, headers } = response;
	requireSafeHeaders(response, `https://voice.test${sent.path ?? "/"}`);
	const text = headers.get("Content-Type")?.startsWith("audio/") === true ? null : await response.clone().text();
	const description = sent.env?.CONVERSATION === "on" ? descriptions.conversation : descriptions.voice;
	description.checkAnswer({
		method,
		path: new URL(`https://voice.test${sent.path ?? "/"}`).pathname,
		status,
		headers,
		text,
	});
	return response;
}

let clients = 0;

/** An address of its own for every call: the local limiters count exactly. */
export function freshAddress(): string {
	clients += 1;
	return `198.51.${clients >> 8}.${clients & 255}`;
}

/** A key that the stand-in knows nobody else by, so that faults and calls are this test's own. */
export function vendorKey(): string {
	return crypto.randomUUID();
}

/** One request to the worker, as the runtime hands it over; nobody waits for the answer. */
export function start(sent: Sent): { answer: Promise<Response>; settled: () => Promise<void> } {
	const method = sent.method ?? "POST";
	const body =
		sent.body === undefined || sent.body === null
			? null
			: typeof sent.body === "string"
				? sent.body
				: JSON.stringify(sent.body);
	const headers = new Headers({
		"CF-Connecting-IP": freshAddress(),
		...(body === null ? {} : { "Content-Type": "application/json" }),
		...sent.headers,
	});
	const request = new Request<unknown, IncomingRequestCfProperties>(`https://voice.test${sent.path ?? "/"}`, {
		method,
		headers,
		body: method === "GET" || method === "HEAD" ? null : (sent.stream ?? body),
		...(sent.signal === undefined ? {} : { signal: sent.signal }),
	});
	const ctx = createExecutionContext();
	const bindings: Env = Object.assign({}, env, sent.env);
	return {
		answer: worker.fetch(request, bindings, ctx).then((response) => checked(method, sent, response)),
		settled: () => waitOnExecutionContext(ctx),
	};
}

/** One request and its answer, the body unread. */
export async function send(sent: Sent): Promise<Exchange> {
	const { answer, settled } = start(sent);
	return { response: await answer, settled };
}

export interface Clip {
	status: number;
	headers: Headers;
	bytes: Uint8Array;
}

/** Posts a text and hears it to the end, books included. */
export async function hear(sent: Sent): Promise<Clip> {
	const { response, settled } = await send(sent);
	const bytes = new Uint8Array(await response.arrayBuffer());
	await settled();
	return { status: response.status, headers: response.headers, bytes };
}

export interface Answer {
	status: number;
	headers: Headers;
	body: unknown;
}

/** A request whose answer is JSON. */
export async function ask(sent: Sent): Promise<Answer> {
	const { response, settled } = await send(sent);
	const text = await response.text();
	await settled();
	return { status: response.status, headers: response.headers, body: text === "" ? null : JSON.parse(text) };
}

/**
 * A request whose first round trip to D1 outlasts D1's time limit and ends well afterwards.
 * @param db as `lateDb` makes it; also given to the worker in `sent`
 */
export async function askLate(sent: Sent, db: { batches: number; release: () => void }): Promise<Answer> {
	vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
	const sending = send(sent);
	await vi.waitFor(() => expect(db.batches).toBe(1));
	await vi.advanceTimersByTimeAsync(3000);
	const { response, settled } = await sending;
	vi.useRealTimers();
	db.release();
	await settled();
	return { status: response.status, headers: response.headers, body: await response.json() };
}

/** The envelope of an error, with whatever id the answer carries. */
export function envelope(answer: Answer, code: string): unknown {
	return {
		error: { code, message: expect.stringMatching(/^\S.*[.?!]$/), request_id: answer.headers.get("X-Request-Id") },
	};
}

/** A text to be spoken on the account of a site whose plan has limits. */
export function speech(text: string, key: string, more: Sent = {}): Sent {
	return {
		body: { text },
		headers: { "X-Site-Key": PANNU_KEY },
		...more,
		env: { ELEVENLABS_API_KEY: key, ...more.env },
	};
}

/** The bytes that the stand-in speaks a text as. */
export function audioOf(text: string): Uint8Array {
	return mp3Clip(text, 22_050, 32, SECONDS_PER_CHAR);
}

/** As text: a difference is then one line. */
export function hex(bytes: Uint8Array): string {
	return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A conversation to be opened for the same site. */
export function session(key: string, more: Overrides = {}, sent: Sent = {}): Sent {
	return {
		path: "/session",
		body: {},
		...sent,
		headers: { "X-Site-Key": PANNU_KEY, ...sent.headers },
		env: { CONVERSATION: "on", ELEVENLABS_AGENT_ID: AGENT, ELEVENLABS_API_KEY: key, ...more },
	};
}

/** The texts of an answer's body. */
export function bodyOf(answer: Answer): Record<string, string> {
	return JSON.parse(JSON.stringify(answer.body));
}
