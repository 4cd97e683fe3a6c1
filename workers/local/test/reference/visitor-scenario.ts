import { within } from "./play.ts";
import type { Player, Worker } from "./play.ts";
import type { Left } from "./portal-scenario.ts";

const SITE = { "X-Site-Key": "sk_chadis_live_abc123" };
const VISITOR = { ...SITE, "X-Visitor-Id": "visitor-0b1f6c" };

/** Every operation of the chat, once as it goes well. */
export async function playChat(player: Player): Promise<Left> {
	const ask = { message: "Can I fill the questionnaire in on my phone?", visitor_id: "visitor-0b1f6c", language: "en" };
	const call = (operationId: string, path: string, init = {}): ReturnType<Player["call"]> =>
		player.call("chat", operationId, path, { headers: VISITOR, ...init });
	await player.call("chat", "getConfig", "/config?site_key=sk_chadis_live_abc123&language=es-MX");
	const first = await call("sendMessage", "/", { headers: SITE, body: ask });
	const sessionId = within(first, "session_id");
	await call("sendMessage", "/", {
		headers: { ...SITE, Accept: "text/event-stream" },
		body: { ...ask, message: "What is CHADIS?", session_id: sessionId },
	});
	await call("sendMessage", "/", { headers: SITE, body: { message: " " } });
	await call("getSession", `/sessions/${sessionId}`);
	await call("rateAnswer", "/feedback", {
		body: {
			session_id: sessionId,
			message_id: within(first, "message_id"),
			rating: "up",
			comment: "Just what I needed.",
		},
	});
	await call("leaveLead", "/leads", {
		body: { session_id: sessionId, email: "parent@example.com", name: "Sam Rivera", message: "Please write to me." },
	});
	await call("endSession", `/sessions/${sessionId}`, { method: "DELETE" });
	await playWidget(player);
	await playCommon(player, "chat");
	return { sessionId };
}

async function playWidget(player: Player): Promise<void> {
	const script = await player.call("chat", "getWidget", "/widget.js?site_key=sk_chadis_live_abc123");
	const part = /widget\/[a-z][a-z-]*\.[0-9A-Z]{8}\.js/.exec(script.text)?.[0];
	const version = /[0-9a-f]{16}/.exec(script.headers.get("ETag") ?? "")?.[0];
	if (part === undefined || version === undefined)
		throw new Error("The widget's script names no part, or has no ETag.");
	await player.call("chat", "getWidgetFile", `/${part}`);
	await player.call("chat", "getWidgetTypes", "/widget.d.ts");
	await player.call("chat", "getWidgetVersion", `/widget.${version}.js`);
}

/** Every operation of both voice deployments, once as it goes well. */
export async function playVoice(player: Player): Promise<void> {
	const text = "Good morning, and welcome to CHADIS. How can I help you today?";
	for (const worker of ["voice", "conversation"] as const) {
		await player.call(worker, "speak", "/", { headers: SITE, body: { text } });
		await playCommon(player, worker);
	}
	const opened = await player.call("conversation", "openConversation", "/session", { headers: SITE, body: {} });
	const sessionId = within(opened, "session_id");
	await player.call("conversation", "endConversation", `/session/${sessionId}/end`, { method: "POST", headers: SITE });
}

async function playCommon(player: Player, worker: Worker): Promise<void> {
	await player.call(worker, "getHealth", "/health");
	await player.call(worker, "getOpenapi", "/openapi.json");
	await player.call(worker, "getSecurityTxt", "/.well-known/security.txt");
}
