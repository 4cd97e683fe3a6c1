declare module "koby-widget" {
	/** The widget's bundle, see workers/local/build/build-widget.ts. */
	export const WIDGET_SCRIPT: string;
	/** 16 hexadecimal digits that change with it. */
	export const WIDGET_VERSION: string;
}
