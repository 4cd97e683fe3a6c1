import {
	OPERATION_TAG,
	errorResponses,
	healthOperation,
	jsonContent,
	objectSchema,
	openapiOperation,
	openapiResponse,
	pathsOf,
	securityTxtOperation,
	schema,
} from "../lib/http/openapi.ts";
import type { OpenapiPart, OpenapiRoom } from "../lib/http/openapi.ts";
import { SAFETY_CLASSES } from "../lib/site/safeguards.ts";
import { describeWorker } from "../lib/openapi/openapi-document.ts";
import { once } from "../lib/openapi/once.ts";
import { withExamples } from "../lib/openapi/openapi-examples.ts";
import { CONSENT, FAILURES, OF_SITE_OR_NOBODY, SITE_ERRORS, SITE_KEY_SCHEMES } from "../lib/site/openapi.ts";
import { BAD_BODY, TEXT, UUID, body, operation, orNull, sources, text } from "./openapi-parts.ts";
import { TALK_WORDS } from "./openapi-words.ts";
import { SESSION_ROOM } from "./session/openapi.ts";
import { WIDGET_ROOM } from "./widget/openapi.ts";

const ANSWER = objectSchema(
	{
		response: {
			type: "string",
			description:
				"Plain text: show it as text, never as HTML. Numbers to call are links of markdown: [988](tel:988), [988](sms:988).",
		},
		session_id: {
			...orNull(UUID),
			description:
				"Send it with the next message. null without a site key; with finish safety it is the one you sent, or null: go on with yours, as with an answer by rule.",
		},
		latency_ms: { type: "integer", minimum: 0 },
		message_id: {
			...orNull(UUID),
			description:
				"null where a fixed text came without a turn, and with an answer by rule: such an answer is not kept and cannot be rated.",
		},
		finish: {
			enum: ["stop", "length", "blocked", "curated", "cached", "safety"],
			description:
				"curated: the owner's own answer to this question, or to one that asks the same; or an answer by rule: to whoever asks whether a person answers, or says that they are a child. blocked: the response is the site's fallback message. length: it is cut. safety: the message spoke of danger, and the response is a fixed text with the numbers to call.",
		},
		safety: { ...schema("Safety"), description: "Only where the message or the answer speaks of danger." },
		unanswered: { const: true, description: "Only where the bot says that it does not know." },
		sources: sources("The articles and curated answers that the response says it rests on."),
	},
	["unanswered", "safety"],
);

/** An event of the stream: its name, and what stands in its data as JSON. */
function streamEvent(event: string, data: OpenapiPart): OpenapiPart {
	return objectSchema({ event: { type: "string", const: event, description: EVENT_WORDS[event] }, data });
}

const EVENT_WORDS: Readonly<Record<string, string>> = {
	session: "The first one: the turn is admitted, and the answer is on its way.",
	safety: "Any time before done or error, where the message or the answer speaks of danger.",
	delta: "As often as it takes: the next piece of the answer.",
	done: "The last one of an answer that came whole. It counts: its response replaces the deltas where the answer was blocked half way.",
	error: "The last one of an answer that broke off, in place of done.",
};

const STREAM = {
	schema: schema("StreamEvent"),
};

const STREAM_EVENTS = {
	StreamEvent: {
		description:
			"One event of a stream of server-sent events: a line `event: ` with its name, a line `data: ` with its data as JSON, an empty line. They come as session, delta…, and done or error; safety before those two. A comment line every ten seconds keeps the connection alive.",
		oneOf: [
			schema("SessionEvent"),
			schema("SafetyEvent"),
			schema("DeltaEvent"),
			schema("DoneEvent"),
			schema("ErrorEvent"),
		],
	},
	SessionEvent: streamEvent("session", objectSchema({ session_id: orNull(UUID), message_id: orNull(UUID) })),
	SafetyEvent: streamEvent("safety", schema("Safety")),
	DeltaEvent: streamEvent("delta", objectSchema({ text: TEXT })),
	DoneEvent: streamEvent("done", schema("Answer")),
	ErrorEvent: streamEvent("error", schema("Error")),
};

const MESSAGE = body(
	{
		message: { type: "string", minLength: 1, maxLength: 2000 },
		visitor_id: orNull(
			text(128, "As the page names its visitor; random, and ASCII where X-Visitor-Id is to name it as well."),
		),
		session_id: orNull({
			type: "string",
			maxLength: 32_768,
			description:
				"Of the answer before. One that is not this visitor's, has ended or rested for 24 hours begins anew.",
		}),
		language: {
			description:
				"In which the page speaks to its visitor, BCP 47: for built-in texts alone, the bot answers in that of the message. What is none that the chat speaks is ignored.",
		},
	},
	["visitor_id", "session_id", "language"],
);

const CHAT = operation(
	"sendMessage",
	"Says something to the bot",
	{
		...OF_SITE_OR_NOBODY,
		parameters: [CONSENT],
		requestBody: MESSAGE,
	},
	{
		"200": {
			description: "The answer; with Accept: text/event-stream piece by piece.",
			content: { ...jsonContent(schema("Answer")), "text/event-stream": STREAM },
		},
		...errorResponses(
			...BAD_BODY,
			...SITE_ERRORS,
			"consent_required",
			...FAILURES,
			"client_quota_exceeded",
			"quota_exceeded",
			"budget_exhausted",
			"model_unavailable",
		),
	},
);

const TALK_ROOM: OpenapiRoom = {
	tag: { name: "Conversation", description: "What a visitor says, and what the bot answers." },
	words: TALK_WORDS,
	schemas: {
		Answer: ANSWER,
		Safety: objectSchema(
			{
				class: { enum: [...SAFETY_CLASSES] },
				tier: {
					enum: [1, 2],
					description:
						"1: said in plain words, of the writer or somebody with them, now: answered with the fixed text. 2: a hint, or of somebody else, the past, or in the answer: the line of help stands below the answer.",
				},
				text: {
					...TEXT,
					description: "The line of help, which the response ends with; absent where it is the fixed text.",
				},
			},
			["text"],
		),
		...STREAM_EVENTS,
	},
	paths: {
		"/": { post: CHAT },
	},
};

const OWN_ROOM: OpenapiRoom = {
	tag: OPERATION_TAG,
	schemas: {},
	paths: {
		"/health": { get: healthOperation("chadis-chat") },
		"/openapi.json": { get: openapiOperation() },
		"/.well-known/security.txt": { get: securityTxtOperation() },
	},
};

const ROOMS = [TALK_ROOM, SESSION_ROOM, WIDGET_ROOM, OWN_ROOM];

/** Its paths, for whoever names a request's route. */
export const CHAT_PATHS = pathsOf(ROOMS);

/** What the chat worker answers, for callers' tools: put together when first asked for. */
export const chatOpenapi = once(() =>
	describeWorker(
		{
			title: "Koby AI chat",
			description: "The chat of customers' websites. HEAD is served where GET is.",
			deployed: ["https://chadis-chat.kobyai.workers.dev", "https://chadis-chat-staging.kobyai.workers.dev"],
			localPrefix: "/chat",
			security: [{ siteKey: [] }],
			components: { securitySchemes: SITE_KEY_SCHEMES },
		},
		ROOMS,
	),
);

/** `GET /openapi.json` */
export async function getOpenapi(): Promise<Response> {
	const { default: examples } = await import("./openapi-examples.json");
	return openapiResponse(withExamples(chatOpenapi(), examples));
}
