import type { Words } from "../../lib/http/openapi.ts";

/** What the operations here do and the properties are, where the parts themselves do not say it. */
export const CLIENTS_WORDS: Words = {
	operations: {
		getClient:
			"The same as after a change: what it is and pays, its engines with their keys and embed lines, and what is still to do, in that order. Its own log has that it was read.",
		allowClientErasure:
			"The first of two steps, so that nobody erases a customer by a slip. It is refused while a subscription runs.",
		deleteClient:
			"The second step, with the token of the first. The customer is out of service at once; what remains is erased within hours, and a trace without names is kept.",
	},
	properties: {
		"createClient.name": "As people know it; one line.",
		"patchClient.name": "As people know it; one line.",
		clients: "A page, in the order that was asked for.",
		entries: "The newest first.",
		status: "trialing, active and past_due are served; inactive and churned are not.",
		client: "What is stored of it, and what it pays.",
		"ClientDetails.client.stripe": "What Stripe sells and charges it.",
		updated_at: "When one of its fields was last changed, ISO 8601 UTC with milliseconds.",
		"ClientEngine.id": "Id of the engine.",
		"ClientEngine.name": "As the dashboard shows it, 1 to 200 characters.",
		"ClientEngine.site_key": "Names the engine in the client's page (X-Site-Key); no secret.",
		"ClientEngine.type": "chatbot: it writes; voice: it speaks.",
		"ClientEngine.status": "active: it answers; paused: 403 site_inactive; archived: for good.",
		"ClientEngine.environment":
			"By the site key: live for visitors, test and dev for trying (localhost is admitted too).",
		"ClientEngine.origins_open": "Whether any https page may use it, as nobody has listed origins.",
		"ClientEngine.last_active_at": "When it was last used, ISO 8601 UTC; null = never.",
		"ClientEngine.sessions_30d": "Conversations of the last 30 days.",
		"ClientEngine.messages_30d": "Answers of the last 30 days.",
		"ClientsAuditEntry.id": "Rises with time; unique in the log.",
		kind: "write: something was changed; read: something was looked at.",
		"createClient.name": "As people know it, 1 to 200 characters on one line.",
		"patchClient.name": "As people know it, 1 to 200 characters on one line.",
		"deleteClient.token": "What POST /portal/clients/{id}/erasure has answered.",
		expires_at: "Until then the token counts, ISO 8601 UTC.",
	},
};
