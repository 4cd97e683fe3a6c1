import { NOT_MODIFIED, errorResponses, objectSchema } from "../../lib/http/openapi.ts";
import type { OpenapiPart, OpenapiRoom } from "../../lib/http/openapi.ts";
import { LANGUAGES } from "../../lib/languages/languages.ts";
import { VISITOR_MEMORIES } from "../../lib/site/config-defaults.ts";
import { AUDIENCES, CONSENT_MODES } from "../../lib/site/safeguards.ts";
import { FAILURES, OF_ANYONE, SITE_ERRORS, SITE_KEY_SCHEMA } from "../../lib/site/openapi.ts";
import { CORNERS, LAUNCHER_ICONS, MAX_OFFSET, MAX_RADIUS, THEMES } from "../../lib/site/widget-settings.ts";
import { TEXT, answered, operation, orNull } from "../openapi-parts.ts";
import { WIDGET_WORDS } from "../openapi-words.ts";

const WIDGET: OpenapiPart = {
	"200": { description: "JavaScript", content: { "text/javascript": { schema: TEXT } } },
	...NOT_MODIFIED,
	...errorResponses("method_not_allowed", "internal"),
};

const SITE_KEY_IN_QUERY = { name: "site_key", in: "query", schema: SITE_KEY_SCHEMA };

function pixels(maximum: number): OpenapiPart {
	return { type: "integer", minimum: 0, maximum };
}

const LOOKS = objectSchema({
	theme: { type: "string", enum: THEMES, description: "auto: as the visitor's device is set." },
	corner: { type: "string", enum: CORNERS },
	offset_x: { ...pixels(MAX_OFFSET), description: "px from the corner's side." },
	offset_y: { ...pixels(MAX_OFFSET), description: "px from the bottom." },
	launcher_icon: { type: "string", enum: LAUNCHER_ICONS },
	launcher_text: { ...orNull(TEXT), description: "Beside the icon." },
	logo_url: { ...orNull(TEXT), description: "https, in the panel's head." },
	radius: { ...pixels(MAX_RADIUS), description: "px, of the panel's corners." },
	talk_to_person: { type: "boolean", description: "Whether an address can be left from the beginning." },
});

const CONFIG = objectSchema({
	name: TEXT,
	greeting: TEXT,
	brand_color: { type: "string", pattern: "^#[0-9A-Fa-f]{6}$" },
	suggested_questions: { type: "array", items: TEXT },
	locale: { type: "string", description: "BCP 47, of the organization." },
	language: {
		type: "string",
		enum: LANGUAGES,
		description: "Which was given: the one asked for, else that of the locale, else en.",
	},
	widget: LOOKS,
	visitor_memory: {
		type: "string",
		enum: VISITOR_MEMORIES,
		description: "Where a browser keeps its conversation: with the site's data, with the tab, or nowhere.",
	},
	consent: {
		type: "string",
		enum: CONSENT_MODES,
		description: "Whether visitors are told before they write (notice), or have to agree (required).",
	},
	consent_version: {
		type: "string",
		pattern: "^[0-9a-f]{16}$",
		description:
			"Of what visitors are shown: it changes with the language, the notice, the two addresses and the audience. That of any language is taken.",
	},
	audience: { type: "string", enum: AUDIENCES, description: "adults: a visitor says first that they are one." },
	ai_notice: { ...TEXT, description: "What visitors are told of whom they write to, plain text." },
	privacy_url: orNull(TEXT),
	terms_url: orNull(TEXT),
	hidden_paths: {
		type: "array",
		items: TEXT,
		description: "Paths on which the widget stays away; * stands for any characters, a slash included.",
	},
	country: { type: "string", pattern: "^[A-Z]{2}$", description: "Whose emergency numbers are given, ISO 3166." },
	emergency_number: { ...orNull(TEXT), description: "Whom to call at the practice in an emergency of its kind." },
	history: { type: "boolean", description: "Whether what is said is kept, so that a conversation can be read again." },
	voice: {
		...orNull(
			objectSchema({
				url: { ...TEXT, description: "The voice worker's address, with / at its end." },
				dictation: { type: "boolean", description: "Whether visitors may have their browser listen." },
			}),
		),
		description: "null = the organization has no active voice engine, or the deployment names no voice worker.",
	},
	conversation: {
		...orNull(
			objectSchema({
				url: { ...TEXT, description: "Address of the deployment for conversations, with / at its end." },
			}),
		),
		description:
			"Where visitors can talk with the site's agent. null = no active voice engine, a plan without conversations, a deployment that names none, or privacy that the agent is not known to keep.",
	},
});

/** What a customer's page loads. */
export const WIDGET_ROOM: OpenapiRoom = {
	tag: { name: "Widget", description: "What a customer's page loads." },
	words: WIDGET_WORDS,
	schemas: { Config: CONFIG },
	paths: {
		"/config": {
			get: operation(
				"getConfig",
				"What a page needs to show the bot",
				{
					...OF_ANYONE,
					parameters: [
						{ ...SITE_KEY_IN_QUERY, required: true, description: "Names the site; it is no secret." },
						{
							name: "language",
							in: "query",
							description:
								"The visitor's, BCP 47, such as es-MX, several with commas between them: the first that the chat speaks counts.",
							schema: TEXT,
						},
					],
				},
				{ "200": answered("Config"), ...NOT_MODIFIED, ...errorResponses(...SITE_ERRORS, ...FAILURES) },
			),
		},
		"/widget.js": {
			get: operation(
				"getWidget",
				"The script of a customer's page",
				{
					...OF_ANYONE,
					parameters: [
						{
							...SITE_KEY_IN_QUERY,
							required: false,
							description:
								"Written into the script where it has the form of a site key; the tag's data-site-key goes before it.",
						},
					],
				},
				WIDGET,
			),
		},
		"/widget/{name}.{digest}.js": {
			parameters: [
				{ name: "name", in: "path", required: true, description: "panel, or what is loaded on use.", schema: TEXT },
				{ name: "digest", in: "path", required: true, description: "Of the file, as the script has it.", schema: TEXT },
			],
			get: operation("getWidgetFile", "A part of the widget", OF_ANYONE, {
				"200": { description: "JavaScript", content: { "text/javascript": { schema: TEXT } } },
				...errorResponses("not_found", "method_not_allowed", "internal"),
			}),
		},
		"/widget.d.ts": {
			get: operation("getWidgetTypes", "TypeScript's view of what the script gives a page", OF_ANYONE, {
				"200": { description: "TypeScript", content: { "text/plain": { schema: TEXT } } },
				...errorResponses("method_not_allowed", "internal"),
			}),
		},
		"/widget.{version}.js": {
			parameters: [
				{ name: "version", in: "path", required: true, description: "The ETag of /widget.js.", schema: TEXT },
			],
			get: operation("getWidgetVersion", "The script of one version", OF_ANYONE, {
				...WIDGET,
				...errorResponses("not_found", "method_not_allowed", "internal"),
				"302": { description: "This version is not deployed any more: the current one is at /widget.js." },
			}),
		},
	},
};
