import { ERROR_SCHEMA, healthOperation, openapiOperation, openapiResponse } from "../lib/http/openapi.ts";
import type { OpenapiPart } from "../lib/http/openapi.ts";
import { BILLING } from "./billing/openapi.ts";
import { CONVERSATIONS } from "./conversations/openapi.ts";
import { KNOWLEDGE } from "./knowledge/openapi.ts";
import { PARAMETERS, ofAnyone } from "./request/openapi-parts.ts";
import { READS } from "./numbers/openapi.ts";
import { SETTINGS } from "./settings/openapi.ts";

const DESCRIPTION = `Every answer carries X-Request-Id. Errors are the schema Error; 429 and most 503 say in Retry-After when to come back. \
Instants are ISO 8601 UTC, days are UTC days, money is integer micro-USD. HEAD is served where GET is. Members read their organization, \
its admins also write; staff name an organization by orgId.`;

/** What the portal worker answers, good enough to generate a client from. */
export const PORTAL_OPENAPI: OpenapiPart = {
	openapi: "3.1.0",
	info: { title: "Koby AI portal", version: "1.0.0", description: DESCRIPTION },
	security: [{ bearer: [] }],
	paths: {
		...READS.paths,
		...SETTINGS.paths,
		...CONVERSATIONS.paths,
		...KNOWLEDGE.paths,
		...BILLING.paths,
		"/health": { get: ofAnyone("getHealth", healthOperation("koby-portal")) },
		"/openapi.json": { get: ofAnyone("getOpenapi", openapiOperation()) },
	},
	components: {
		securitySchemes: {
			bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT", description: "A session token of Clerk." },
		},
		parameters: PARAMETERS,
		schemas: {
			Error: ERROR_SCHEMA,
			...READS.schemas,
			...SETTINGS.schemas,
			...CONVERSATIONS.schemas,
			...KNOWLEDGE.schemas,
			...BILLING.schemas,
		},
	},
};

/** `GET /openapi.json` */
export function getOpenapi(): Response {
	return openapiResponse(PORTAL_OPENAPI);
}
