import { numberColumn } from "../../lib/d1/row.ts";
import type { Row } from "../../lib/d1/row.ts";
import { builtIn } from "../../lib/languages/built-in.ts";
import { languageOf } from "../../lib/languages/languages.ts";
import type { Language } from "../../lib/languages/languages.ts";
import { translationsColumn } from "../../lib/languages/translations.ts";
import type { Translations } from "../../lib/languages/translations.ts";
import { HAS_KEY_SQL } from "../../lib/site/admission.ts";
import type { SiteCaller } from "../../lib/site/admission.ts";
import { CONFIG_DEFAULTS } from "../../lib/site/config-defaults.ts";
import type { Site } from "../../lib/site/site.ts";
import { widgetColumn } from "../../lib/site/widget-settings.ts";
import type { WidgetSettings } from "../../lib/site/widget-settings.ts";

/** What only a page asks of a site: no turn reads it. */
export interface Appearance {
	translations: Translations;
	widget: WidgetSettings;
	/** The engine has texts of its own, which go before those of its org. */
	hasOwnGreeting: boolean;
	hasOwnQuestions: boolean;
	/** The org has an engine for voice that is at work. */
	hasVoice: boolean;
	/** The org's plan has spoken conversations. */
	hasConversations: boolean;
}

const APPEARANCE_SQL = `
	SELECT c.translations, c.widget, s.greeting IS NOT NULL AS has_own_greeting,
		s.suggested_questions IS NOT NULL AS has_own_questions,
		EXISTS (SELECT 1 FROM portal_sites v INDEXED BY portal_sites_by_org
			WHERE v.org_id = s.org_id AND v.type = 'voice' AND v.status = 'active') AS has_voice,
		EXISTS (SELECT 1 FROM orgs o JOIN plans p ON p.id = o.plan
			WHERE o.id = s.org_id AND p.monthly_conversation_seconds IS NOT 0) AS has_conversations
	FROM portal_sites s
	LEFT JOIN org_config c ON c.org_id = s.org_id
	WHERE ${HAS_KEY_SQL}
	LIMIT 1
`;

/** The statement that reads how the site of a caller's key looks. It reads for whoever has the key; whether they may see it, the site says. */
export function appearanceStatement(
	db: D1Database,
	{ siteKey, now }: Pick<SiteCaller, "siteKey" | "now">,
): D1PreparedStatement {
	return db.prepare(APPEARANCE_SQL).bind(siteKey, now);
}

/** The appearance of an `appearanceStatement` row. @throws {TypeError} the row is none */
export function parseAppearance(row: Row): Appearance {
	return {
		translations: translationsColumn(row, "translations"),
		widget: widgetColumn(row, "widget"),
		hasOwnGreeting: numberColumn(row, "has_own_greeting") === 1,
		hasOwnQuestions: numberColumn(row, "has_own_questions") === 1,
		hasVoice: numberColumn(row, "has_voice") === 1,
		hasConversations: numberColumn(row, "has_conversations") === 1,
	};
}

/**
 * What a visitor is greeted with and may ask, in their language where the org has it. An engine's own texts are taken to be in the
 * language of the org's locale: they go before the org's in that one, and give way to a translation in any other.
 */
export function spokenTexts(
	site: Pick<Site, "greeting" | "suggestedQuestions" | "locale">,
	{ translations, hasOwnGreeting, hasOwnQuestions }: Omit<Appearance, "widget" | "hasVoice" | "hasConversations">,
	language: Language,
): { greeting: string; suggested_questions: string[] } {
	const isOwnLanguage = languageOf(site.locale ?? CONFIG_DEFAULTS.locale) === language;
	const { greeting, suggested_questions: questions } = translations[language] ?? {};
	const own = site.greeting ?? builtIn(language).greeting;
	return {
		greeting: hasOwnGreeting && isOwnLanguage ? own : (greeting ?? own),
		suggested_questions:
			hasOwnQuestions && isOwnLanguage ? site.suggestedQuestions : (questions ?? site.suggestedQuestions),
	};
}
