import { closedObjectSchema } from "../../lib/http/openapi.ts";
import type { OpenapiRoom } from "../../lib/http/openapi.ts";
import { COUNT, INSTANT, ROLE, TEXT, choice, each, listOf, ofOrg, orNull } from "../request/openapi-parts.ts";
import { TEAM_WORDS } from "./openapi-words.ts";

const MEMBER = closedObjectSchema({
	user_id: TEXT,
	...each(["name", "email", "image_url"], orNull(TEXT)),
	role: ROLE,
	joined_at: INSTANT,
});

/** Who belongs to an organization. */
export const TEAM_ROOM: OpenapiRoom = {
	tag: { name: "Team", description: "Who belongs to an organization." },
	words: TEAM_WORDS,
	schemas: {
		Team: closedObjectSchema({ members: listOf(MEMBER), total: COUNT, source: choice("clerk", "database") }),
	},
	paths: {
		"/portal/team": {
			get: ofOrg("getTeam", "The members, the oldest first", "Team", { errors: ["team_unavailable"] }),
		},
	},
};
