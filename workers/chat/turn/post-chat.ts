import { readJsonObject } from "../../lib/http/body.ts";
import { clientKey } from "../../lib/http/client-ip.ts";
import type { RequestContext } from "../../lib/http/serve.ts";
import { sentConsent } from "../../lib/consent/consent.ts";
import { originFacts } from "../../lib/site/origin.ts";
import { answerByRule } from "../disclosure/answer.ts";
import { ruleFor } from "../disclosure/rule.ts";
import { detectDanger } from "../../lib/safety/detect.ts";
import { fixedAnswer } from "../safety/answer.ts";
import { countLater, helpAtHand, leavesAlone } from "../safety/lane.ts";
import { answerStreamed, answerWhole } from "./answer.ts";
import { openLegacyTurn } from "./legacy.ts";
import type { LegacyBindings } from "./legacy.ts";
import { openKeyedTurn } from "./open.ts";
import type { KeyedBindings } from "./open.ts";
import { parseChatRequest } from "./request.ts";
import type { Asked, Turn } from "./turn.ts";

export interface ChatBindings {
	keyed: KeyedBindings;
	legacy: LegacyBindings;
	/** ISO 3166-1 alpha-2, whose emergency numbers are given where an org names no country, or none is known. */
	country: string;
	/** @throws {ApiError} not_configured */
	maxBodyBytes: () => number;
}

/**
 * `POST /`: one message of a visitor, one answer.
 *
 * Body `{message, visitor_id?, session_id?, language?}`; with `X-Site-Key` the site's bot answers and the conversation is kept, without
 * it the legacy bot answers and nothing is kept. A key that is sent and refused never falls back to legacy.
 *
 * Answers 200 `{response, session_id, latency_ms, message_id, finish, sources}`, or with `Accept: text/event-stream` the events
 * `session {session_id, message_id}`, `delta {text}`… and `done` (the JSON answer) or `error` (the error envelope). `done`
 * counts: where the answer was blocked half way its `response` replaces the deltas. After `error` the deltas may stay where they are
 * shown, and no answer is kept. `session_id` sent back continues the conversation; one that is unknown, another's, ended or idle for
 * 24 h begins a new one.
 *
 * A message that speaks of danger in plain words (tier 1) is answered before anything of it could fail or refuse: with
 * `finish: "safety"`, a fixed text and `safety {class, tier}` (also an event), to whoever asks. The text is public, so it needs no key.
 * One that hints at it (tier 2), or whose answer does, gets its answer with a line of help below it, which is `safety.text` as well;
 * where there is no answer to be had, the fixed text.
 *
 * One whose writer says that they are a child, or asks whether a person answers, is answered by rule and never by the model, as
 * `answerByRule` says; it is admitted as any other, and takes nothing of the plan. Plain danger goes before that; a child's hint at it
 * gets its line of help below what is said to a child, and is neither kept nor sent on.
 * @throws {ApiError} unsupported_media_type, payload_too_large, invalid_json, invalid_request, those of `openKeyedTurn` and
 * `openLegacyTurn`, model_unavailable
 */
export async function postChat(request: Request, bindings: ChatBindings, context: RequestContext): Promise<Response> {
	const chat = parseChatRequest(await readJsonObject(request, bindings.maxBodyBytes()));
	const isStreamed = (request.headers.get("Accept") ?? "").toLowerCase().includes("text/event-stream");
	const { country } = bindings;
	const siteKey = request.headers.get("X-Site-Key");
	const danger = detectDanger(chat.message);
	const from = { origin: originFacts(request), client: clientKey(request), url: request.url };
	const asked: Asked = { ...context, ...from, chat, consent: sentConsent(request), danger, country };
	if (danger?.tier === 1) {
		countLater(danger, siteKey, bindings.keyed.db, asked);
		const help = helpAtHand({ siteKey, country }, asked);
		return fixedAnswer(danger, { sessionId: chat.sessionId, isStreamed, help }, context);
	}
	const rule = ruleFor(chat.message);
	let turn: Turn | undefined;
	try {
		if (rule !== undefined && (danger === undefined || rule.name === "child")) {
			const answer = await answerByRule(rule, bindings, siteKey, asked, isStreamed);
			if (danger !== undefined) countLater(danger, siteKey, bindings.keyed.db, asked);
			return answer;
		}
		turn =
			siteKey === null
				? await openLegacyTurn(bindings.legacy, asked)
				: await openKeyedTurn(bindings.keyed, siteKey, asked);
		return await (isStreamed ? answerStreamed(asked, turn) : answerWhole(asked, turn));
	} catch (fault) {
		const hint = turn?.safety.danger ?? danger;
		if (hint === undefined || !leavesAlone(fault)) throw fault;
		countLater(hint, siteKey, bindings.keyed.db, asked);
		const help = turn?.safety.help ?? helpAtHand({ siteKey, country }, asked);
		return fixedAnswer(hint, { sessionId: chat.sessionId, isStreamed, help }, context);
	}
}
