import { closedObjectSchema, schema } from "../../lib/http/openapi.ts";
import type { OpenapiRoom } from "../../lib/http/openapi.ts";
import { CREATE_ENGINE } from "../clients/openapi.ts";
import {
	COLOUR,
	COUNT,
	ID,
	IF_MATCH,
	INSTANT,
	SUGGESTED_QUESTIONS,
	TEXT,
	VISITOR_MEMORY,
	body,
	choice,
	each,
	listOf,
	ofOrg,
	orNull,
	patchBody,
	patchOf,
	text,
} from "../request/openapi-parts.ts";
import { ENGINE, ORIGINS } from "./openapi-parts.ts";
import { ENGINES_WORDS } from "./openapi-words.ts";

const ENGINE_SETTINGS = closedObjectSchema({
	...ENGINE,
	...each(["instructions", "greeting", "brand_color", "agent_id", "model"], orNull(TEXT)),
	suggested_questions: orNull(listOf(TEXT)),
	visitor_memory: { ...orNull(VISITOR_MEMORY), description: "null = the organization's configuration." },
	version: COUNT,
});

const MODEL = orNull({ type: "string", pattern: "^[a-z][a-z0-9.-]{0,99}$" });
const AGENT_ID = orNull({ type: "string", pattern: "^[A-Za-z0-9_-]{1,100}$" });

const ENGINE_PATCH = {
	name: text(200),
	status: choice("active", "paused"),
	allowed_origins: ORIGINS,
	instructions: orNull(text(8000)),
	greeting: orNull(text(500)),
	suggested_questions: orNull(SUGGESTED_QUESTIONS),
	brand_color: orNull(COLOUR),
	visitor_memory: orNull(VISITOR_MEMORY),
	agent_id: { ...AGENT_ID, description: "Staff only." },
	model: { ...MODEL, description: "Staff only." },
};

/** An organization's engines. */
export const ENGINES_ROOM: OpenapiRoom = {
	tag: { name: "Engines", description: "An organization's engines: its bots and voices." },
	words: ENGINES_WORDS,
	schemas: {
		Engine: closedObjectSchema(ENGINE),
		Engines: closedObjectSchema({ engines: listOf(schema("Engine")) }),
		EngineSettings: ENGINE_SETTINGS,
		EnginePatch: patchOf(ENGINE_PATCH),
		EngineAnswer: closedObjectSchema({ engine: schema("EngineSettings") }),
		RotatedKey: closedObjectSchema({ engine: schema("EngineSettings"), previous_key_expires_at: INSTANT }),
	},
	paths: {
		"/portal/engines": {
			get: ofOrg("listEngines", "Every engine, the oldest first", "Engines"),
			post: CREATE_ENGINE,
		},
		"/portal/engines/{id}": {
			patch: ofOrg("patchEngine", "Changes the named fields of an engine; {} reads them", "EngineAnswer", {
				parameters: [ID, IF_MATCH],
				requestBody: patchBody("EnginePatch"),
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
