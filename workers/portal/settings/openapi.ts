import { closedObjectSchema, schema } from "../../lib/http/openapi.ts";
import type { OpenapiPart, OpenapiRoom } from "../../lib/http/openapi.ts";
import {
	COLOUR,
	COUNT,
	HTTPS_URL,
	ID,
	IF_MATCH,
	INSTANT,
	PAGE,
	SUGGESTED_QUESTIONS,
	TEXT,
	VISITOR_MEMORY,
	body,
	choice,
	each,
	listOf,
	ofOrg,
	orNull,
	pageOf,
	patchBody,
	patchOf,
	text,
} from "../request/openapi-parts.ts";
import { PRIVACY_MODES } from "../../lib/site/safeguards.ts";
import { APPEARANCE, APPEARANCE_PATCH } from "./appearance/openapi.ts";
import { SAFEGUARDS, SAFEGUARDS_PATCH } from "./safeguards/openapi.ts";
import { SETTINGS_WORDS } from "./openapi-words.ts";

const ANSWER_MODE = {
	...choice("strict", "free"),
	description:
		"strict: the bot answers from what the owner has written alone; free: else from what is generally known.",
};
const PERCENT: OpenapiPart = { type: "integer", minimum: 0, maximum: 100 };

const RETENTION = closedObjectSchema({
	privacy: choice(...PRIVACY_MODES),
	periods: listOf(
		closedObjectSchema({
			subject: { ...TEXT, description: "Such as conversations, leads or audit_log." },
			days: { ...orNull(COUNT), description: "null = for good." },
			text: { ...TEXT, description: "The same in a sentence, in English." },
		}),
	),
});

const CONFIG = closedObjectSchema({
	...each(["display_name", "timezone", "locale", "greeting", "fallback_message", "limit_message"], TEXT),
	brand_color: COLOUR,
	logo_url: orNull(TEXT),
	suggested_questions: listOf(TEXT),
	instructions: orNull(TEXT),
	retention_days: { ...COUNT, description: "Days that conversations are kept; 0 = for good." },
	visitor_memory: VISITOR_MEMORY,
	answer_mode: ANSWER_MODE,
	contact: orNull(TEXT),
	min_pass_rate: {
		...orNull(PERCENT),
		description: "Percent of golden questions that a draft must pass to be published.",
	},
	...SAFEGUARDS,
	...APPEARANCE,
});

const CONFIG_VERSION = {
	version: COUNT,
	at: INSTANT,
	by: { ...orNull(TEXT), description: "Clerk's id of the user; null = by hand." },
	cause: choice("update", "restore", "publish", "by_hand"),
	reason: { ...orNull(TEXT), description: "Why a draft was published below its pass rate." },
	made_from: {
		...orNull(COUNT),
		description: "The version that was restored, or that of the draft that was published.",
	},
};

const CONFIG_DRAFT = closedObjectSchema({
	config: { ...schema("Config"), description: "What publishing would put into force." },
	changes: {
		...orNull(listOf(TEXT)),
		description: "The names of the fields that the draft changes; null = there is no draft.",
	},
	version: { ...COUNT, description: "Of the draft, as in its ETag." },
	config_version: { ...COUNT, description: "Of the configuration in force." },
	updated_at: orNull(INSTANT),
	updated_by: orNull(TEXT),
});

/** What a patch of the configuration may hold. */
const CONFIG_PATCH = {
	display_name: orNull(text(100)),
	timezone: { ...orNull(text(64)), description: "A name such as Europe/Berlin, for display." },
	locale: { ...orNull(text(35)), description: "BCP 47, of a language that exists." },
	brand_color: orNull(COLOUR),
	logo_url: orNull(HTTPS_URL),
	...each(["greeting", "fallback_message", "limit_message"], orNull(text(500))),
	suggested_questions: orNull(SUGGESTED_QUESTIONS),
	instructions: orNull(text(8000)),
	retention_days: {
		anyOf: [{ type: "integer", minimum: 7, maximum: 3650 }, { const: 0 }, { type: "null" }],
		description: "Days that conversations are kept; null = 90. 0 = for good, staff only.",
	},
	visitor_memory: orNull(VISITOR_MEMORY),
	answer_mode: orNull(ANSWER_MODE),
	contact: { ...orNull(text(300)), description: "Whom the bot points to when it does not know." },
	min_pass_rate: orNull(PERCENT),
	...SAFEGUARDS_PATCH,
	...APPEARANCE_PATCH,
};

