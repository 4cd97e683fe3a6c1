import type { Words } from "../../lib/http/openapi.ts";

/** What the operations here do and the properties are. */
export const SETTINGS_WORDS: Words = {
	operations: {
		getRetention:
			"For each kind of data how many days it is kept and a sentence that says so, for the privacy notice of the customer.",
		getConfig: "What is not set shows its default. The ETag is what a change names in If-Match.",
		patchConfig:
			"For admins and staff. A JSON Merge Patch (RFC 7396): a field that is left out stays, null restores its default. One bad field refuses them all, and nothing is written. With If-Match, or version, a change that somebody made meanwhile is 412; without, the last write wins. It is in force at once.",
		listConfigVersions: "Who changed the configuration when, and why. Every version is kept whole.",
		getConfigVersion: "By its number, with the whole configuration as it was.",
		restoreConfigVersion:
			"For admins and staff. The configuration becomes what it was, as a version of its own; nothing is lost.",
		getConfigDraft:
			"What publishing would put into force, and which fields that changes. Where there is no draft it is the configuration in force.",
		putConfigDraft:
			"For admins and staff. The body names every field in which the draft differs; visitors see nothing of it until it is published.",
		deleteConfigDraft: "For admins and staff. The configuration in force stays as it is.",
	},
	properties: {
		display_name: "The bot's name as visitors read it, at most 100 characters.",
		timezone: "IANA name such as Europe/Berlin, for display; all numbers are of UTC days.",
		locale: "The organization's language, BCP 47, such as en-US.",
		greeting: "What the widget says first, at most 500 characters.",
		fallback_message: "What visitors read when the model gives no answer, at most 500 characters.",
		limit_message: "What visitors read when the plan's messages are used up, at most 500 characters.",
		brand_color: "Of the widget, #RRGGBB.",
		logo_url: "https, at most 2,000 characters; null = none.",
		suggested_questions: "What the widget offers to ask, at most 6 of 120 characters.",
		instructions: "What all bots of the organization are told, at most 8,000 characters; null = nothing.",
		contact: "Whom the bot points to when it does not know, at most 300 characters; null = nobody.",
		privacy_url: "The privacy notice that visitors are shown, https, at most 500 characters; null = none.",
		terms_url: "The terms that visitors are shown, https, at most 500 characters; null = none.",
		visitor_memory: "Where a browser keeps its conversation: device, tab or none; null = device.",
		answer_mode:
			"strict: from what the owner has written alone; free: else from what is generally known; null = the default.",
		min_pass_rate: "Percent of golden questions, 0 to 100, that a draft must pass to be published; null = none.",
		privacy:
			"standard keeps what visitors write, redact hides what identifies a person, no_store keeps numbers alone; null = standard.",
		consent: "none, notice (visitors are told) or required (they have to agree); null = none.",
		audience: "adults: a visitor says first that they are one; null = general.",
		provider_policy: "baa: only vendors under an agreement are asked; null = any.",
		phrase: "The words, 2 to 80 characters, found in any case.",
		class: "The kind of danger they mean, which says how it is answered.",
		en: "For visitors who speak English.",
		es: "For visitors who speak Spanish.",
		fr: "For visitors who speak French.",
		de: "For visitors who speak German.",
		pt: "For visitors who speak Portuguese.",
		it: "For visitors who speak Italian.",
		nl: "For visitors who speak Dutch.",
		pl: "For visitors who speak Polish.",
		zh: "For visitors who speak Chinese.",
		ar: "For visitors who speak Arabic.",
		theme: "auto: as the visitor's device is set; null = auto.",
		corner: "In which lower corner the launcher stands.",
		offset_x: "px from the corner's side, 0 to 200; null = 20.",
		offset_y: "px from the bottom, 0 to 200; null = 20.",
		launcher_icon: "What the launcher shows.",
		launcher_text: "Beside the icon, at most 30 characters; null = nothing.",
		"Config.widget.logo_url": "https, at most 500 characters, in the panel's head; null = none.",
		"ConfigPatch.widget.logo_url": "https, at most 500 characters, in the panel's head; null = none.",
		radius: "px of the panel's corners, 0 to 32; null = 16.",
		talk_to_person: "Whether visitors can leave an address from the beginning; null = no.",
		config: "The configuration whole, defaults filled in.",
		version: "Rises by one with every change; the ETag has it.",
		updated_at: "When it was last changed, ISO 8601 UTC; null = never.",
		updated_by: "Clerk's id of who changed it last; null = nobody, or by hand.",
		periods: "A row for each kind of data.",
		"Retention.privacy": "What is kept of what visitors write at all.",
		at: "When it came into force, ISO 8601 UTC with milliseconds.",
		cause: "update: a change; restore: of an older version; publish: of a draft; by_hand: by SQL.",
		versions: "The newest first.",
		override_reason:
			"Why it is published although too few golden questions pass, 1 to 500 characters; kept with the version.",
	},
};
