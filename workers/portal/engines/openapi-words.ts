import type { Words } from "../../lib/http/openapi.ts";

/** What the operations here do and the properties are. */
export const ENGINES_WORDS: Words = {
	operations: {
		listEngines: "With what each was used for in the last 30 days. The site key is what a customer puts into the page.",
		patchEngine:
			"For admins and staff. A JSON Merge Patch: a field that is left out stays, null takes the organization's. {} changes nothing and answers the engine with its ETag, which is how one reads it.",
		rotateEngineKey:
			"For admins and staff. The new key works at once; the old one goes on for grace_hours, so that pages can be changed meanwhile. A key before that one ends at once.",
	},
	properties: {
		id: "Id of the engine.",
		name: "As the dashboard shows it, 1 to 200 characters.",
		site_key: "Names the engine in the customer's page (X-Site-Key); no secret.",
		type: "chatbot: it writes; voice: it speaks.",
		status: "active: it answers; paused: 403 site_inactive; archived: for good.",
		environment: "By the site key: live for visitors, test and dev for trying (localhost is admitted too).",
		origins_open: "Whether any https page may use it, as nobody has listed origins.",
		last_active_at: "When it was last used, ISO 8601 UTC; null = never.",
		sessions_30d: "Conversations of the last 30 days.",
		messages_30d: "Answers of the last 30 days.",
		instructions:
			"What the bot is told beside the organization's own instructions, at most 8,000 characters; null = nothing.",
		greeting: "What the widget says first, at most 500 characters; null = the organization's.",
		brand_color: "Of the widget, #RRGGBB; null = the organization's.",
		agent_id: "The voice vendor's agent for spoken conversations; null = the deployment's. Staff set it.",
		model: "The model that answers; null = the deployment's. Staff set it.",
		suggested_questions: "What the widget offers to ask, at most 6 of 120 characters; null = the organization's.",
		version: "Rises with every change; the ETag has it.",
		"Engines.engines": "Of every status and environment.",
		engine: "As it is now.",
		previous_key_expires_at: "Until then the old key still works, ISO 8601 UTC.",
		visitor_memory: "Where a browser keeps its conversation; null = as the organization's configuration says.",
		grace_hours: "Hours for which the old key goes on working; 0 = not at all.",
	},
};
