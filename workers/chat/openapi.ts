import {
	describeWorker,
	errorResponses,
	healthOperation,
	jsonContent,
	objectSchema,
	openapiOperation,
	openapiResponse,
	securityTxtOperation,
	schema,
} from "../lib/http/openapi.ts";
import type { OpenapiPart, OpenapiRoom } from "../lib/http/openapi.ts";
import { SAFETY_CLASSES } from "../lib/site/safeguards.ts";
import { CONSENT, FAILURES, SITE_ERRORS, SITE_KEY } from "../lib/site/openapi.ts";
import { BAD_BODY, TEXT, UUID, body, operation, orNull, sources, text } from "./openapi-parts.ts";
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

const STREAM = {
	description:
		"As events: session, delta…, and done or error, with safety before done, or before error, where the message or the answer speaks of danger. done counts: its response replaces the deltas where the answer was blocked half way.",
	schema: TEXT,
	"x-events": {
		session: schema("SessionEvent"),
		safety: schema("Safety"),
		delta: schema("DeltaEvent"),
		done: schema("Answer"),
		error: schema("Error"),
	},
};

const MESSAGE = body(
	{
		message: { type: "string", minLength: 1, maxLength: 2000 },
		visitor_id: orNull(
			text(128, "As the page names its visitor; random, and ASCII where X-Visitor-Id is to name it as well."),
		),
		session_id: orNull({
			type: "string",
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
	"Says something to the bot",
	{
		parameters: [
			{ ...SITE_KEY, required: false, description: "Without it the legacy bot answers, and nothing is kept." },
			CONSENT,
		],
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

const OWN_ROOM: OpenapiRoom = {
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
		SessionEvent: objectSchema({ session_id: orNull(UUID), message_id: orNull(UUID) }),
		DeltaEvent: objectSchema({ text: TEXT }),
	},
	paths: {
		"/": { post: CHAT },
		"/health": { get: healthOperation("chadis-chat") },
		"/openapi.json": { get: openapiOperation() },
		"/.well-known/security.txt": { get: securityTxtOperation() },
	},
};

/** What the chat worker answers, for callers' tools. */
export const CHAT_OPENAPI: OpenapiPart = describeWorker(
	{ title: "Koby AI chat", description: "HEAD is served where GET is." },
	[OWN_ROOM, SESSION_ROOM, WIDGET_ROOM],
);

/** `GET /openapi.json` */
export function getOpenapi(): Promise<Response> {
	return openapiResponse(CHAT_OPENAPI);
}
