import type { Words } from "../../lib/http/openapi.ts";

/** What the operations here do and the properties are. */
export const TEAM_WORDS: Words = {
	operations: {
		getTeam:
			"From Clerk where the deployment has its secret and the organization is tied to it, else from the database; source says which. Kept for at most 60 seconds.",
		listClients: "Koby's own list of customers with their last 30 days, in pages.",
		allowClientErasure:
			"The first of two steps, so that nobody erases a customer by a slip. It is refused while a subscription runs.",
		deleteClient:
			"The second step, with the token of the first. The customer is out of service at once; what remains is erased within hours, and a trace without names is kept.",
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
		"Client.id": "As orgId takes it.",
		"Client.name": "The organization's name.",
		slug: "The name in lower-case letters, digits and dashes.",
		plan: "What it has bought.",
		status: "trialing, active and past_due are served; inactive and churned are not.",
		engines: "How many engines it has, of any status.",
		sessions_30d: "Conversations of the last 30 days.",
		messages_30d: "Answers of the last 30 days.",
		last_active_at: "When one of its engines was last used, ISO 8601 UTC; null = never.",
		clients: "In the order of their names.",
		token: "Opaque, good for one customer, one person and 15 minutes.",
		expires_at: "Until then the token counts, ISO 8601 UTC.",
	},
};
