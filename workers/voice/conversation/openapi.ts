import { BODY_ERRORS, errorResponses, jsonContent, objectSchema, schema } from "../../lib/http/openapi.ts";
import type { OpenapiPart, OpenapiRoom, Words } from "../../lib/http/openapi.ts";
import { CONSENT, FAILURES, OF_SITE, SITE_ERRORS } from "../../lib/site/openapi.ts";
import { VENDOR_ERRORS } from "../elevenlabs/openapi.ts";

const WORDS: Words = {
	properties: {
		"Session.session_id": "UUID, as POST /session/{id}/end takes it.",
		conversation_id: "The vendor's id of the conversation.",
		agent_id: "The vendor's id of the agent that speaks.",
		max_duration_seconds:
			"Seconds after which the agent ends the conversation; so much is reserved of the plan's minutes.",
	},
};
const TEXT = { type: "string" };
const UUID = { type: "string", format: "uuid" };

const OPEN: OpenapiPart = {
	operationId: "openConversation",
	summary: "Opens a conversation with the site's agent",
	description:
		"Takes one of the site's places for at most max_duration_seconds and gives the address at which the browser speaks with the agent; audio does not pass through here.",
	...OF_SITE,
	parameters: [CONSENT],
	requestBody: {
		required: false,
		content: jsonContent({ type: "object", description: "Nothing is read from it; it may be left out." }),
	},
	responses: {
		"201": {
			description: "Connect to signed_url within 15 minutes; it works once.",
			content: jsonContent(schema("Session")),
		},
		...errorResponses(
			...BODY_ERRORS,
			...SITE_ERRORS,
			"consent_required",
			...FAILURES,
			"forbidden",
			"session_limit",
			"quota_exceeded",
			"budget_exhausted",
			"conversation_not_configured",
			...VENDOR_ERRORS,
		),
	},
};

const END: OpenapiPart = {
	operationId: "endConversation",
	summary: "Says that a conversation is over",
	description:
		"Frees its place at once for the same client. What the conversation cost is read back from the vendor, not taken from here.",
	...OF_SITE,
	parameters: [{ name: "id", in: "path", required: true, description: "The session_id.", schema: UUID }],
	responses: {
		"204": { description: "Noted; saying so again changes nothing." },
		...errorResponses(...SITE_ERRORS, ...FAILURES, "not_found"),
	},
};

const SESSION = objectSchema({
	session_id: UUID,
	signed_url: { type: "string", description: "wss: hand it to the page that speaks, and to nobody else." },
	conversation_id: TEXT,
	agent_id: TEXT,
	expires_at: { type: "string", format: "date-time", description: "Until then the conversation can begin." },
	max_duration_seconds: { type: "integer", minimum: 1 },
});

/** What it takes to talk to an agent. */
export const CONVERSATION_ROOM: OpenapiRoom = {
	tag: { name: "Spoken conversation", description: "What it takes to talk to an agent." },
	words: WORDS,
	schemas: { Session: SESSION },
	paths: { "/session": { post: OPEN }, "/session/{id}/end": { post: END } },
};
