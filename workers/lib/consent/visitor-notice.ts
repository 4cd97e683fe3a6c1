import { sha256Hex } from "../text/digest.ts";
import type { Audience, PrivacyMode } from "../site/safeguards.ts";
import type { Site } from "../site/site.ts";

/** What a visitor is shown before they write. */
export interface VisitorNotice {
	/** Says that an AI answers, plain text. */
	aiNotice: string;
	privacyUrl: string | null;
	termsUrl: string | null;
	audience: Audience;
}

type Noticed = Pick<Site, "displayName" | "orgName" | "locale" | "privacy" | "consent">;

/**
 * What the visitors of a site are shown before they write: its org's own words, or the built-in ones. Own words that do not say that an
 * AI answers stand behind the built-in sentence that does.
 */
export function visitorNotice(site: Noticed): VisitorNotice {
	const { aiNotice, privacyUrl, termsUrl, audience } = site.consent;
	return { aiNotice: noticeOf(site, aiNotice), privacyUrl, termsUrl, audience };
}

/** Raised when the words change that the widget adds to these by itself: whoever agreed to the former has not agreed to the new. */
const WIDGET_WORDS = 1;

/** The version of a notice: 16 hexadecimal digits that change with anything that is shown. A visitor agrees to this version, and to no other. */
export async function consentVersion({ aiNotice, privacyUrl, termsUrl, audience }: VisitorNotice): Promise<string> {
	const shown = JSON.stringify([WIDGET_WORDS, aiNotice, privacyUrl, termsUrl, audience]);
	return (await sha256Hex(shown)).slice(0, 16);
}

/** A text says that an AI answers, by abbreviations as they are written (in French, `ai` is a verb) … */
const AI_LETTERS = /\b(?:AI|A\.I\.|IA|I\.A\.|KI)(?![\p{L}\p{N}])/u;
/** … or by words, in languages that customers write in. */
const AI_WORDS = /artificial|künstlich|automated|automatizad|chatbot|\b(?:ro)?bots?\b|人工智能|人工知能|인공지능/iu;

function noticeOf(site: Noticed, own: string | null): string {
	const words = site.locale?.startsWith("es") ? ES : EN;
	const name = site.displayName ?? site.orgName;
	if (own === null) return `${words.opening(name)} ${words.rest(name, site.privacy)}`;
	return AI_LETTERS.test(own) || AI_WORDS.test(own) ? own : `${words.opening(name)} ${own}`;
}

interface Words {
	opening(name: string): string;
	/** What holds of a deployment's chat beside that. */
	rest(name: string, privacy: PrivacyMode): string;
}

const EN: Words = {
	opening: (name) => `AI assistant of ${name}. Not a person, and not medical advice.`,
	rest: (name, privacy) =>
		`In an emergency, call your local emergency number. Please don't share private health details. Chats are ${privacy === "no_store" ? "not recorded; they are" : "recorded and"} processed for ${name} by Koby and Google.`,
};
const ES: Words = {
	opening: (name) => `Asistente de IA de ${name}. No es una persona ni da consejos médicos.`,
	rest: (name, privacy) =>
		`En una emergencia, llame al número de emergencias de su zona. No comparta datos privados de salud. Los chats ${privacy === "no_store" ? "no se guardan;" : "se guardan y"} los procesan Koby y Google para ${name}.`,
};
