import type { Answer, Call, Fault, Vendor } from "./wire.ts";

const HANG_MS = 3_600_000;
const HTML_PAGE = "<!doctype html><html><head><title>502 Bad Gateway</title></head><body><h1>502</h1></body></html>";
const GARBAGE = new Uint8Array([0x00, 0xff, 0xfe, 0x7b, 0x22, 0xc3, 0x28, 0x0d, 0x0a, 0x80, 0x81, 0x00]);

/** The connection drops: a server that owns the socket destroys it, a worker throws. */
class ConnectionReset extends Error {
	override name = "ConnectionReset";
}

/** Waits; rejects at once when the caller leaves. */
function sleep(ms: number, signal?: AbortSignal): Promise<void> {
	return new Promise((resolve, reject) => {
		const leave = () => {
			clearTimeout(timer);
			reject(new ConnectionReset("The caller left."));
		};
		const timer = setTimeout(() => {
			signal?.removeEventListener("abort", leave);
			resolve();
		}, ms);
		if (signal?.aborted === true) leave();
		else signal?.addEventListener("abort", leave, { once: true });
	});
}

/** What a fault does before any header leaves. */
export async function beforeHeaders(fault: Fault | undefined, signal: AbortSignal): Promise<void> {
	if (fault?.delay_ms !== undefined) await sleep(fault.delay_ms, signal);
	if (fault?.hang === true) await sleep(HANG_MS, signal);
	if (fault?.reset === true || fault?.hang === true) throw new ConnectionReset("Reset by fault.");
}

/** The answer that a fault puts in the vendor's place, or undefined when the vendor answers. */
export function replacement(fault: Fault | undefined, vendor: Vendor): Answer | undefined {
	if (fault === undefined) return undefined;
	const { status = 200 } = fault;
	const json = { "content-type": "application/json" };
	if (fault.redirect !== undefined) {
		return { status: fault.status ?? 302, headers: { location: fault.redirect }, chunks: [] };
	}
	if (fault.chunks_base64 !== undefined) {
		return { status, headers: json, chunks: fault.chunks_base64.map(fromBase64), streamed: true };
	}
	if (fault.body !== undefined) return { status, headers: json, chunks: [fault.body] };
	if (fault.replace === "html")
		return { status, headers: { "content-type": "text/html; charset=UTF-8" }, chunks: [HTML_PAGE] };
	if (fault.replace === "garbage") return { status, headers: json, chunks: [GARBAGE] };
	if (fault.replace === "empty") return { status, headers: json, chunks: [] };
	if (fault.status !== undefined && fault.error_event_after === undefined) return vendor.failure(fault.status, fault);
	return undefined;
}

/** Puts an answer on the wire, bent by the fault, and keeps the record of the call up to date. */
export function respond(answer: Answer, fault: Fault | undefined, call: Call): Response {
	const headers = new Headers({ ...answer.headers, ...fault?.headers });
	if (fault?.content_type !== undefined) headers.set("content-type", fault.content_type);
	call.status = answer.status;
	const chunks = answer.chunks.map((chunk) => (typeof chunk === "string" ? new TextEncoder().encode(chunk) : chunk));
	if (chunks.length === 0 || isNullBody(answer.status)) {
		call.response = "complete";
		return new Response(null, { status: answer.status, headers });
	}
	if (answer.streamed !== true && !bendsBody(fault)) {
		call.response = "complete";
		call.chunks_sent = 1;
		return new Response(join(chunks), { status: answer.status, headers });
	}
	return new Response(bodyOf(chunks, answer.gapMs ?? 0, fault ?? {}, call), { status: answer.status, headers });
}

function isNullBody(status: number): boolean {
	return status === 204 || status === 205 || status === 304;
}

function bendsBody(fault: Fault | undefined): boolean {
	return fault?.cut_after !== undefined || fault?.end_after !== undefined || fault?.stall_after !== undefined;
}

function bodyOf(chunks: Uint8Array[], gapMs: number, fault: Fault, call: Call): ReadableStream<Uint8Array> {
	const gone = new AbortController();
	const delayMs = fault.chunk_delay_ms ?? gapMs;
	let index = 0;
	return new ReadableStream<Uint8Array>(
		{
			async pull(controller) {
				if (index === fault.cut_after) {
					call.response = "broken";
					controller.error(new ConnectionReset("Cut by fault."));
					return;
				}
				if (index === fault.stall_after) await sleep(HANG_MS, gone.signal).catch(() => {});
				else if (index > 0 && delayMs > 0) await sleep(delayMs, gone.signal).catch(() => {});
				if (gone.signal.aborted) return;
				const chunk = index === fault.end_after ? undefined : chunks[index];
				index += 1;
				if (chunk !== undefined) {
					call.chunks_sent = index;
					controller.enqueue(chunk);
					return;
				}
				call.response = "complete";
				controller.close();
			},
			cancel() {
				call.response = "cancelled";
				gone.abort();
			},
		},
		{ highWaterMark: 0 },
	);
}

function join(chunks: Uint8Array[]): Uint8Array<ArrayBuffer> {
	const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0));
	let offset = 0;
	for (const chunk of chunks) {
		bytes.set(chunk, offset);
		offset += chunk.byteLength;
	}
	return bytes;
}

function fromBase64(text: string): Uint8Array {
	return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}