/** What an organization sets for all its engines. */
export const SETTINGS_ROOM: OpenapiRoom = {
	tag: { name: "Configuration", description: "What an organization sets for all its engines." },
	words: SETTINGS_WORDS,
	schemas: {
		Retention: RETENTION,
		Config: CONFIG,
		ConfigPatch: patchOf(CONFIG_PATCH),
		ConfigAnswer: closedObjectSchema({
			config: schema("Config"),
			version: COUNT,
			updated_at: orNull(INSTANT),
			updated_by: orNull(TEXT),
		}),
		ConfigVersion: closedObjectSchema(CONFIG_VERSION),
		ConfigVersions: pageOf("versions", "ConfigVersion"),
		ConfigVersionWhole: closedObjectSchema({ ...CONFIG_VERSION, config: schema("Config") }),
		ConfigDraft: CONFIG_DRAFT,
	},
	paths: {
		"/portal/retention": {
			get: ofOrg("getRetention", "How long the organization's data is kept, in words", "Retention"),
		},
		"/portal/config": {
			get: ofOrg("getConfig", "The configuration, defaults filled in", "ConfigAnswer", { isTagged: true }),
			patch: ofOrg("patchConfig", "Changes the named fields; null restores a default", "ConfigAnswer", {
				parameters: [IF_MATCH],
				requestBody: patchBody("ConfigPatch"),
				isTagged: true,
				errors: ["precondition_failed"],
			}),
		},
		"/portal/config/versions": {
			get: ofOrg("listConfigVersions", "What became of the configuration, the newest first", "ConfigVersions", {
				parameters: PAGE,
			}),
		},
		"/portal/config/versions/{id}": {
			get: ofOrg("getConfigVersion", "A version whole, by its number", "ConfigVersionWhole", {
				parameters: [ID],
				errors: ["not_found"],
			}),
		},
		"/portal/config/versions/{id}/restore": {
			post: ofOrg("restoreConfigVersion", "Puts a version into force again, as a new one", "ConfigAnswer", {
				parameters: [ID, IF_MATCH],
				isTagged: true,
				errors: ["not_found", "precondition_failed"],
			}),
		},
		"/portal/config/draft": {
			get: ofOrg("getConfigDraft", "The draft of a configuration", "ConfigDraft", { isTagged: true }),
			put: ofOrg("putConfigDraft", "The draft whole; what it does not name stays as it is in force", "ConfigDraft", {
				parameters: [IF_MATCH],
				requestBody: patchBody("ConfigPatch"),
				isTagged: true,
				errors: ["precondition_failed"],
			}),
			delete: ofOrg("deleteConfigDraft", "Throws the draft away", null, {
				parameters: [IF_MATCH],
				status: "204",
				errors: ["precondition_failed"],
			}),
		},
		"/portal/config/publish": {
			post: ofOrg("publishConfigDraft", "Puts the draft into force", "ConfigAnswer", {
				description:
					"For admins and staff. With min_pass_rate set, the latest completed run of golden questions of exactly this draft must reach it, or override_reason says why not.",
				parameters: [IF_MATCH],
				requestBody: body({ override_reason: text(500) }, ["override_reason"]),
				isTagged: true,
				errors: ["not_found", "conflict", "precondition_failed", "pass_rate_too_low"],
			}),
		},
	},
};
