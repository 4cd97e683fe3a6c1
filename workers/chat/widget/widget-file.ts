// biome-ignore lint/correctness/noUndeclaredDependencies: no package, the build makes this module.
import { WIDGET_SCRIPT, WIDGET_VERSION } from "koby-widget";

/** How long a page may go on with the widget it has, seconds. */
const MAX_AGE_SECONDS = 300;
const FOREVER_SECONDS = 31_536_000;
const ETAG = `"${WIDGET_VERSION}"`;

/**
 * `GET /widget.js`, or `GET /widget.{version}.js`, whose bytes never change: the script of a customer's page. It is the same for
 * all sites, so nothing is checked and nothing read. A version that is no longer deployed leads to the current one.
 * @param version as the path has it; undefined = whatever is current
 */
export function getWidget(request: Request, version: string | undefined): Response {
	if (version !== undefined && version !== WIDGET_VERSION)
		return new Response(null, { status: 302, headers: { Location: "widget.js" } });
	const lifetime =
		version === undefined ? `public, max-age=${MAX_AGE_SECONDS}` : `public, max-age=${FOREVER_SECONDS}, immutable`;
	const headers = { "Cache-Control": lifetime, ETag: ETAG, "Cross-Origin-Resource-Policy": "cross-origin" };
	if (isKnown(request.headers.get("If-None-Match"))) return new Response(null, { status: 304, headers });
	return new Response(WIDGET_SCRIPT, { headers: { ...headers, "Content-Type": "text/javascript; charset=utf-8" } });
}

/** Weak comparison, as RFC 9110 asks for here. */
function isKnown(ifNoneMatch: string | null): boolean {
	return (ifNoneMatch ?? "").split(",").some((tag) => tag.trim().replace(/^W\//, "") === ETAG);
}
