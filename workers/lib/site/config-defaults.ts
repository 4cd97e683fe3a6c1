/**
 * Where a browser keeps the name of its conversation: with the site's data until it is forgotten; with the tab, whose end it does not
 * outlive; or nowhere, so that each page begins anew. The last two are for devices that several people use.
 */
export const VISITOR_MEMORIES = ["device", "tab", "none"];

/**
 * What applies where a customer has set nothing (org_config NULL, or no row): shown by the portal, used by chat and voice. That of what
 * protects visitors stands in `safeguards.ts`.
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
	/** How long a browser remembers its conversation, see `VISITOR_MEMORIES`. */
	visitor_memory: "device",
	/** `strict`: the bot answers from what the owner has written alone; `free`: else from what is generally known. */
	answer_mode: "strict",
	/** Whom the bot points to when it does not know; null = the website's contact page. */
	contact: null,
} as const;
