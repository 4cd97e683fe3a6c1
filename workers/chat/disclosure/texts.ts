import type { Language } from "../../lib/languages/languages.ts";
import { TEXTS } from "./texts-by-language.ts";
import type { Asked } from "./texts-by-language.ts";

/** For whom a bot speaks, and how a person there is reached. */
export interface SpokenFor {
	name: string;
	/** As the owner has written it; null = the website's contact page. */
	contact: string | null;
}

/** What a visitor is told who asks whether a person answers. */
export function whoAnswersText(asked: Asked, language: Language, { name, contact }: SpokenFor): string {
	const texts = TEXTS[language];
	return `${texts.verdict[asked]}${texts.whoAnswers(name)} ${texts.contact(contact)}`;
}

/** What a child is told, who may not be answered and of whom nothing is kept. */
export function childText(language: Language, { name }: SpokenFor): string {
	return TEXTS[language].child(name);
}
