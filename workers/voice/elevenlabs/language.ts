/** The models that take `language_code`; Flash v2 knows English only, and the others refuse a request that has one. */
const TAKE_LANGUAGE: ReadonlySet<string> = new Set(["eleven_flash_v2_5", "eleven_turbo_v2_5"]);
/** The languages of these models (elevenlabs.io, models overview). */
const LANGUAGES: ReadonlySet<string> = new Set(
	"ar bg cs da de el en es fi fil fr hi hr hu id it ja ko ms nl no pl pt ro ru sk sv ta tr uk vi zh".split(" "),
);
/** What ElevenLabs calls otherwise than BCP 47 does. */
const OWN_CODES: ReadonlyMap<string, string> = new Map([
	["nb", "no"],
	["nn", "no"],
	["tl", "fil"],
]);
/** The models that read numbers, dates and prices out by rules when told to; for Flash and Turbo v2.5 that takes an enterprise plan. */
const NORMALIZE: ReadonlySet<string> = new Set(["eleven_multilingual_v2"]);

/**
 * The `language_code` that goes along with a text, by the locale of an org.
 * @param locale BCP 47; null = none is set
 * @returns null where the model takes none, or not this one: it then tells the language by the text
 */
export function languageCode(modelId: string, locale: string | null): string | null {
	if (locale === null || !TAKE_LANGUAGE.has(modelId)) return null;
	const [language = ""] = locale.toLowerCase().split("-");
	const code = OWN_CODES.get(language) ?? language;
	return LANGUAGES.has(code) ? code : null;
}

/** Whether a model takes `apply_text_normalization: "on"`. */
export function normalizesText(modelId: string): boolean {
	return NORMALIZE.has(modelId);
}
