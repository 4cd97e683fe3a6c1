import { BODY_ERRORS, errorResponses, jsonContent, objectSchema, schema } from "../../lib/http/openapi.ts";
import type { OpenapiPart, OpenapiRoom } from "../../lib/http/openapi.ts";
import { CONSENT, FAILURES, SITE_ERRORS, SITE_KEY } from "../../lib/site/openapi.ts";
import { VENDOR_ERRORS } from "../elevenlabs/openapi.ts";

const TEXT = { type: "string" };
const UUID = { type: "string", format: "uuid" };

const OPEN: OpenapiPart = {
	summary: "Opens a conversation with the site's agent",
	parameters: [SITE_KEY, CONSENT],
	requestBody: { required: false, content: jsonContent({ type: "object" }) },
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
	summary: "Says that a conversation is over, which frees its place at once for the same client",
	parameters: [{ name: "id", in: "path", required: true, description: "The session_id.", schema: UUID }, SITE_KEY],
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
	schemas: { Session: SESSION },
	paths: { "/session": { post: OPEN }, "/session/{id}/end": { post: END } },
};
