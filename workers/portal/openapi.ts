import {
	describeWorker,
	healthOperation,
	openapiOperation,
	openapiResponse,
	securityTxtOperation,
} from "../lib/http/openapi.ts";
import type { OpenapiPart } from "../lib/http/openapi.ts";
import { AUDIT_ROOM } from "./audit/openapi.ts";
import { BILLING_ROOM } from "./billing/openapi.ts";
import { CLIENTS_ROOM } from "./clients/openapi.ts";
import { CONVERSATIONS_ROOM } from "./conversations/openapi.ts";
import { ENGINES_ROOM } from "./engines/openapi.ts";
import { EVENTS_ROOM } from "./events/openapi.ts";
import { GOLDEN_ROOM } from "./golden/openapi.ts";
import { KNOWLEDGE_ROOM } from "./knowledge/openapi.ts";
import { NUMBERS_ROOM } from "./numbers/openapi.ts";
import { PARAMETERS, ofAnyone } from "./request/openapi-parts.ts";
import { SETTINGS_ROOM } from "./settings/openapi.ts";
import { TEAM_ROOM } from "./team/openapi.ts";

const DESCRIPTION = `Instants are ISO 8601 UTC, days are UTC days, money is integer micro-USD. HEAD is served where GET is. \
Members read their organization, its admins also write; staff name an organization by orgId.`;

const BEARER = { type: "http", scheme: "bearer", bearerFormat: "JWT", description: "A session token of Clerk." };

const OWN_ROOM = {
	schemas: {},
	paths: {
		"/health": { get: ofAnyone("getHealth", healthOperation("koby-portal")) },
		"/openapi.json": { get: ofAnyone("getOpenapi", openapiOperation()) },
		"/.well-known/security.txt": { get: ofAnyone("getSecurityTxt", securityTxtOperation()) },
	},
};

/** What the portal worker answers, good enough to generate a client from. */
export const PORTAL_OPENAPI: OpenapiPart = describeWorker(
	{
		title: "Koby AI portal",
		description: DESCRIPTION,
		security: [{ bearer: [] }],
		components: { securitySchemes: { bearer: BEARER }, parameters: PARAMETERS },
	},
	[
		NUMBERS_ROOM,
		ENGINES_ROOM,
		SETTINGS_ROOM,
		TEAM_ROOM,
		CLIENTS_ROOM,
		CONVERSATIONS_ROOM,
		KNOWLEDGE_ROOM,
		GOLDEN_ROOM,
		AUDIT_ROOM,
		BILLING_ROOM,
		EVENTS_ROOM,
		OWN_ROOM,
	],
);

/** `GET /openapi.json` */
export function getOpenapi(): Response {
	return openapiResponse(PORTAL_OPENAPI);
}
