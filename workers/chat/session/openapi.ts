import { errorResponses, objectSchema } from "../../lib/http/openapi.ts";
import type { OpenapiRoom } from "../../lib/http/openapi.ts";
import { CONSENT, FAILURES, SITE_ERRORS, SITE_KEY } from "../../lib/site/openapi.ts";
import {
	BAD_BODY,
	RATING,
	TEXT,
	UUID,
	VISITOR,
	answered,
	body,
	operation,
	orNull,
	sources,
	text,
} from "../openapi-parts.ts";

const INSTANT = { type: "string", format: "date-time" };
const SESSION_IN_PATH = { name: "id", in: "path", required: true, schema: UUID };
const DONE = { "204": { description: "Done." } };

const SESSION = objectSchema({
	session_id: UUID,
	messages: {
		type: "array",
		maxItems: 200,
		description: "The newest, oldest first.",
		items: objectSchema({
			id: TEXT,
			role: { enum: ["user", "assistant"] },
			text: orNull(TEXT),
			created_at: INSTANT,
			rating: RATING,
			finish: orNull({ type: "string", description: "How an answer ended; null of a visitor's message." }),
			sources: sources("What an answer says it rests on; empty of a visitor's message, and where no words are kept."),
			status: { enum: ["done", "pending"], description: "pending: the answer is under way, its text is null." },
		}),
	},
	expires_at: { ...INSTANT, description: "Until then the next message goes on with it." },
});

/** What a visitor does with a conversation beside talking. */
export const SESSION_ROOM: OpenapiRoom = {
	schemas: { Session: SESSION },
	paths: {
		"/sessions/{id}": {
			parameters: [SESSION_IN_PATH, SITE_KEY, VISITOR],
			get: operation(
				"The visitor's conversation",
				{},
				{ "200": answered("Session"), ...errorResponses(...SITE_ERRORS, ...FAILURES, "not_found", "invalid_request") },
			),
			delete: operation(
				"Ends the conversation, so that the next message begins anew",
				{},
				{ ...DONE, ...errorResponses(...SITE_ERRORS, ...FAILURES, "not_found", "invalid_request") },
			),
		},
		"/feedback": {
			post: operation(
				"Rates an answer, changes the rating or takes it back; the last one counts",
				{
					parameters: [SITE_KEY, VISITOR],
					requestBody: body({ session_id: TEXT, message_id: TEXT, rating: RATING, comment: orNull(text(1000)) }, [
						"comment",
					]),
				},
				{ ...DONE, ...errorResponses(...BAD_BODY, ...SITE_ERRORS, ...FAILURES, "not_found") },
			),
		},
		"/leads": {
			post: operation(
				"Leaves an address to be written to; one a conversation, the last one counts. Without session_id: of a visitor who has begun none",
				{
					parameters: [SITE_KEY, VISITOR, CONSENT],
					requestBody: body(
						{ session_id: orNull(TEXT), email: text(254), name: orNull(text(200)), message: orNull(text(2000)) },
						["session_id", "name", "message"],
					),
				},
				{ ...DONE, ...errorResponses(...BAD_BODY, ...SITE_ERRORS, "consent_required", ...FAILURES, "not_found") },
			),
		},
	},
};
