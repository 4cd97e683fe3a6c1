import type { Language } from "../languages/languages.ts";
import { sha256Hex } from "../text/digest.ts";
import type { Audience } from "../site/safeguards.ts";
import type { Site } from "../site/site.ts";
import { NOTICE_WORDS } from "./notice-words.ts";

/** What a visitor is shown before they write. */
export interface VisitorNotice {
	/** Of the built-in words, and of those that the widget adds by itself. */
	language: Language;
	/** Says that an AI answers, plain text. */
	aiNotice: string;
	privacyUrl: string | null;
	termsUrl: string | null;
	audience: Audience;
}

type Noticed = Pick<Site, "displayName" | "orgName" | "privacy" | "consent">;

/**
 * What the visitors of a site are shown before they write: its org's own words, or the built-in ones. Own words that do not say that an
 * AI answers stand behind the built-in sentence that does.
 * @param language that the visitor is spoken to in; an org's own words are in whatever language they were written in
 */
export function visitorNotice(site: Noticed, language: Language): VisitorNotice {
	const { aiNotice, privacyUrl, termsUrl, audience } = site.consent;
	return { language, aiNotice: noticeOf(site, aiNotice, language), privacyUrl, termsUrl, audience };
}

/** Raised when the words change that the widget adds to these by itself: whoever agreed to the former has not agreed to the new. */
const WIDGET_WORDS = 2;

/**
 * The version of a notice: 16 hexadecimal digits that change with anything that is shown, so each language has its own. A visitor agrees to
 * this version, and to no other.
 */
export async function consentVersion(notice: VisitorNotice): Promise<string> {
	const { language, aiNotice, privacyUrl, termsUrl, audience } = notice;
	const shown = JSON.stringify([WIDGET_WORDS, language, aiNotice, privacyUrl, termsUrl, audience]);
	return (await sha256Hex(shown)).slice(0, 16);
}

/** A text says that an AI answers, by abbreviations as they are written (in French, `ai` is a verb) … */
const AI_LETTERS = /\b(?:AI|A\.I\.|IA|I\.A\.|KI)(?![\p{L}\p{N}])/u;
/** … or by words, in languages that customers write in. */
const AI_WORDS =
	/artifici|künstlich|kunstmatige|sztuczn|automated|automatizad|chatbot|\b(?:ro)?bots?\b|人工智能|人工知能|인공지능|اصطناعي/iu;

function noticeOf(site: Noticed, own: string | null, language: Language): string {
	const words = NOTICE_WORDS[language];
	const name = site.displayName ?? site.orgName;
	if (own === null) return words.opening(name) + words.between + words.rest(name, site.privacy === "no_store");
	return AI_LETTERS.test(own) || AI_WORDS.test(own) ? own : words.opening(name) + words.between + own;
}
