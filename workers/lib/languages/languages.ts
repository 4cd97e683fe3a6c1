/** The languages that the chat speaks by itself, by their codes (BCP 47, primary subtags). Chinese is written in simplified characters. */
export const LANGUAGES = ["en", "es", "fr", "de", "pt", "it", "nl", "pl", "zh", "ar"] as const;
export type Language = (typeof LANGUAGES)[number];

/** No tag that names a language, a script and a region is longer (RFC 5646, 4.4.1). */
const MAX_TAG_CHARS = 35;

/**
 * Which of the languages a tag names, of whatever region and script: `es-MX` is `es`. What is no tag, or one of another language, is
 * undefined; never throws.
 */
export function languageOf(tag: string | null | undefined): Language | undefined {
	if (tag === null || tag === undefined || tag.length > MAX_TAG_CHARS) return undefined;
	const [primary = ""] = tag.toLowerCase().split(/[-_]/);
	return LANGUAGES.find((language) => language === primary);
}

/** Of how many tags the first that we speak is looked for; browsers have fewer. */
const MAX_TAGS = 20;

/**
 * The language in which a site's visitor is spoken to: the first one asked for that is ours, else that of its org's locale, else English.
 * @param asked tags with commas between them, the dearest first
 */
export function spokenLanguage(asked: string | null | undefined, locale: string | null): Language {
	const tags = asked?.split(",", MAX_TAGS) ?? [];
	return (
		tags.map((tag) => languageOf(tag.trim())).find((language) => language !== undefined) ?? languageOf(locale) ?? "en"
	);
}
