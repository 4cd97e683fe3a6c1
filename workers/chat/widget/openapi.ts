import { errorResponses, objectSchema } from "../../lib/http/openapi.ts";
import type { OpenapiPart, OpenapiRoom } from "../../lib/http/openapi.ts";
import { VISITOR_MEMORIES } from "../../lib/site/config-defaults.ts";
import { FAILURES, SITE_ERRORS, SITE_KEY } from "../../lib/site/openapi.ts";
import { TEXT, answered, operation } from "../openapi-parts.ts";

const WIDGET: OpenapiPart = {
	"200": { description: "JavaScript", content: { "text/javascript": { schema: TEXT } } },
	"304": { description: "As the ETag says." },
	...errorResponses("method_not_allowed", "internal"),
};

const CONFIG = objectSchema({
	name: TEXT,
	greeting: TEXT,
	brand_color: { type: "string", pattern: "^#[0-9A-Fa-f]{6}$" },
	suggested_questions: { type: "array", items: TEXT },
	locale: { type: "string", description: "BCP 47" },
	visitor_memory: {
		type: "string",
		enum: VISITOR_MEMORIES,
		description: "Where a browser keeps its conversation: with the site's data, with the tab, or nowhere.",
	},
});

/** What a customer's page loads. */
export const WIDGET_ROOM: OpenapiRoom = {
	schemas: { Config: CONFIG },
	paths: {
		"/config": {
			get: operation(
				"What a page needs to show the bot",
				{ parameters: [{ ...SITE_KEY, name: "site_key", in: "query" }] },
				{ "200": answered("Config"), ...errorResponses(...SITE_ERRORS, ...FAILURES) },
			),
		},
		"/widget.js": {
			get: operation("The chat's script for a customer's page", {}, WIDGET),
		},
		"/widget.{version}.js": {
			parameters: [
				{ name: "version", in: "path", required: true, description: "The ETag of /widget.js.", schema: TEXT },
			],
			get: operation(
				"The same, of one version, to be kept for good",
				{},
				{
					...WIDGET,
					...errorResponses("not_found", "method_not_allowed", "internal"),
					"302": { description: "This version is not deployed any more: the current one is at /widget.js." },
				},
			),
		},
	},
};
