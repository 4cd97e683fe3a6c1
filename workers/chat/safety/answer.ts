import { json } from "../../lib/http/json.ts";
import type { RequestContext } from "../../lib/http/serve.ts";
import { log } from "../../lib/log.ts";
import { openEventStream } from "../turn/event-stream.ts";
import type { Danger } from "./detect.ts";
import { safetyText } from "./texts.ts";

/**
 * The answer to a message that speaks of danger to life: a fixed text, for which nothing is asked, read or written. Nothing of the
 * message is kept either, and its conversation goes on as it was.
 * @param sessionId as the caller sent it; null = none that could be ours
 */
export function safetyAnswer(
	{ class: name, tier, topic, language }: Danger,
	sessionId: string | null,
	isStreamed: boolean,
	{ requestId, startedAt, clock }: RequestContext,
): Response {
	log("info", "safety_answered", { request_id: requestId, class: name, tier });
	const text = safetyText(topic, language);
	const safety = { class: name, tier };
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
