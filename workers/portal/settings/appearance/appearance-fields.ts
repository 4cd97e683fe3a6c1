import type { Row } from "../../../lib/d1/row.ts";
import { translationsColumn } from "../../../lib/languages/translations.ts";
import { widgetColumn } from "../../../lib/site/widget-settings.ts";

/** The columns of org_config that say what the widget looks like and says in each language: JSON objects. */
export const APPEARANCE_FIELDS = ["translations", "widget"] as const;
export type AppearanceField = (typeof APPEARANCE_FIELDS)[number];

/** What applies: defaults filled in. @param row its fields as columns hold them */
export function shownAppearance(row: Row): Record<AppearanceField, unknown> {
	return { translations: translationsColumn(row, "translations"), widget: widgetColumn(row, "widget") };
}
