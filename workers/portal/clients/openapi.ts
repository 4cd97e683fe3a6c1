import { closedObjectSchema, schema } from "../../lib/http/openapi.ts";
import type { OpenapiRoom } from "../../lib/http/openapi.ts";
import { KINDS } from "../audit/audit.ts";
import { AUDIT_ENTRY_FIELDS } from "../audit/openapi.ts";
import {
	DAYS,
	ID,
	INSTANT,
	ORG_STATUS,
	PAGE,
	PLAN,
	TEXT,
	body,
	choice,
	listOf,
	ofOrg,
	ofStaff,
	orNull,
	pageOf,
	query,
	text,
} from "../request/openapi-parts.ts";
import { ATTENTION_FILTERS, SORTS } from "./list/clients-query.ts";
import { CLIENTS_WORDS } from "./openapi-words.ts";
import {
	CLIENT_LISTED,
	CLIENT_SHOWN,
	ENGINE_SHOWN,
	ENGINE_WISH,
	NEW_CLIENT,
	NEXT_STEP,
	PATCH,
} from "./openapi-parts.ts";

const LIST = ofStaff("listClients", "For staff: every organization, by name or by what wants looking at", "Clients", {
	description:
		"A page that picks by attention looks through 100 clients: it may hold fewer than its limit and go on. In another order than by name at most 200 clients are sorted.",
	parameters: [
		...PAGE,
		query("q", text(40), "What the name or slug begins with."),
		query("status", ORG_STATUS, "Only those of this status."),
		query("plan", PLAN, "Only those of this plan."),
		query("attention", choice(...ATTENTION_FILTERS), "Only those that want looking at, for this reason or for any."),
		query(
			"sort",
			choice(...SORTS),
			"By name where it is absent; else the largest or newest first, of margin_30d the smallest.",
		),
	],
});

const CREATE = ofStaff(
	"createClient",
	"For staff: a client with its first engine, live and for tests",
	"ClientDetails",
	{
		description:
			"All or nothing. Asked twice, the second is refused by 409, as its slug is taken by then. Keys are made here, at random.",
		requestBody: body(
			NEW_CLIENT,
			Object.keys(NEW_CLIENT).filter((name) => name !== "name"),
		),
		status: "201",
		errors: ["conflict"],
	},
);

const AUDIT = ofStaff(
	"listClientsAudit",
	"For staff: who wrote and who read at any client, the newest first",
	"ClientsAudit",
	{
		description: "Each client of whom the page shows something has in its own log that it was read.",
		parameters: [
			...PAGE,
			...DAYS,
			query("kind", choice(...KINDS), "Only what was written, or only what was read."),
			query("user_id", text(128), "Only this user's, and what was done in their name."),
		],
	},
);

const PATCH_CLIENT = ofStaff(
	"patchClient",
	"For staff: changes the named fields of a client; {} reads them",
	"ClientDetails",
	{
		description:
			"The status churned ends the service: active engines are paused along. 409 subscription_live where Stripe decides plan and status (send status_locked true as well to decide yourself), or would go on charging.",
		parameters: [ID],
		requestBody: PATCH,
		errors: ["org_not_found", "conflict", "subscription_live"],
	},
);

/** Koby's customers, as its staff see them. */
export const CLIENTS_ROOM: OpenapiRoom = {
	tag: { name: "Clients", description: "Koby's customers, for its staff." },
	words: CLIENTS_WORDS,
	schemas: {
		Client: closedObjectSchema(CLIENT_LISTED),
		Clients: pageOf("clients", "Client"),
		ClientEngine: closedObjectSchema(ENGINE_SHOWN),
		NextStep: closedObjectSchema(NEXT_STEP),
		ClientDetails: closedObjectSchema({
			client: closedObjectSchema(CLIENT_SHOWN),
			engines: { ...listOf(schema("ClientEngine")), description: "Every engine, the oldest first, with its key." },
			embed: { ...orNull(TEXT), description: "The line for the client's pages, of the first active live engine." },
			next_steps: { ...listOf(schema("NextStep")), description: "What is still to do, in this order." },
		}),
		NewEngines: closedObjectSchema({
			engines: { ...listOf(schema("ClientEngine"), 2), description: "The live engine, and its twin for tests." },
		}),
		ClientsAuditEntry: closedObjectSchema({
			...AUDIT_ENTRY_FIELDS,
			org_id: { ...TEXT, description: "The client of whom the entry tells." },
			org_name: { ...TEXT, description: "Its name today." },
		}),
		ClientsAudit: pageOf("entries", "ClientsAuditEntry"),
		ErasureToken: closedObjectSchema({
			token: { ...TEXT, description: "For the same person alone." },
			expires_at: INSTANT,
		}),
	},
	paths: {
		"/portal/clients": { get: LIST, post: CREATE },
		// Before the path that names one client, as the first that fits says what a query may hold.
		"/portal/clients/audit": { get: AUDIT },
		"/portal/clients/{id}/erasure": {
			post: ofStaff(
				"allowClientErasure",
				"For staff: a token with which the same person may erase the customer within 15 minutes",
				"ErasureToken",
				{ parameters: [ID], status: "201", errors: ["org_not_found", "subscription_live"] },
			),
		},
		"/portal/clients/{id}": {
			get: ofStaff("getClient", "For staff: one client, its engines, and what is still to do", "ClientDetails", {
				parameters: [ID],
				errors: ["org_not_found"],
			}),
			patch: PATCH_CLIENT,
			delete: ofStaff(
				"deleteClient",
				"For staff: erases a customer with everything; out of service at once, its rows in the hours after",
				null,
				{
					parameters: [ID],
					requestBody: body({ token: text(100) }),
					status: "204",
					errors: ["org_not_found", "subscription_live"],
				},
			),
		},
	},
};

/** `POST /portal/engines`, which stands beside the list of engines. */
export const CREATE_ENGINE = ofOrg("createEngine", "For staff: another engine, live and for tests", "NewEngines", {
	description: "A name that an engine of the organization has is refused by 409, so nothing is made twice.",
	requestBody: body(
		ENGINE_WISH,
		Object.keys(ENGINE_WISH).filter((name) => name !== "name"),
	),
	status: "201",
	errors: ["conflict"],
});
