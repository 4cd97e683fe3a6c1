// biome-ignore lint/correctness/noUndeclaredDependencies: no package, the build makes this module.
import { WIDGET_FILES, WIDGET_SCRIPT, WIDGET_TYPES, WIDGET_VERSION } from "koby-widget";
import { notFound, ownUrl } from "../../lib/http/serve.ts";
import { isSiteKey } from "../../lib/site/site-key.ts";

/** How long a page may go on with the file it has, seconds. */
const MAX_AGE_SECONDS = 300;
const FOREVER_SECONDS = 31_536_000;
const SHORTLY = `public, max-age=${MAX_AGE_SECONDS}`;
const FOR_EVER = `public, max-age=${FOREVER_SECONDS}, immutable`;
const JAVASCRIPT = "text/javascript; charset=utf-8";
const ETAG = `"${WIDGET_VERSION}"`;
/** A page that isolates itself loads nothing without it. */
const ANY_PAGE = { "Cross-Origin-Resource-Policy": "cross-origin" };

/**
 * `GET /widget.js`, or `GET /widget.{version}.js`, whose bytes never change: the script of a customer's page. It is the same for
 * all sites, so nothing is checked and nothing read; but the address that it was asked for at is written into it, and the site key of
 * `?site_key=`, so that it still knows both where somebody has copied it. A version that is no longer deployed leads to the current one.
 * @param version as the path has it; undefined = whatever is current
 */
export function getWidget(request: Request, version: string | undefined): Response {
	if (version !== undefined && version !== WIDGET_VERSION)
		return new Response(null, { status: 302, headers: { Location: "widget.js" } });
	const headers = { ...ANY_PAGE, "Cache-Control": version === undefined ? SHORTLY : FOR_EVER, ETag: ETAG };
	const siteKey = new URL(request.url).searchParams.get("site_key") ?? "";
	const script = WIDGET_SCRIPT.replace("{{koby-base}}", ownUrl(request.url, "/")).replace(
		"{{koby-key}}",
		// Nothing else of a request becomes script.
		isSiteKey(siteKey) ? siteKey : "",
	);
	return new Response(script, { headers: { ...headers, "Content-Type": JAVASCRIPT } });
}

/**
 * `GET /widget/{name}.{digest}.js`: the panel, or what it imports on use. A digest that is no longer deployed is answered with the file of
 * that name as it is now, for a while: a loader that a browser has kept goes on to work.
 * @throws {ApiError} not_found
 */
export function getWidgetFile(name: string, digest: string): Response {
	const exact = `${name}.${digest}.js`;
	const file = Object.hasOwn(WIDGET_FILES, exact)
		? exact
		: Object.keys(WIDGET_FILES).find((known) => known.slice(0, known.indexOf(".")) === name);
	if (file === undefined) throw notFound();
	const headers = { ...ANY_PAGE, "Cache-Control": file === exact ? FOR_EVER : SHORTLY, "Content-Type": JAVASCRIPT };
	return new Response(WIDGET_FILES[file], { headers });
}

/** `GET /widget.d.ts`: TypeScript's view of what the script gives a page. */
export function getWidgetTypes(): Response {
	return new Response(WIDGET_TYPES, {
		headers: { ...ANY_PAGE, "Cache-Control": SHORTLY, "Content-Type": "text/plain; charset=utf-8" },
	});
}
