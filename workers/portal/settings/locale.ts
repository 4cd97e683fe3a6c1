import type { Verdict } from "../request/patch-rules.ts";

const FAULT = { fault: "must be the tag of a language that exists, such as en or de-CH" };
/** No tag that names a language, a script and a region is longer (RFC 5646, 4.4.1). */
const MAX_TAG_CHARS = 35;
/** Codes that are known and stand for no language, script or region: several, none, unknown, pseudo. */
const NOBODYS = new Set(["mul", "zxx", "und", "mis", "Zzzz", "Zyyy", "Zinh", "Zxxx", "ZZ", "XA", "XB"]);

/**
 * Whether a language exists: Unicode's likely subtags tell where it is at home. Its names do not serve: the runtime brings 139 of
 * the two-letter codes' along, and none for gsw; of the likely subtags it has all, 190, and 7,438 of three letters (seen with
 * workerd 1.20261102).
 */
function isLanguage({ language }: Intl.Locale): boolean {
	const { script, region } = new Intl.Locale(language).maximize();
	return !NOBODYS.has(language) && (script !== undefined || region !== undefined);
}

/** Whether a script or a region that a tag names has a name; so it is where the tag names none. */
function isNamed(type: "script" | "region", code: string | undefined): boolean {
	if (code === undefined) return true;
	return !NOBODYS.has(code) && new Intl.DisplayNames("en", { type, fallback: "none" }).of(code) !== undefined;
}

/**
 * A BCP 47 tag whose language, and script and region where it has them, exist; stored in its canonical form (`EN-us` is
 * `en-US`, `iw` is `he`). What follows them (variants, extensions) is asked for its form alone. A tag stored under
 * older rules stays readable, and a patch that sends it back as it is shown passes.
 */
export function locale(value: unknown): Verdict {
	if (typeof value !== "string" || value.length > MAX_TAG_CHARS) return FAULT;
	try {
		const tag = new Intl.Locale(value);
		const exists = isLanguage(tag) && isNamed("script", tag.script) && isNamed("region", tag.region);
		return exists ? { stored: tag.toString() } : FAULT;
	} catch {
		return FAULT;
	}
}
