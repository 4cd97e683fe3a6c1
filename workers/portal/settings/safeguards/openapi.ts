import { closedObjectSchema } from "../../../lib/http/openapi.ts";
import type { OpenapiPart } from "../../../lib/http/openapi.ts";
import {
	AUDIENCES,
	CONSENT_MODES,
	PRIVACY_MODES,
	PROVIDER_POLICIES,
	SAFETY_CLASSES,
} from "../../../lib/site/safeguards.ts";
import { HTTPS_URL, TEXT, choice, each, listOf, orNull, text } from "../../request/openapi-parts.ts";
import type { SafeguardField } from "./safeguard-fields.ts";
import {
	MAX_EMERGENCY_CHARS,
	MAX_NOTICE_CHARS,
	MAX_PATHS,
	MAX_PATH_CHARS,
	MAX_PHONE_CHARS,
	MAX_PHRASES,
	MAX_PHRASE_CHARS,
	MAX_URL_CHARS,
} from "./safeguard-rules.ts";

const CLOSED = {
	privacy: {
		...choice(...PRIVACY_MODES),
		description:
			"What is kept of what visitors write: all of it; all but what identifies a person; nothing but numbers. Restoring a version from before it was set goes back to standard.",
	},
	consent: {
		...choice(...CONSENT_MODES),
		description: "Whether visitors are told before they write (notice), or have to agree (required).",
	},
	audience: { ...choice(...AUDIENCES), description: "adults: a visitor says first that they are one." },
	provider_policy: {
		...choice(...PROVIDER_POLICIES),
		description: "baa: only models and voices that an agreement of the deployment's covers are asked.",
	},
};
const NOTICE = {
	description:
		"What visitors are told of whom they write to; null = the built-in text. It may give the bot no title of a person and not let it pass for one.",
};
const PATHS = { description: "Where the widget stays away; * stands for any characters, a slash included." };
const NUMBER = { description: "Whom visitors call at the practice in an emergency of its kind." };
const EMERGENCY = { description: "What they are told beside that number, plain text." };
const COUNTRY = { description: "Whose emergency numbers are given, ISO 3166; null = the deployment's country." };
const PHRASES = {
	description: "The practice's own words that mean danger, beside the built-in rules, which nothing here switches off.",
};

function phrasesOf(phrase: OpenapiPart, maxItems?: number): OpenapiPart {
	return listOf(closedObjectSchema({ phrase, class: choice(...SAFETY_CLASSES) }), maxItems);
}

/** As they are shown. */
export const SAFEGUARDS: Record<SafeguardField, OpenapiPart> = {
	...CLOSED,
	ai_notice: { ...orNull(TEXT), ...NOTICE },
	privacy_url: orNull(TEXT),
	terms_url: orNull(TEXT),
	hidden_paths: { ...listOf(TEXT), ...PATHS },
	emergency_number: { ...orNull(TEXT), ...NUMBER },
	emergency_text: { ...orNull(TEXT), ...EMERGENCY },
	country: { ...orNull(TEXT), ...COUNTRY },
	safety_phrases: { ...phrasesOf(TEXT), ...PHRASES },
};

/** As they may be set. */
export const SAFEGUARDS_PATCH: OpenapiPart = {
	...Object.fromEntries(Object.entries(CLOSED).map(([field, part]) => [field, orNull(part)])),
	ai_notice: { ...orNull(text(MAX_NOTICE_CHARS)), ...NOTICE },
	...each(["privacy_url", "terms_url"], orNull({ ...HTTPS_URL, maxLength: MAX_URL_CHARS })),
	hidden_paths: {
		...orNull(listOf({ type: "string", maxLength: MAX_PATH_CHARS, pattern: "^/" }, MAX_PATHS)),
		...PATHS,
	},
	emergency_number: { ...orNull({ type: "string", minLength: 3, maxLength: MAX_PHONE_CHARS }), ...NUMBER },
	emergency_text: { ...orNull(text(MAX_EMERGENCY_CHARS)), ...EMERGENCY },
	country: { ...orNull({ type: "string", pattern: "^[A-Za-z]{2}$" }), ...COUNTRY },
	safety_phrases: {
		...orNull(phrasesOf({ type: "string", minLength: 2, maxLength: MAX_PHRASE_CHARS }, MAX_PHRASES)),
		...PHRASES,
	},
};
