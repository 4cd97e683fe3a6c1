import { allowMethods, notFound } from "../../../lib/http/serve.ts";
import type { GatewayEnv } from "../env.ts";
import { escaped } from "../../html.ts";
import { htmlPage } from "../home/html.ts";
import { sitePolicy } from "../home/policy.ts";
import { SITES } from "./content.ts";
import type { SiteContent } from "./content.ts";

const PATH = /^\/site\/([a-z-]{1,40})\/$/;
const KEY = /^sk_[\w-]{1,200}$/;
const LANGUAGE = /^[a-z]{2}$/;

/**
 * `GET /site/{slug}/`: the website of a sample customer, with the widget as a customer has it.
 * @param url `key`: the engine's key, without which there is no widget; `language`: what the visitor speaks
 * @throws {ApiError} not_found
 */
export function siteAnswer(request: Request, url: URL, { ORIGIN, STAND_IN_ORIGIN }: GatewayEnv): Response {
	allowMethods(request, "GET");
	const content = SITES.get(PATH.exec(url.pathname)?.[1] ?? "");
	if (content === undefined) throw notFound();
	const headers = {
		"Content-Type": "text/html; charset=utf-8",
		"Content-Security-Policy": sitePolicy(ORIGIN, STAND_IN_ORIGIN),
	};
	return new Response(html(content, widgetTag(url.searchParams)), { headers });
}

/** As the customer puts it into the page. */
function widgetTag(query: URLSearchParams): string {
	const key = query.get("key") ?? "";
	const language = query.get("language") ?? "";
	if (!KEY.test(key)) return "";
	const spoken = LANGUAGE.test(language) ? ` data-language="${language}"` : "";
	return `<script src="/chat/widget.js" data-site-key="${key}"${spoken} async></script>`;
}

function html(
	{ name, kind, title, lead, action, facts, services, hours, address }: SiteContent,
	widget: string,
): string {
	const cards = services.map(([head, text]) => `<li><h3>${escaped(head)}</h3><p>${escaped(text)}</p></li>`).join("");
	const rows = facts.map(([term, text]) => `<div><dt>${escaped(term)}</dt><dd>${escaped(text)}</dd></div>`).join("");
	return htmlPage(
		name,
		'<link rel="stylesheet" href="/local/site.css">',
		`<body class="${kind}">
<header aria-label="${escaped(name)}, top"><p class="logo">${MARKS[kind]}${escaped(name)}</p><nav aria-label="${escaped(name)}, pages"><a href="#services">Services</a><a href="#visit">Visit us</a></nav></header>
<main aria-label="${escaped(name)}">
<div class="hero"><h1>${escaped(title)}</h1><p>${escaped(lead)}</p><p><a class="button" href="#visit">${escaped(action)}</a></p></div>
<section id="services"><h2>What we do</h2><ul class="cards">${cards}</ul></section>
<section id="visit"><h2>Visit us</h2><dl>${rows}</dl></section>
</main>
<footer aria-label="${escaped(name)}, bottom"><p>${escaped(hours)}</p><p>${escaped(address)}</p><p>A sample: the practice, its people and its numbers are invented.</p></footer>
${widget}
</body>`,
	);
}

const MARKS: Readonly<Record<SiteContent["kind"], string>> = {
	dental:
		'<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 5.2C10.300 3.900 8.300 3.300 6.600 3.700 4.300 4.200 3.200 6.300 3.500 8.900c.2 2 1 3.300 1.300 5.200.4 2.500.6 6.400 2.300 6.400 1.800 0 1.500-5.600 4.900-5.600s3.100 5.600 4.900 5.600c1.700 0 1.900-3.900 2.300-6.400.3-1.900 1.100-3.200 1.300-5.200.3-2.600-.8-4.700-3.100-5.200-1.700-.4-3.700.2-5.400 1.500Z"/></svg>',
	forms:
		'<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M6 2.500h12A1.500 1.500 0 0 1 19.500 4v16a1.500 1.500 0 0 1-1.500 1.500H6A1.500 1.500 0 0 1 4.500 20V4A1.500 1.500 0 0 1 6 2.500Zm1.700 9.700 2.900 2.900 5.700-5.900-1.300-1.200-4.400 4.500-1.600-1.600Z"/></svg>',
};
