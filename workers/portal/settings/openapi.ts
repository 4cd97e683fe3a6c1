import { closedObjectSchema, schema } from "../../lib/http/openapi.ts";
import {
	COUNT,
	HTTPS_URL,
	ID,
	IF_MATCH,
	INSTANT,
	TEXT,
	body,
	choice,
	each,
	listOf,
	ofOrg,
	orNull,
	patchBody,
	text,
} from "../request/openapi-parts.ts";
import type { Group } from "../request/openapi-parts.ts";
import { ENGINE } from "../numbers/openapi.ts";

const COLOUR = { type: "string", pattern: "^#[0-9A-Fa-f]{6}$" };
const QUESTIONS = listOf(text(120), 6);
const ORIGINS = {
	...orNull(listOf({ type: "string", maxLength: 300 }, 50)),
	description: "Origins as browsers send them; null = any https origin.",
};
const MODEL = orNull({ type: "string", pattern: "^[a-z][a-z0-9.-]{0,99}$" });
const AGENT_ID = orNull({ type: "string", pattern: "^[A-Za-z0-9_-]{1,100}$" });

const CONFIG = closedObjectSchema({
	...each(["display_name", "timezone", "locale", "greeting", "fallback_message", "limit_message"], TEXT),
	brand_color: COLOUR,
	logo_url: orNull(TEXT),
	suggested_questions: listOf(TEXT),
	instructions: orNull(TEXT),
	retention_days: { ...orNull(COUNT), description: "null = conversations are kept." },
});

const CONFIG_PATCH = {
	display_name: orNull(text(100)),
	timezone: { ...orNull(text(64)), description: "A name such as Europe/Berlin, for display." },
	locale: { ...orNull(text(35)), description: "BCP 47" },
	brand_color: orNull(COLOUR),
	logo_url: orNull(HTTPS_URL),
	...each(["greeting", "fallback_message", "limit_message"], orNull(text(500))),
	suggested_questions: orNull(QUESTIONS),
	instructions: orNull(text(8000)),
	retention_days: { ...orNull({ type: "integer", minimum: 30, maximum: 3650 }), description: "Below 90 staff only." },
};

const ENGINE_SETTINGS = closedObjectSchema({
	...ENGINE,
	...each(["instructions", "greeting", "brand_color", "agent_id", "model"], orNull(TEXT)),
	suggested_questions: orNull(listOf(TEXT)),
	version: COUNT,
});

const ENGINE_PATCH = {
	name: text(200),
	status: choice("active", "paused"),
	allowed_origins: ORIGINS,
	instructions: orNull(text(8000)),
	greeting: orNull(text(500)),
	suggested_questions: orNull(QUESTIONS),
	brand_color: orNull(COLOUR),
	agent_id: { ...AGENT_ID, description: "Staff only." },
	model: { ...MODEL, description: "Staff only." },
};

/** What an organization sets. */
export const SETTINGS: Group = {
	schemas: {
		Config: CONFIG,
		ConfigAnswer: closedObjectSchema({
			config: schema("Config"),
			version: COUNT,
			updated_at: orNull(INSTANT),
			updated_by: orNull(TEXT),
		}),
		EngineSettings: ENGINE_SETTINGS,
		EngineAnswer: closedObjectSchema({ engine: schema("EngineSettings") }),
		RotatedKey: closedObjectSchema({ engine: schema("EngineSettings"), previous_key_expires_at: INSTANT }),
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
		"/portal/engines/{id}": {
			patch: ofOrg("patchEngine", "Changes the named fields of an engine; {} reads them", "EngineAnswer", {
				parameters: [ID, IF_MATCH],
				requestBody: patchBody(ENGINE_PATCH),
				isTagged: true,
				errors: ["not_found", "conflict", "precondition_failed"],
			}),
		},
		"/portal/engines/{id}/rotate-key": {
			post: ofOrg("rotateEngineKey", "Gives an engine a new site key; the old one works on for a while", "RotatedKey", {
				parameters: [ID, IF_MATCH],
				requestBody: body({ grace_hours: { type: "integer", minimum: 0, maximum: 72, default: 24 } }, ["grace_hours"]),
				isTagged: true,
				errors: ["not_found", "conflict", "precondition_failed"],
			}),
		},
	},
};
