import { textColumnOrNull, textListColumn } from "../d1/row.ts";
import type { Row } from "../d1/row.ts";
import { isObject } from "../http/json.ts";

/** What is kept of what visitors write: all of it; all but what identifies a person; nothing but numbers. From loose to strict. */
export const PRIVACY_MODES = ["standard", "redact", "no_store"] as const;
/** Whether visitors are told before they write, or asked. From loose to strict. */
export const CONSENT_MODES = ["none", "notice", "required"] as const;
/** `adults`: a visitor says first that they are one. From loose to strict. */
export const AUDIENCES = ["general", "adults"] as const;
/** `baa`: only models and voices that an agreement covers are asked. From loose to strict. */
export const PROVIDER_POLICIES = ["any", "baa"] as const;
/** What a message may speak of that is answered with whom to call. */
export const SAFETY_CLASSES = ["self_harm", "medical_emergency", "poisoning", "abuse", "dental_emergency"] as const;

export type PrivacyMode = (typeof PRIVACY_MODES)[number];
type ConsentMode = (typeof CONSENT_MODES)[number];
export type Audience = (typeof AUDIENCES)[number];
export type ProviderPolicy = (typeof PROVIDER_POLICIES)[number];
export type SafetyClass = (typeof SAFETY_CLASSES)[number];

/** Words of an org's own that mean danger, beside the built-in rules: they add to these and take nothing away. */
export interface SafetyPhrase {
	/** One line, at most 80 code points. */
	phrase: string;
	class: SafetyClass;
}

/** What visitors are told and asked before they write. */
interface ConsentSettings {
	mode: ConsentMode;
	audience: Audience;
	/** The org's own words; null = the built-in ones. */
	aiNotice: string | null;
	privacyUrl: string | null;
	termsUrl: string | null;
}

/** Whom visitors in danger are pointed to. */
export interface SafetySettings {
	/** ISO 3166-1 alpha-2; null = the deployment's. */
	country: string | null;
	/** The org's own number, as typed. */
	emergencyNumber: string | null;
	/** What it tells visitors beside that number, plain text. */
	emergencyText: string | null;
	phrases: SafetyPhrase[];
}

/** What an org has set for its visitors' safety and privacy. */
export interface Safeguards {
	privacy: PrivacyMode;
	providerPolicy: ProviderPolicy;
	consent: ConsentSettings;
	safety: SafetySettings;
	/** Patterns of paths on which the widget stays away; `*` stands for any characters, a slash included. */
	hiddenPaths: string[];
}

/** The columns that `parseSafeguards` reads, FROM org_config c. */
export const SAFEGUARD_COLUMNS = `c.privacy, c.consent, c.audience, c.ai_notice, c.privacy_url, c.terms_url, c.hidden_paths,
	c.emergency_number, c.emergency_text, c.country, c.safety_phrases, c.provider_policy`;

/**
 * The safeguards of a row, defaults filled in.
 * @throws {TypeError} a column holds what its query did not promise
 */
export function parseSafeguards(row: Row): Safeguards {
	return {
		privacy: strictest(row, "privacy", PRIVACY_MODES),
		providerPolicy: strictest(row, "provider_policy", PROVIDER_POLICIES),
		consent: {
			mode: strictest(row, "consent", CONSENT_MODES),
			audience: strictest(row, "audience", AUDIENCES),
			aiNotice: textColumnOrNull(row, "ai_notice"),
			privacyUrl: textColumnOrNull(row, "privacy_url"),
			termsUrl: textColumnOrNull(row, "terms_url"),
		},
		safety: {
			country: textColumnOrNull(row, "country"),
			emergencyNumber: textColumnOrNull(row, "emergency_number"),
			emergencyText: textColumnOrNull(row, "emergency_text"),
			phrases: safetyPhrasesColumn(row, "safety_phrases") ?? [],
		},
		hiddenPaths: textListColumn(row, "hidden_paths") ?? [],
	};
}

/** The value of a column; the loosest where nothing is set, and the strictest for one that only a newer version knows. */
function strictest<Value extends string>(row: Row, column: string, values: readonly [Value, ...Value[]]): Value {
	return strictestOf(textColumnOrNull(row, column), values);
}

/** As `strictest`, of a value that was read already. */
export function strictestOf<Value extends string>(value: string | null, values: readonly [Value, ...Value[]]): Value {
	if (value === null) return values[0];
	return values.find((known) => known === value) ?? values.at(-1) ?? values[0];
}

/**
 * A column with a list of phrases, or NULL. Items that are none, which a row written by hand may hold, are left out.
 * @throws {TypeError} it holds neither text nor NULL
 * @throws {SyntaxError} the text is no JSON, which the schema refuses
 */
function safetyPhrasesColumn(row: Row, column: string): SafetyPhrase[] | null {
	const value = textColumnOrNull(row, column);
	if (value === null) return null;
	return safetyPhrasesIn(JSON.parse(value));
}

/** The phrases of a list; none of what is no list, and no item that is no phrase. */
export function safetyPhrasesIn(list: unknown): SafetyPhrase[] {
	return Array.isArray(list) ? list.flatMap((item) => safetyPhrase(item) ?? []) : [];
}

function safetyPhrase(item: unknown): SafetyPhrase | undefined {
	if (!isObject(item)) return undefined;
	const { phrase, class: name } = item;
	const known = SAFETY_CLASSES.find((one) => one === name);
	return typeof phrase === "string" && known !== undefined ? { phrase, class: known } : undefined;
}
