import type { Danger } from "../../lib/safety/detect.ts";
import { json } from "../../lib/http/json.ts";
import type { RequestContext } from "../../lib/http/serve.ts";
import { log } from "../../lib/log.ts";
import { openEventStream } from "../turn/event-stream.ts";
import type { Help } from "./texts/help.ts";

/** Where the fixed text goes. */
export interface FixedAnswer {
	/** As the caller sent it; null = none that could be ours. */
	sessionId: string | null;
	isStreamed: boolean;
	help: Help;
}

/**
 * The answer to a message that speaks of danger: a fixed text, for which nothing is asked, read or waited for. Nothing of the
 * message is kept either, and its conversation goes on as it was.
 */
export function fixedAnswer(
	danger: Danger,
	{ sessionId, isStreamed, help }: FixedAnswer,
	{ requestId, startedAt, clock }: RequestContext,
): Response {
	const safety = { class: danger.class, tier: danger.tier };
	log("info", "safety_answered", { request_id: requestId, ...safety });
	const text = help.text(danger);
	const ids = { session_id: sessionId, message_id: null };
	const latencyMs = clock() - startedAt;
	const answer = { response: text, ...ids, latency_ms: latencyMs, finish: "safety", safety, sources: [] };
	if (!isStreamed) return json(answer);
	const stream = openEventStream();
	stream.send("session", ids);
	stream.send("safety", safety);
	stream.send("delta", { text });
	stream.send("done", answer);
	stream.close();
	return stream.response;
}
