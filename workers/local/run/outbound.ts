import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import type { StandIns } from "../stand-ins/index.ts";

const BODILESS = new Set(["GET", "HEAD"]);

/**
 * The stand-ins behind a Node server, or behind miniflare as `outboundService: { node: … }`. A fetch-style
 * outboundService cannot do this: it ends a broken stream cleanly, so that a cut clip looks whole, and it reads on when
 * the caller has left.
 */
export function nodeOutbound(
	standIns: StandIns,
): (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void> {
	return async (incoming, outgoing) => {
		const left = new AbortController();
		outgoing.once("close", () => left.abort());
		try {
			const response = await standIns.fetch(requestOf(incoming, left.signal));
			outgoing.writeHead(response.status, Object.fromEntries(response.headers));
			outgoing.flushHeaders();
			await writeBody(response, outgoing, left.signal);
		} catch {
			outgoing.destroy();
		}
	};
}

function requestOf(incoming: IncomingMessage, signal: AbortSignal): Request {
	const headers = new Headers();
	for (const [name, value] of Object.entries(incoming.headers)) {
		if (value !== undefined && !name.startsWith("mf-")) headers.set(name, String(value));
	}
	const original = incoming.headers["mf-original-url"];
	const url = new URL(
		typeof original === "string" ? original : (incoming.url ?? "/"),
		`http://${incoming.headers.host}`,
	);
	const init: RequestInit = { method: incoming.method ?? "GET", headers, signal, redirect: "manual" };
	if (BODILESS.has(init.method ?? "GET")) return new Request(url, init);
	return new Request(url, { ...init, body: Readable.toWeb(incoming), duplex: "half" });
}

/** Writes at the caller's pace; a caller who leaves cancels the body, a body that breaks breaks the connection. */
async function writeBody(response: Response, outgoing: ServerResponse, left: AbortSignal): Promise<void> {
	const reader = response.body?.getReader();
	if (reader === undefined) return void outgoing.end();
	left.addEventListener("abort", () => void reader.cancel().catch(() => {}), { once: true });
	for (;;) {
		const { done, value } = await reader.read();
		if (done) return void outgoing.end();
		await written(outgoing, value);
	}
}

/** Until the chunk is out of this process: what is sent before a cut must arrive. */
function written(outgoing: ServerResponse, chunk: Uint8Array): Promise<void> {
	return new Promise((resolve) => {
		outgoing.once("close", resolve);
		outgoing.write(chunk, () => {
			outgoing.off("close", resolve);
			resolve();
		});
	});
}
