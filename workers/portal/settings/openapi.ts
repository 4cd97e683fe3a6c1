import { closedObjectSchema, schema } from "../../lib/http/openapi.ts";
import type { OpenapiRoom } from "../../lib/http/openapi.ts";
import {
	COLOUR,
	COUNT,
	HTTPS_URL,
	IF_MATCH,
	INSTANT,
	SUGGESTED_QUESTIONS,
	TEXT,
	VISITOR_MEMORY,
	choice,
	each,
	listOf,
	ofOrg,
	orNull,
	patchBody,
	text,
} from "../request/openapi-parts.ts";

const ANSWER_MODE = {
	...choice("strict", "free"),
	description:
		"strict: the bot answers from what the owner has written alone; free: else from what is generally known.",
};

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
});

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
};

/** What an organization sets for all its engines. */
export const SETTINGS_ROOM: OpenapiRoom = {
	schemas: {
		Config: CONFIG,
		ConfigAnswer: closedObjectSchema({
			config: schema("Config"),
			version: COUNT,
			updated_at: orNull(INSTANT),
			updated_by: orNull(TEXT),
		}),
	},
	paths: {
		"/portal/config": {
			get: ofOrg("getConfig", "The configuration, defaults filled in", "ConfigAnswer", { isTagged: true }),
			patch: ofOrg("patchConfig", "Changes the named fields; null restores a default", "ConfigAnswer", {
				parameters: [IF_MATCH],
				requestBody: patchBody(CONFIG_PATCH),
				isTagged: true,
				errors: ["precondition_failed"],
			}),
		},
	},
};
