import {
	ERROR_SCHEMA,
	errorResponses,
	healthOperation,
	jsonContent,
	objectSchema,
	openapiOperation,
	openapiResponse,
	schema,
} from "../lib/http/openapi.ts";
import type { OpenapiPart } from "../lib/http/openapi.ts";

const TEXT = { type: "string" };
const UUID = { type: "string", format: "uuid" };
const INSTANT = { type: "string", format: "date-time" };
const RATING = { enum: ["up", "down", null] };
const text = (maxLength: number, description?: string): OpenapiPart => ({
	type: "string",
	maxLength,
	...(description === undefined ? {} : { description }),
});
const orNull = (of: OpenapiPart): OpenapiPart => ({ anyOf: [of, { type: "null" }] });

const KEY = {
	name: "X-Site-Key",
	in: "header",
	required: true,
	description: "Names the site; it is no secret.",
	schema: TEXT,
};
const VISITOR = {
	name: "X-Visitor-Id",
	in: "header",
	description:
		"The visitor_id that the conversation was begun with; left out where it was begun without. Browsers send headers in Latin-1: a visitor_id beyond ASCII arrives as another.",
	schema: text(128),
};
const SESSION_IN_PATH = { name: "id", in: "path", required: true, schema: UUID };

const REFUSED = [
	"invalid_site_key",
	"site_key_required",
	"site_inactive",
	"org_inactive",
	"origin_not_allowed",
	"method_not_allowed",
] as const;
const FAILED = ["rate_limited", "internal", "not_configured", "unavailable"] as const;
const BAD_BODY = [
	"request_timeout",
	"invalid_json",
	"payload_too_large",
	"unsupported_media_type",
	"invalid_request",
] as const;
const DONE = { "204": { description: "Done." } };

function operation(summary: string, parts: OpenapiPart, responses: OpenapiPart): OpenapiPart {
	return { summary, ...parts, responses };
}

function body(properties: OpenapiPart, optional: readonly string[]): OpenapiPart {
	return { required: true, content: jsonContent(objectSchema(properties, optional)) };
}

function answered(name: string): OpenapiPart {
	return { description: "OK", content: jsonContent(schema(name)) };
}

const SCHEMAS: OpenapiPart = {
	Error: ERROR_SCHEMA,
	Answer: objectSchema(
		{
			response: { type: "string", description: "Plain text: show it as text, never as HTML." },
			session_id: { ...orNull(UUID), description: "Send it with the next message. null without a site key." },
			latency_ms: { type: "integer", minimum: 0 },
			message_id: UUID,
			finish: {
				enum: ["stop", "length", "blocked", "curated", "cached"],
				description: "blocked: the response is the site's fallback message. length: it is cut.",
			},
			unanswered: { const: true, description: "Only where the bot says that it does not know." },
			sources: { type: "array", items: objectSchema({ title: TEXT, url: orNull(TEXT) }) },
		},
		["unanswered"],
	),
	SessionEvent: objectSchema({ session_id: orNull(UUID), message_id: UUID }),
	DeltaEvent: objectSchema({ text: TEXT }),
	Config: objectSchema({
		name: TEXT,
		greeting: TEXT,
		brand_color: { type: "string", pattern: "^#[0-9A-Fa-f]{6}$" },
		suggested_questions: { type: "array", items: TEXT },
		locale: { type: "string", description: "BCP 47" },
	}),
	Session: objectSchema({
		session_id: UUID,
		messages: {
			type: "array",
			maxItems: 200,
			description: "The newest, oldest first.",
			items: objectSchema({
				id: TEXT,
				role: { enum: ["user", "assistant"] },
				text: TEXT,
				created_at: INSTANT,
				rating: RATING,
			}),
		},
		expires_at: { ...INSTANT, description: "Until then the next message goes on with it." },
	}),
};

