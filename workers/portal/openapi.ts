import {
	OPERATION_TAG,
	healthOperation,
	openapiOperation,
	openapiResponse,
	pathsOf,
	securityTxtOperation,
} from "../lib/http/openapi.ts";
import type { OpenapiPart, OpenapiRoom } from "../lib/http/openapi.ts";
import { once } from "../lib/openapi/once.ts";
import { describeWorker } from "../lib/openapi/openapi-document.ts";
import { withExamples } from "../lib/openapi/openapi-examples.ts";
import { AUDIT_ROOM } from "./audit/openapi.ts";
import { BILLING_ROOM } from "./billing/openapi.ts";
import { CLIENTS_ROOM } from "./clients/openapi.ts";
import { CONVERSATIONS_ROOM } from "./conversations/openapi.ts";
import { DOCTOR_ROOM } from "./doctor/openapi.ts";
import { ENGINES_ROOM } from "./engines/openapi.ts";
import { EVENTS_ROOM } from "./events/openapi.ts";
import { GOLDEN_ROOM } from "./golden/openapi.ts";
import { KNOWLEDGE_ROOM } from "./knowledge/openapi.ts";
import { NUMBERS_ROOM } from "./numbers/openapi.ts";
import { IF_NONE_MATCH, conditionalReads } from "./request/openapi-conditional.ts";
import { PARAMETERS } from "./request/openapi-parts.ts";
import { SETTINGS_ROOM } from "./settings/openapi.ts";
import { TEAM_ROOM } from "./team/openapi.ts";

const DESCRIPTION = `Instants are ISO 8601 UTC, days are UTC days, money is integer micro-USD. HEAD is served where GET is. \
Members read their organization, its admins also write; staff name an organization by orgId.`;

const BEARER = { type: "http", scheme: "bearer", bearerFormat: "JWT", description: "A session token of Clerk." };

const OWN_ROOM = {
	tag: OPERATION_TAG,
	schemas: {},
	paths: {
		"/health": { get: healthOperation("koby-portal") },
		"/openapi.json": { get: openapiOperation() },
		"/.well-known/security.txt": { get: securityTxtOperation() },
	},
};

const ROOMS: readonly OpenapiRoom[] = [
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
	DOCTOR_ROOM,
];
const PUBLIC_ROOMS: readonly OpenapiRoom[] = [EVENTS_ROOM, OWN_ROOM];

/** What the router needs of the description: its paths, and the parameters that these refer to. */
export const PORTAL_PATHS: OpenapiPart = {
	paths: pathsOf([...ROOMS, ...PUBLIC_ROOMS]),
	components: { parameters: PARAMETERS },
};

/** What the portal worker answers, good enough to generate a client from: put together when first asked for. */
export const portalOpenapi = once(() =>
	describeWorker(
		{
			title: "Koby AI portal",
			description: DESCRIPTION,
			deployed: ["https://portal-worker.koby.ai", "https://staging.portal-worker.koby.ai"],
			localPrefix: "",
			security: [{ bearer: [] }],
			components: { securitySchemes: { bearer: BEARER }, parameters: { ...PARAMETERS, ...IF_NONE_MATCH } },
		},
		[...ROOMS.map(conditionalReads), ...PUBLIC_ROOMS],
	),
);

/** `GET /openapi.json` */
export async function getOpenapi(): Promise<Response> {
	const { default: examples } = await import("./openapi-examples.json");
	return openapiResponse(withExamples(portalOpenapi(), examples));
}
