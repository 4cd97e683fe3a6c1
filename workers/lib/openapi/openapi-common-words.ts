import type { Words } from "../http/openapi.ts";

/** What every worker says alike. */
export const COMMON_WORDS = {
	operations: {
		getHealth:
			"Asks the database at most every 10 seconds, however often it is asked itself. Schema versions that are newer than the worker expects are fine.",
		getOpenapi: "OpenAPI 3.1 of this deployment, with examples; may be kept for five minutes.",
		getSecurityTxt: "Names the contact for reports of weaknesses, and until when it holds (RFC 9116).",
	},
	properties: {
		error: "Why the request was refused.",
		code: "What it is, for a program to switch on.",
		message: "One sentence a person can act on.",
		request_id: "UUID, as in X-Request-Id: name it when you report a fault.",
		"Error.error.fields": "With invalid_request: the faulty fields or parameters; of more than 20 the first 20.",
		"Error.error.fields.field": "Its name as it was sent, such as widget.offset_x.",
		"Error.error.fields.message": "What would be right, to be read after the name.",
		"Error.error.consent_version":
			"With consent_required: the version of the notice that there is to agree to, 16 hexadecimal digits.",
		"getHealth.status": "ok: every check is passed.",
		"getHealth.worker": "The deployment's name at Cloudflare, without the environment.",
		"getHealth.checks": "What was looked at; empty where no database is bound.",
		"getHealth.checks.db": "ok: the database answers and has a schema that this worker can use.",
		"getHealth.schema": "Versions of the database schema.",
		"getHealth.schema.expected": "The version that the worker was written for; it also takes every newer one.",
		created_at: "When it was made, ISO 8601 UTC with milliseconds.",
		session_id: "UUID of the conversation.",
	},
} satisfies Words;
