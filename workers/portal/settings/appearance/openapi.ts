import { closedObjectSchema } from "../../../lib/http/openapi.ts";
import type { OpenapiPart } from "../../../lib/http/openapi.ts";
import { LANGUAGES } from "../../../lib/languages/languages.ts";
import { CORNERS, LAUNCHER_ICONS, MAX_OFFSET, MAX_RADIUS, THEMES } from "../../../lib/site/widget-settings.ts";
import {
	FLAG,
	HTTPS_URL,
	SUGGESTED_QUESTIONS,
	TEXT,
	choice,
	each,
	listOf,
	orNull,
	text,
} from "../../request/openapi-parts.ts";
import type { AppearanceField } from "./appearance-fields.ts";
import { MAX_GREETING_CHARS, MAX_LAUNCHER_CHARS, MAX_LOGO_URL_CHARS } from "./appearance-rules.ts";

const TRANSLATIONS = {
	description:
		"What visitors of a language are greeted with and may ask, in place of the configuration's own; what a language leaves out it takes from there.",
};
const WIDGET = { description: "How the widget looks." };

function pixels(maximum: number): OpenapiPart {
	return { type: "integer", minimum: 0, maximum };
}

const LOOKS: Record<string, OpenapiPart> = {
	theme: { ...choice(...THEMES), description: "auto: as the visitor's device is set." },
	corner: choice(...CORNERS),
	offset_x: { ...pixels(MAX_OFFSET), description: "px from the corner's side." },
	offset_y: { ...pixels(MAX_OFFSET), description: "px from the bottom." },
	launcher_icon: choice(...LAUNCHER_ICONS),
	radius: { ...pixels(MAX_RADIUS), description: "px, of the panel's corners." },
	talk_to_person: { ...FLAG, description: "Whether visitors can leave an address from the beginning." },
};

/** An object of these members, any of which may be absent. */
function someOf(properties: OpenapiPart): OpenapiPart {
	return closedObjectSchema(properties, Object.keys(properties));
}

/** As they are shown. */
export const APPEARANCE: Record<AppearanceField, OpenapiPart> = {
	translations: {
		...someOf(each(LANGUAGES, someOf({ greeting: TEXT, suggested_questions: listOf(TEXT) }))),
		...TRANSLATIONS,
	},
	widget: { ...closedObjectSchema({ ...LOOKS, launcher_text: orNull(TEXT), logo_url: orNull(TEXT) }), ...WIDGET },
};

function eachOrNull(parts: Readonly<Record<string, OpenapiPart>>): OpenapiPart {
	return Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, orNull(part)]));
}

/** As they may be set: a merge patch goes into them as well, null takes a member back. */
export const APPEARANCE_PATCH: Record<AppearanceField, OpenapiPart> = {
	translations: {
		...orNull(
			someOf(
				each(
					LANGUAGES,
					orNull(someOf(eachOrNull({ greeting: text(MAX_GREETING_CHARS), suggested_questions: SUGGESTED_QUESTIONS }))),
				),
			),
		),
		...TRANSLATIONS,
	},
	widget: {
		...orNull(
			someOf(
				eachOrNull({
					...LOOKS,
					launcher_text: text(MAX_LAUNCHER_CHARS),
					logo_url: { ...HTTPS_URL, maxLength: MAX_LOGO_URL_CHARS },
				}),
			),
		),
		...WIDGET,
	},
};
