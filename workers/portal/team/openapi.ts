import { closedObjectSchema } from "../../lib/http/openapi.ts";
import type { OpenapiRoom } from "../../lib/http/openapi.ts";
import {
	COUNT,
	ID,
	INSTANT,
	ORG_STATUS,
	PAGE,
	PLAN,
	ROLE,
	TEXT,
	body,
	choice,
	each,
	listOf,
	ofOrg,
	ofStaff,
	orNull,
	pageOf,
	query,
	text,
} from "../request/openapi-parts.ts";
import { TEAM_WORDS } from "./openapi-words.ts";

const MEMBER = closedObjectSchema({
	user_id: TEXT,
	...each(["name", "email", "image_url"], orNull(TEXT)),
	role: ROLE,
	joined_at: INSTANT,
});

const CLIENT = closedObjectSchema({
	...each(["id", "name", "slug", "plan"], TEXT),
	status: ORG_STATUS,
	created_at: INSTANT,
	...each(["engines", "sessions_30d", "messages_30d"], COUNT),
	last_active_at: orNull(INSTANT),
});

/** Who belongs to an organization, and which organizations there are. */
export const TEAM_ROOM: OpenapiRoom = {
	tag: { name: "Team and clients", description: "Who belongs to an organization, and which organizations there are." },
	words: TEAM_WORDS,
	schemas: {
		Team: closedObjectSchema({ members: listOf(MEMBER), total: COUNT, source: choice("clerk", "database") }),
		Client: CLIENT,
		Clients: pageOf("clients", "Client"),
		ErasureToken: closedObjectSchema({ token: TEXT, expires_at: INSTANT }),
	},
	paths: {
		"/portal/team": {
			get: ofOrg("getTeam", "The members, the oldest first", "Team", { errors: ["team_unavailable"] }),
		},
		"/portal/clients": {
			get: ofStaff("listClients", "For staff: every organization by name", "Clients", {
				parameters: [
					...PAGE,
					query("q", text(40), "What the name or slug begins with."),
					query("status", ORG_STATUS, "Only those of this status."),
					query("plan", PLAN, "Only those that have this plan."),
				],
			}),
		},
		"/portal/clients/{id}/erasure": {
			post: ofStaff(
				"allowClientErasure",
				"For staff: a token with which the same person may erase the customer within 15 minutes",
				"ErasureToken",
				{ parameters: [ID], status: "201", errors: ["org_not_found", "subscription_live"] },
			),
		},
		"/portal/clients/{id}": {
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
