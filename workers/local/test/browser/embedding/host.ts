import { createHash } from "node:crypto";
import { createServer, request as send } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { EVENT_STREAM } from "../events.ts";
import type { Visited } from "../engines/visited.ts";

/** A customer's page. */
interface HostedPage {
	/** From `<html>` on; a whole document where it begins with it. */
	html: string;
	headers?: Record<string, string>;
}

/** The chat on an origin of its own, as it is deployed, and a customer's site on another. */
export interface EmbeddingHosts {
	/** With `/` at its end. */
	chat: string;
	/** The site's origin. */
	site: string;
	/** The same site by another name: another origin to a browser, as an optimizer's host is. */
	cdn: string;
	/** Serves a page. @returns its address */
	serve(page: HostedPage): string;
	/** Serves a script that the site or its optimizer holds. @returns its path */
	serveScript(path: string, text: string): string;
	/** Answers what is asked of the chat with these events, in its place, and goes on for ever where none of them is the last. With undefined the chat answers again. */
	answerWith(events: string | undefined): void;
	close(): Promise<void>;
}

/** What a page is made of. */
export interface Given {
	hosts: EmbeddingHosts;
	/** Address of the script. */
	script: string;
	/** The script, as the chat serves it. */
	text: string;
	/** The same, asked for with the site key. */
	keyedText: string;
}

/** A way that a customer's page embeds the widget, by its number in the table of docs/embedding.md. */
export interface Way {
	name: string;
	/** What stands in the body, or where it begins with `<!doctype` the whole document. */
	html(given: Given): string;
	headers?(given: Given): Record<string, string>;
	/** What the platform does after the page has loaded. */
	afterwards?(page: Visited, given: Given): Promise<unknown>;
	/** `open` = it opens without being pressed, `none` = it does not show; else its button opens it */
	outcome?: "open" | "none";
	/** What the console says. */
	says?: RegExp;
}

/** @param worker the chat worker's address behind the local gateway, with `/` at its end */
export async function startHosts(worker: string): Promise<EmbeddingHosts> {
	const chatServer = await listening(createServer());
	let clients = 0;
	let given: string | undefined;
	chatServer.on("request", (request, response) => {
		if (given !== undefined && request.method === "POST" && request.url === "/") {
			response.writeHead(200, EVENT_STREAM).write(given);
			if (given.includes("event: done")) response.end();
			return;
		}
		// Each request is a client's of its own, as the limiters count by address.
		passOn(worker, `10.8.${(clients >> 8) & 255}.${clients++ & 255}`, request, response);
	});
	const pages = new Map<string, HostedPage>();
	const scripts = new Map<string, string>();
	const siteServer = await listening(createServer());
	siteServer.on("request", ({ url = "/" }, response: ServerResponse) => {
		const path = url.split("?", 1)[0] ?? "/";
		const script = scripts.get(path);
		const page = pages.get(path);
		const type = script === undefined ? "text/html; charset=utf-8" : "text/javascript";
		response.writeHead(script === undefined && page === undefined ? 404 : 200, {
			"Content-Type": type,
			...page?.headers,
		});
		response.end(script ?? page?.html ?? "");
	});
	return {
		chat: `http://localhost:${portOf(chatServer)}/`,
		site: `http://127.0.0.1:${portOf(siteServer)}`,
		cdn: `http://localhost:${portOf(siteServer)}`,
		serve(page) {
			const path = `/page-${pages.size}`;
			pages.set(path, page);
			return `http://127.0.0.1:${portOf(siteServer)}${path}`;
		},
		serveScript(path, text) {
			scripts.set(path, text);
			return path;
		},
		answerWith(events) {
			given = events;
		},
		async close() {
			for (const server of [chatServer, siteServer]) {
				server.closeAllConnections();
				await new Promise((closed) => void server.close(closed));
			}
		},
	};
}

/** What a page puts in a tag's `integrity`. */
export function integrityOf(text: string): string {
	return `sha384-${createHash("sha384").update(text).digest("base64")}`;
}

/** The worker sees the address that the browser asked. */
function passOn(worker: string, client: string, request: IncomingMessage, response: ServerResponse): void {
	const { method, headers, url = "/" } = request;
	const outgoing = send(
		worker.replace(/\/$/, "") + url,
		{ method, headers: { ...headers, "cf-connecting-ip": client } },
		(answer) => {
			response.writeHead(answer.statusCode ?? 502, answer.headers);
			answer.pipe(response);
		},
	);
	outgoing.on("error", () => response.destroy());
	request.pipe(outgoing);
}

async function listening(server: Server): Promise<Server> {
	await new Promise<void>((ready) => server.listen(0, ready));
	return server;
}

function portOf(server: Server): number {
	const address = server.address();
	return typeof address === "object" && address !== null ? address.port : 0;
}
