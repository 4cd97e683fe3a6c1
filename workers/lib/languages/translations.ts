import { textColumnOrNull } from "../d1/row.ts";
import type { Row } from "../d1/row.ts";
import { isObject } from "../http/json.ts";
import { LANGUAGES } from "./languages.ts";
import type { Language } from "./languages.ts";

/** What an org says in one language; what is absent it says in its own. */
interface Translation {
	greeting?: string;
	suggested_questions?: string[];
}

export type Translations = Partial<Record<Language, Translation>>;

/**
 * A column with an org's translations, in the order of the languages; NULL = none. Languages that only a newer version knows are passed over,
 * and so is what is no text, which a row written by hand may hold.
 * @throws {TypeError} it holds neither text nor NULL
 * @throws {SyntaxError} the text is no JSON, which the schema refuses
 */
export function translationsColumn(row: Row, column: string): Translations {
	const value: unknown = JSON.parse(textColumnOrNull(row, column) ?? "{}");
	const translations: Translations = {};
	if (!isObject(value)) return translations;
	for (const language of LANGUAGES) {
		const translation = translationOf(Object.hasOwn(value, language) ? value[language] : undefined);
		if (Object.keys(translation).length > 0) translations[language] = translation;
	}
	return translations;
}

function translationOf(value: unknown): Translation {
	if (!isObject(value)) return {};
	const { greeting, suggested_questions: questions } = value;
	return {
		...(typeof greeting === "string" ? { greeting } : {}),
		...(Array.isArray(questions)
			? { suggested_questions: questions.filter((item): item is string => typeof item === "string") }
			: {}),
	};
}
