import { isJsonType, parseJson } from "./wire.ts";
import type { Call, Fault } from "./wire.ts";

const MAX_CALLS_PER_CREDENTIAL = 500;
const MAX_CREDENTIALS = 2_000;

/** Queued faults and recorded calls, apart for every credential so that tests running at once never meet. */
export interface Ledger {
	queueFaults(credential: string, faults: Fault[]): void;
	/** The fault of this call, used up once; taken on arrival, so that order follows the calls. */
	takeFault(credential: string, path: string): Fault | undefined;
	record(credential: string, call: Call): void;
	callsOf(credential: string): Call[];
	forget(credential: string): void;
}

export function createLedger(): Ledger {
	const faults = new Map<string, Fault[]>();
	const calls = new Map<string, Call[]>();
	return {
		queueFaults(credential, added) {
			faults.set(credential, [...(faults.get(credential) ?? []), ...added.map((fault) => ({ ...fault }))]);
		},
		takeFault(credential, path) {
			const queue = faults.get(credential);
			const index = queue?.findIndex((fault) => fault.path === undefined || path.includes(fault.path)) ?? -1;
			const fault = queue?.[index];
			if (queue === undefined || fault === undefined) return undefined;
			fault.times = (fault.times ?? 1) - 1;
			if (fault.times <= 0) queue.splice(index, 1);
			return fault;
		},
		record(credential, call) {
			const list = calls.get(credential) ?? [];
			list.push(call);
			if (list.length > MAX_CALLS_PER_CREDENTIAL) list.shift();
			calls.set(credential, list);
			const [oldest] = calls.keys();
			if (calls.size > MAX_CREDENTIALS && oldest !== undefined) calls.delete(oldest);
		},
		callsOf: (credential) => calls.get(credential) ?? [],
		forget(credential) {
			faults.delete(credential);
			calls.delete(credential);
		},
	};
}

/** A call as it will be recorded, before it is answered. */
export function newCall(vendor: string, request: Request, url: URL, text: string): Call {
	return {
		vendor,
		method: request.method,
		path: url.pathname + url.search,
		headers: Object.fromEntries(request.headers),
		body: parsedBody(request.headers, text),
		status: 0,
		response: "open",
		chunks_sent: 0,
	};
}

function parsedBody(headers: Headers, text: string): unknown {
	if (text === "") return null;
	if (isJsonType(headers)) return parseJson(text) ?? text;
	if ((headers.get("content-type") ?? "").startsWith("application/x-www-form-urlencoded")) {
		return Object.fromEntries(new URLSearchParams(text));
	}
	return text;
}