const STREAM = {
	description:
		"As events: session, delta…, and done or error. done counts: its response replaces the deltas where the answer was blocked half way.",
	schema: TEXT,
	"x-events": {
		session: schema("SessionEvent"),
		delta: schema("DeltaEvent"),
		done: schema("Answer"),
		error: schema("Error"),
	},
};

const CHAT = operation(
	"Says something to the bot",
	{
		parameters: [{ ...KEY, required: false, description: "Without it the legacy bot answers, and nothing is kept." }],
		requestBody: body(
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
			},
			["visitor_id", "session_id"],
		),
	},
	{
		"200": {
			description: "The answer; with Accept: text/event-stream piece by piece.",
			content: { ...jsonContent(schema("Answer")), "text/event-stream": STREAM },
		},
		...errorResponses(...BAD_BODY, ...REFUSED, ...FAILED, "quota_exceeded", "model_unavailable"),
	},
);

const WIDGET: OpenapiPart = {
	"200": { description: "JavaScript", content: { "text/javascript": { schema: TEXT } } },
	"304": { description: "As the ETag says." },
	...errorResponses("method_not_allowed", "internal"),
};

const PATHS: OpenapiPart = {
	"/": { post: CHAT },
	"/config": {
		get: operation(
			"What a page needs to show the bot",
			{ parameters: [{ ...KEY, name: "site_key", in: "query" }] },
			{ "200": answered("Config"), ...errorResponses(...REFUSED, ...FAILED) },
		),
	},
	"/sessions/{id}": {
		parameters: [SESSION_IN_PATH, KEY, VISITOR],
		get: operation(
			"The visitor's conversation",
			{},
			{ "200": answered("Session"), ...errorResponses(...REFUSED, ...FAILED, "not_found", "invalid_request") },
		),
		delete: operation(
			"Ends the conversation, so that the next message begins anew",
			{},
			{ ...DONE, ...errorResponses(...REFUSED, ...FAILED, "not_found", "invalid_request") },
		),
	},
	"/feedback": {
		post: operation(
			"Rates an answer, changes the rating or takes it back; the last one counts",
			{
				parameters: [KEY, VISITOR],
				requestBody: body({ session_id: TEXT, message_id: TEXT, rating: RATING, comment: orNull(text(1000)) }, [
					"comment",
				]),
			},
			{ ...DONE, ...errorResponses(...BAD_BODY, ...REFUSED, ...FAILED, "not_found") },
		),
	},
	"/leads": {
		post: operation(
			"Leaves an address to be written to; one a conversation, the last one counts",
			{
				parameters: [KEY, VISITOR],
				requestBody: body(
					{ session_id: TEXT, email: text(254), name: orNull(text(200)), message: orNull(text(2000)) },
					["name", "message"],
				),
			},
			{ ...DONE, ...errorResponses(...BAD_BODY, ...REFUSED, ...FAILED, "not_found") },
		),
	},
	"/widget.js": {
		get: operation("The chat's script for a customer's page", {}, WIDGET),
	},
	"/widget.{version}.js": {
		parameters: [{ name: "version", in: "path", required: true, description: "The ETag of /widget.js.", schema: TEXT }],
		get: operation(
			"The same, of one version, to be kept for good",
			{},
			{
				...WIDGET,
				...errorResponses("not_found", "method_not_allowed", "internal"),
				"302": { description: "This version is not deployed any more: the current one is at /widget.js." },
			},
		),
	},
	"/health": { get: healthOperation("chadis-chat") },
	"/openapi.json": { get: openapiOperation() },
};

/** What the chat worker answers, for callers' tools. */
export const CHAT_OPENAPI: OpenapiPart = {
	openapi: "3.1.0",
	info: {
		title: "Koby AI chat",
		version: "1.0.0",
		description:
			"Every answer carries X-Request-Id. Errors are the schema Error; 429 and most 503 say in Retry-After when to come back. HEAD is served where GET is.",
	},
	paths: PATHS,
	components: { schemas: SCHEMAS },
};

/** `GET /openapi.json` */
export function getOpenapi(): Response {
	return openapiResponse(CHAT_OPENAPI);
}
