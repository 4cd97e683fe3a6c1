// What is bundled as text.
declare module "*.css" {
	const text: string;
	export default text;
}

// The page's browser script as text, see ../bundles.ts.
declare module "koby-local-page" {
	const script: string;
	export default script;
}
