import { errorResponses, objectSchema } from "../../lib/http/openapi.ts";
import type { OpenapiRoom } from "../../lib/http/openapi.ts";
import { CONSENT, FAILURES, OF_SITE, SITE_ERRORS } from "../../lib/site/openapi.ts";
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
import { SESSION_WORDS } from "../openapi-words.ts";

/** Any text is taken; what is no id of ours is found nowhere. */
const ID = text(32_768);
const INSTANT = { type: "string", format: "date-time" };
const SESSION_IN_PATH = { name: "id", in: "path", required: true, description: "The session_id.", schema: UUID };
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
	tag: { name: "Session", description: "What a visitor does with a conversation beside talking." },
	words: SESSION_WORDS,
	schemas: { Session: SESSION },
	paths: {
		"/sessions/{id}": {
			parameters: [SESSION_IN_PATH, VISITOR],
			get: operation("getSession", "The visitor's conversation", OF_SITE, {
				"200": answered("Session"),
				...errorResponses(...SITE_ERRORS, ...FAILURES, "not_found", "invalid_request"),
			}),
			delete: operation("endSession", "Ends the conversation, so that the next message begins anew", OF_SITE, {
				...DONE,
				...errorResponses(...SITE_ERRORS, ...FAILURES, "not_found", "invalid_request"),
			}),
		},
		"/feedback": {
			post: operation(
				"rateAnswer",
				"Rates an answer, changes the rating or takes it back",
				{
					...OF_SITE,
					parameters: [VISITOR],
					requestBody: body({ session_id: ID, message_id: ID, rating: RATING, comment: orNull(text(1000)) }, [
						"comment",
					]),
				},
				{ ...DONE, ...errorResponses(...BAD_BODY, ...SITE_ERRORS, ...FAILURES, "not_found") },
			),
		},
		"/leads": {
			post: operation(
				"leaveLead",
				"Leaves an address to be written to",
				{
					...OF_SITE,
					parameters: [VISITOR, CONSENT],
					requestBody: body(
						{ session_id: orNull(ID), email: text(254), name: orNull(text(200)), message: orNull(text(2000)) },
						["session_id", "name", "message"],
					),
				},
				{ ...DONE, ...errorResponses(...BAD_BODY, ...SITE_ERRORS, "consent_required", ...FAILURES, "not_found") },
			),
		},
	},
};
