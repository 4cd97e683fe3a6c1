import type { Words } from "../../lib/http/openapi.ts";

/** What the operations here do and the properties are. */
export const TEAM_WORDS: Words = {
	operations: {
		getTeam:
			"From Clerk where the deployment has its secret and the organization is tied to it, else from the database; source says which. Kept for at most 60 seconds.",
	},
	properties: {
		members: "The oldest membership first.",
		user_id: "Clerk's id of the user, user_….",
		"Team.members.name": "First and last name; null where none is known.",
		email: "The primary address; null where none is known.",
		image_url: "https, of the portrait; null = none.",
		role: "admin: may also write.",
		joined_at: "When they became a member, ISO 8601 UTC.",
		total: "How many members there are.",
		source: "Where they are listed.",
	},
};
