import { textColumnOrNull } from "../d1/row.ts";
import type { Row } from "../d1/row.ts";
import { isObject } from "../http/json.ts";

/** `auto`: as the visitor's device is set. */
export const THEMES = ["auto", "light", "dark"] as const;
/** Of the page, at the bottom. */
export const CORNERS = ["right", "left"] as const;
export const LAUNCHER_ICONS = ["chat", "question", "heart", "tooth"] as const;
/** px, from the corner's two edges. */
export const MAX_OFFSET = 200;
/** px */
export const MAX_RADIUS = 32;

/** How a site's widget looks, in the names of the wire. */
export interface WidgetSettings {
	theme: (typeof THEMES)[number];
	corner: (typeof CORNERS)[number];
	/** px, 0 to `MAX_OFFSET` */
	offset_x: number;
	/** px, 0 to `MAX_OFFSET` */
	offset_y: number;
	launcher_icon: (typeof LAUNCHER_ICONS)[number];
	/** ≤ 30 code points beside the icon; null = the icon alone */
	launcher_text: string | null;
	/** https, in the panel's head; null = none */
	logo_url: string | null;
	/** px, 0 to `MAX_RADIUS` */
	radius: number;
	/** The form that leaves an address is within reach from the beginning. */
	talk_to_person: boolean;
}

/** What applies where an org has set nothing. */
export const WIDGET_DEFAULTS: WidgetSettings = {
	theme: "auto",
	corner: "right",
	offset_x: 20,
	offset_y: 20,
	launcher_icon: "chat",
	launcher_text: null,
	logo_url: null,
	radius: 16,
	talk_to_person: false,
};

/**
 * A column with what an org has set of these, defaults filled in. A value that only a newer version knows, or that was mistyped by hand,
 * counts as not set: looks break nothing.
 * @throws {TypeError} it holds neither text nor NULL
 * @throws {SyntaxError} the text is no JSON, which the schema refuses
 */
export function widgetColumn(row: Row, column: string): WidgetSettings {
	const value: unknown = JSON.parse(textColumnOrNull(row, column) ?? "{}");
	const set = isObject(value) ? value : {};
	const fallback = WIDGET_DEFAULTS;
	return {
		theme: THEMES.find((theme) => theme === set["theme"]) ?? fallback.theme,
		corner: CORNERS.find((corner) => corner === set["corner"]) ?? fallback.corner,
		offset_x: pixels(set["offset_x"], MAX_OFFSET) ?? fallback.offset_x,
		offset_y: pixels(set["offset_y"], MAX_OFFSET) ?? fallback.offset_y,
		launcher_icon: LAUNCHER_ICONS.find((icon) => icon === set["launcher_icon"]) ?? fallback.launcher_icon,
		launcher_text: typeof set["launcher_text"] === "string" ? set["launcher_text"] : fallback.launcher_text,
		logo_url: httpsText(set["logo_url"]) ?? fallback.logo_url,
		radius: pixels(set["radius"], MAX_RADIUS) ?? fallback.radius,
		talk_to_person: set["talk_to_person"] === true,
	};
}

function pixels(value: unknown, max: number): number | undefined {
	const isPixels = typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= max;
	return isPixels ? value : undefined;
}

function httpsText(value: unknown): string | undefined {
	return typeof value === "string" && value.startsWith("https://") ? value : undefined;
}
