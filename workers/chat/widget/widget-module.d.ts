declare module "koby-widget" {
	/** The loader, see workers/local/build/build-widget.ts. It has places for the address that it is served at and for a site key. */
	export const WIDGET_SCRIPT: string;
	/** 16 hexadecimal digits that change with it. */
	export const WIDGET_VERSION: string;
	/** The panel and what it imports on use, by file name: `name.DIGEST.js`. */
	export const WIDGET_FILES: Readonly<Record<string, string>>;
	/** Types for the author of a page. */
	export const WIDGET_TYPES: string;
}
