import { setTimeout as pause } from "node:timers/promises";
import { isObject } from "../../../lib/http/json.ts";
import { readDescription } from "../../../lib/test/openapi.ts";
import type { Description } from "../../../lib/test/openapi.ts";
import { countOutcome } from "./ledger.ts";
import { MARKERS } from "./world.ts";
import type { Org, World } from "./world.ts";

/** As long as a client waits that was told to come back, ms. */
const WAIT_MS = 1000;

/** The workers by the names of their rooms. */
export const WORKERS = {
	portal: "koby-portal",
	chat: "chadis-chat",
	voice: "chadis-voice",
	conversation: "chadis-voice-conversation",
} as const;

export interface Asked {
	/** What is done, for the table. */
	action: string;
	worker: keyof typeof WORKERS;
	method?: string;
	/** With its query. */
	path: string;
	headers?: Record<string, string>;
	/** A text is sent as it is, anything else as JSON. */
	body?: unknown;
	/** Whose bytes the answer may hold; null = nobody's. */
	org: Org | null;
	/** The client's address; each request has its own unless it names one. */
	ip?: string;
	/** The client leaves so long after the headers, ms. */
	leavesAfterMs?: number;
}

interface StreamEvent {
	event: string;
	data: unknown;
}

export interface Seen {
	status: number;
	headers: Headers;
	/** The JSON answer; {} where it is none. */
	body: Record<string, unknown>;
	/** Of a stream, in order. */
	events: StreamEvent[];
	/** It came to its end. */
	isWhole: boolean;
}

const descriptions = new Map<string, Description>();

/** Reads what each worker says it answers. */
export async function readDescriptions({ host }: World): Promise<void> {
	for (const name of Object.values(WORKERS))
		descriptions.set(name, readDescription(await (await fetch(`${host.urls[name]}/openapi.json`)).json()));
}

/** Sends a request, holds the answer against the worker's description and looks for other orgs' bytes. */
export async function ask(world: World, asked: Asked): Promise<Seen> {
	const { ledger } = world;
	const begun = Date.now();
	const name = `${asked.action}${asked.leavesAfterMs === undefined ? "" : ", left"}`;
	try {
		const seen = await send(world, asked);
		countOutcome(ledger, `${name} ${seen.status}`);
		// Who is asked to wait waits, or an outage would be most of the run.
		if (seen.status === 503) await pause(WAIT_MS);
		return seen;
	} catch (error) {
		if (world.down !== undefined || world.killedAt.some((at) => at >= begun)) {
			countOutcome(ledger, `${name} killed`);
			return { status: 0, headers: new Headers(), body: {}, events: [], isWhole: false };
		}
		const reason = error instanceof Error ? `${error.message} ${String(error.cause ?? "")}` : String(error);
		ledger.undocumented.push(`${asked.action} ${asked.method ?? "GET"} ${asked.path.slice(0, 80)}: ${reason}`);
		countOutcome(ledger, `${name} undocumented`);
		return { status: 0, headers: new Headers(), body: {}, events: [], isWhole: false };
	}
}

async function send(world: World, asked: Asked): Promise<Seen> {
	const leaving = new AbortController();
	const method = asked.method ?? (asked.body === undefined ? "GET" : "POST");
	const url = `${world.host.urls[WORKERS[asked.worker]]}${asked.path}`;
	const response = await fetch(url, { ...requestOf(world, asked), method, signal: leaving.signal });
	if (asked.leavesAfterMs !== undefined) setTimeout(() => leaving.abort(), asked.leavesAfterMs);
	const { bytes, isWhole } = await bytesOf(response);
	const type = response.headers.get("Content-Type") ?? "";
	const text = type.startsWith("audio/") ? null : bytes.toString("utf8");
	lookForOthers(world, asked, text ?? "");
	if (!isWhole && !leaving.signal.aborted) noteBroken(world, asked, type);
	const events = type.startsWith("text/event-stream") ? eventsOf(text ?? "") : [];
	hold(asked, method, response, events.length > 0 || !isWhole ? null : text, events);
	if (events.length > 0 && isWhole) expectEnd(events);
	const body = type.includes("json") ? parsed(text, isWhole) : {};
	return { status: response.status, headers: response.headers, body, events, isWhole };
}

function requestOf(world: World, { ip, headers, body }: Asked): RequestInit {
	const number = world.count();
	const address = `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`;
	const init: RequestInit = {
		headers: { "Content-Type": "application/json", "CF-Connecting-IP": ip ?? address, ...headers },
	};
	if (body !== undefined) init.body = typeof body === "string" ? body : JSON.stringify(body);
	return init;
}

/** @throws {Error} the worker's description does not know such an answer */
function hold(
	{ worker, path }: Asked,
	method: string,
	{ status, headers }: Response,
	text: string | null,
	events: readonly StreamEvent[],
): void {
	const description = descriptions.get(WORKERS[worker]);
	const bare = path.split("?", 1)[0] ?? "";
	description?.checkAnswer({ method, path: bare, status, headers, text });
	for (const { event, data } of events) description?.checkEvent(method, bare, event, data);
}

async function bytesOf(response: Response): Promise<{ bytes: Buffer; isWhole: boolean }> {
	const chunks: Uint8Array[] = [];
	try {
		for await (const chunk of response.body ?? []) chunks.push(chunk);
		return { bytes: Buffer.concat(chunks), isWhole: true };
	} catch {
		return { bytes: Buffer.concat(chunks), isWhole: false };
	}
}

function parsed(text: string | null, isWhole: boolean): Record<string, unknown> {
	const value: unknown = isWhole && text !== null && text !== "" ? JSON.parse(text) : {};
	return isObject(value) ? value : {};
}

/** Whole events only: the last of a stream that was left may be half. */
function eventsOf(text: string): StreamEvent[] {
	const blocks = text.split("\n\n").slice(0, -1);
	return blocks.flatMap((block) => {
		const [, event] = /^event: (.*)$/m.exec(block) ?? [];
		const [, data] = /^data: (.*)$/m.exec(block) ?? [];
		return event === undefined || data === undefined ? [] : [{ event, data: JSON.parse(data) }];
	});
}

/** A clip may break where its vendor's stream did, and an export where D1 failed; nothing else may. */
function noteBroken({ ledger }: World, { action }: Asked, type: string): void {
	if (type.startsWith("text/csv")) ledger.brokenExports += 1;
	else if (!type.startsWith("audio/")) throw new Error(`${action} broke off`);
}

function expectEnd(events: readonly StreamEvent[]): void {
	const last = events.at(-1)?.event;
	if (last !== "done" && last !== "error") throw new Error(`the stream ended with ${last ?? "nothing"}`);
}

function lookForOthers({ ledger }: World, { action, org }: Asked, text: string): void {
	const others = MARKERS.filter((marker) => marker !== org?.marker && text.includes(marker));
	if (org !== null && text.includes(org.marker)) ledger.own += 1;
	if (others.length > 0) ledger.foreign.push(`${action} of ${org?.id ?? "nobody"}: ${others.join(", ")}`);
}
