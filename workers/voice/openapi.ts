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
import { KEYED_MAX_CHARACTERS, LEGACY_MAX_CHARACTERS } from "./speech/speech-request.ts";

const TEXT = { type: "string" };
const UUID = { type: "string", format: "uuid" };
const KEY = {
	name: "X-Site-Key",
	in: "header",
	required: true,
	description: "Names the site; it is no secret.",
	schema: TEXT,
};

const REFUSED = [
	"invalid_site_key",
	"site_key_required",
	"site_inactive",
	"org_inactive",
	"origin_not_allowed",
	"method_not_allowed",
] as const;
const FAILED = ["rate_limited", "internal", "not_configured", "unavailable"] as const;
const BAD_BODY = ["request_timeout", "invalid_json", "payload_too_large", "unsupported_media_type"] as const;
const VENDOR = [
	"voice_provider_auth",
	"voice_quota_exhausted",
	"voice_not_available",
	"voice_busy",
	"voice_unavailable",
	"voice_timeout",
] as const;

const SPEECH: OpenapiPart = {
	summary: "Speaks a text",
	parameters: [
		{ ...KEY, required: false, description: `Without it at most ${LEGACY_MAX_CHARACTERS} characters, on the house.` },
	],
	requestBody: {
		required: true,
		content: jsonContent(
			objectSchema(
				{
					text: {
						type: "string",
						minLength: 1,
						description: `At most ${KEYED_MAX_CHARACTERS} characters; markdown, tags, URLs and emoji are not spoken.`,
					},
					voice_id: { anyOf: [TEXT, { type: "null" }], description: "One that this deployment allows." },
				},
				["voice_id"],
			),
		),
	},
	responses: {
		"200": {
			description:
				"The clip, from its first byte on. X-Cache says HIT or MISS, X-Characters what was spent. One that breaks off is not whole.",
			content: { "audio/mpeg": {} },
		},
		...errorResponses(...BAD_BODY, "invalid_request", ...REFUSED, ...FAILED, "quota_exceeded", ...VENDOR),
	},
};

const SESSION: OpenapiPart = {
	summary: "Opens a conversation with the site's agent",
	parameters: [KEY],
	requestBody: { required: false, content: jsonContent({ type: "object" }) },
	responses: {
		"201": {
			description: "Connect to signed_url within 15 minutes; it works once.",
			content: jsonContent(schema("Session")),
		},
		...errorResponses(...BAD_BODY, ...REFUSED, ...FAILED, "session_limit", "conversation_not_configured", ...VENDOR),
	},
};

const END: OpenapiPart = {
	summary: "Says that a conversation is over, which frees its place at once",
	parameters: [{ name: "id", in: "path", required: true, description: "The session_id.", schema: UUID }, KEY],
	responses: {
		"204": { description: "Noted; saying so again changes nothing." },
		...errorResponses(...REFUSED, ...FAILED, "not_found"),
	},
};

function describe(worker: string, title: string, paths: OpenapiPart): OpenapiPart {
	return {
		openapi: "3.1.0",
		info: {
			title,
			version: "1.0.0",
			description:
				"Every answer carries X-Request-Id. Errors are the schema Error; 429 and most 503 say in Retry-After when to come back. HEAD is served where GET is.",
		},
		paths: {
			"/": { post: SPEECH },
			...paths,
			"/health": { get: healthOperation(worker) },
			"/openapi.json": { get: openapiOperation() },
		},
		components: {
			schemas: {
				Error: ERROR_SCHEMA,
				Session: objectSchema({
					session_id: UUID,
					signed_url: { type: "string", description: "wss: hand it to the page that speaks, and to nobody else." },
					conversation_id: TEXT,
					agent_id: TEXT,
					expires_at: { type: "string", format: "date-time", description: "Until then the conversation can begin." },
					max_duration_seconds: { type: "integer", minimum: 1 },
				}),
			},
		},
	};
}

/** What chadis-voice answers, for callers' tools. */
export const VOICE_OPENAPI = describe("chadis-voice", "Koby AI voice", {});
/** What chadis-voice-conversation answers. */
export const CONVERSATION_OPENAPI = describe("chadis-voice-conversation", "Koby AI voice and conversation", {
	"/session": { post: SESSION },
	"/session/{id}/end": { post: END },
});

/** `GET /openapi.json`, of the deployment with conversations or of the one without. */
export function getOpenapi(hasConversations: boolean): Response {
	return openapiResponse(hasConversations ? CONVERSATION_OPENAPI : VOICE_OPENAPI);
}
