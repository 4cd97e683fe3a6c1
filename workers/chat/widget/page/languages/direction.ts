import type { Config } from "../api/shapes.ts";
import { isSpoken } from "./load.ts";

const RTL_LANGUAGE = /^(?:ar|arc|ckb|dv|fa|he|iw|ks|ps|sd|ug|ur|yi)(?:-|$)/i;

/** Whether a language, by its tag, is written from right to left. */
export function isRightToLeft(tag: string): boolean {
	return RTL_LANGUAGE.test(tag);
}

/**
 * The language of what the bot says, as a tag: the visitor's, in the org's own form of it where they share it. An org whose language the
 * widget does not speak keeps it, although the widget's words are English then.
 */
export function textLanguage({ language, locale }: Config): string {
	const isShared = locale.toLowerCase().startsWith(language);
	return isShared || (language === "en" && !isSpoken(locale)) ? locale : language;
}
