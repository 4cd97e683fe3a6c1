/**
 * What applies where a customer has set nothing (org_config NULL, or no row): shown by the portal, used by chat and voice.
 * `display_name` has no constant default: it is the org's name. `instructions` null = the chat's own rules alone.
 */
export const CONFIG_DEFAULTS = {
	timezone: "UTC",
	locale: "en",
	brand_color: "#2563eb",
	logo_url: null,
	greeting: "Hello! How can I help you today?",
	suggested_questions: [],
	instructions: null,
	/** The answer when the model gives none, or a blocked one. */
	fallback_message: "I'm sorry, I can't answer that. Please contact us directly.",
	/** The error text when the plan's messages are used up. */
	limit_message: "This assistant has reached its limit for now. Please contact us directly.",
	/** Days that conversations are kept; 0, which staff may set, is for good. */
	retention_days: 90,
} as const;
