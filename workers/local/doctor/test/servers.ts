import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { nodeOutbound } from "../../run/outbound.ts";
import { createStandIns } from "../../stand-ins/index.ts";
import type { Fetcher } from "../gather/ask.ts";

/** What a portal that a test has made up answers, by path. */
type PortalAnswers = Record<string, { status: number; body: unknown }>;

export interface Servers {
	/** Where the stand-ins and the portals are reached. */
	origin: string;
	/** As `fetch`, but every request ends here, whatever host it names. */
	fetch: Fetcher;
	/** A command of the stand-ins' control API. */
	control(path: string, body: unknown): Promise<void>;
	/** Answers for a portal's host from now on. */
	servePortal(host: string, answers: PortalAnswers): void;
	/** What the portal was asked with, the last time. */
	lastBearer(): string | undefined;
	close(): Promise<void>;
}

/** The vendors' stand-ins and portals behind one real socket. */
export async function startServers(): Promise<Servers> {
	const vendors = nodeOutbound(createStandIns());
	const portals = new Map<string, PortalAnswers>();
	let bearer: string | undefined;
	const server = createServer((incoming, outgoing) => {
		const url = new URL(String(incoming.headers["mf-original-url"] ?? `http://localhost${incoming.url}`));
		const answers = portals.get(url.host);
		if (answers === undefined) return void vendors(incoming, outgoing);
		bearer = incoming.headers.authorization ?? bearer;
		answer(answers, url, incoming, outgoing);
	});
	await new Promise<void>((done) => void server.listen(0, "127.0.0.1", done));
	const address = server.address();
	if (address === null || typeof address === "string") throw new Error("The server has no port.");
	const origin = `http://127.0.0.1:${address.port}`;
	return {
		origin,
		fetch: (url, init) => fetch(origin, { ...init, headers: { ...headersOf(init), "mf-original-url": url } }),
		async control(path, body) {
			const response = await fetch(`${origin}/control/${path}`, { method: "POST", body: JSON.stringify(body) });
			if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
		},
		servePortal: (host, answers) => void portals.set(host, answers),
		lastBearer: () => bearer,
		close: () => new Promise((done) => void server.close(() => done())),
	};
}

function headersOf({ headers }: RequestInit): Record<string, string> {
	return Object.fromEntries(new Headers(headers));
}

function answer(answers: PortalAnswers, url: URL, incoming: IncomingMessage, outgoing: ServerResponse): void {
	incoming.resume();
	const found = answers[url.pathname] ?? { status: 404, body: { error: { code: "not_found" } } };
	outgoing.writeHead(found.status, { "content-type": "application/json" });
	outgoing.end(JSON.stringify(found.body));
}
