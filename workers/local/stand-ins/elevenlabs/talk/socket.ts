import type { Conversations } from "../elevenlabs-conversations.ts";
import { createCall } from "./call.ts";

/** Where a signed URL leads. */
const SOCKET_PATH = "/v1/convai/conversation";
/** The subprotocol of ElevenLabs' agents. */
const PROTOCOL = "convai";
const PING_MS = 10_000;
/** An agent's own longest time, ms. */
const LONGEST_MS = 600_000;
const MS = 1_000;
/** USD a minute. */
const PRICE = 0.08;

/** Answers the socket that a signed URL opens, once; undefined = the request is for none. It needs workerd, as Node has no such pair. */
export function socketAnswer(request: Request, conversations: Conversations): Response | undefined {
	const url = new URL(request.url);
	if (url.pathname !== SOCKET_PATH || request.headers.get("Upgrade")?.toLowerCase() !== "websocket") return undefined;
	const id = url.searchParams.get("conversation_id") ?? "";
	const { 0: client, 1: server } = new WebSocketPair();
	server.accept();
	const offers = (request.headers.get("Sec-WebSocket-Protocol") ?? "").split(",").map((name) => name.trim());
	const headers = offers.includes(PROTOCOL) ? { "Sec-WebSocket-Protocol": PROTOCOL } : {};
	if (conversations.begin(id)) converse(server, id, conversations);
	else server.close(1008, "This signed URL has been used, or was never given.");
	return new Response(null, { status: 101, webSocket: client, headers });
}

function converse(socket: WebSocket, id: string, conversations: Conversations): void {
	const startedAt = Date.now();
	const timers = new Set<ReturnType<typeof setTimeout>>();
	const later = (ms: number, act: () => void): void => {
		timers.add(setTimeout(act, ms));
	};
	const end = (reason: string): void => {
		for (const timer of timers) clearTimeout(timer);
		clearInterval(pinging);
		const seconds = Math.round((Date.now() - startedAt) / MS);
		const metadata = { call_duration_secs: seconds, cost_fiat: (seconds / 60) * PRICE, termination_reason: reason };
		conversations.set(id, { status: "done", metadata });
	};
	const close = (code: number, reason: string): void => {
		end(reason);
		socket.close(code, reason);
	};
	const call = createCall(id, {
		send: (message) => socket.send(JSON.stringify(message)),
		close,
		later,
		now: () => Date.now(),
	});
	const pinging = setInterval(call.ping, PING_MS);
	conversations.set(id, { status: "in-progress" });
	later(LONGEST_MS, () => close(1000, "Conversation has reached its max duration."));
	socket.addEventListener("message", ({ data }) => {
		if (typeof data === "string") call.take(data);
	});
	socket.addEventListener("close", ({ code }) => {
		end(`Client disconnected: ${code}`);
		socket.close();
	});
	socket.addEventListener("error", () => end("Client disconnected: 1006"));
}
