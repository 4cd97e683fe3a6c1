import { allowMethods } from "../../../lib/http/serve.ts";
import { VENDORS, vendorList } from "../../run/vendors.ts";
import type { GatewayEnv } from "../env.ts";
import { developersSection } from "./developers.ts";
import { htmlPage } from "./html.ts";
import { pagePolicy } from "./policy.ts";

/** The page at `/`, also at `/billing`, where a checkout sends people back to: a customer's website, and its dashboard beside it. */
export function homeAnswer(request: Request, env: GatewayEnv): Response {
	allowMethods(request, "GET");
	const headers = { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": pagePolicy() };
	return new Response(html(env), { headers });
}

function html(env: GatewayEnv): string {
	const head = '<link rel="stylesheet" href="/local/page.css">\n<script src="/local/page.js" defer></script>';
	return htmlPage(
		"Koby AI: a website that answers its visitors",
		head,
		`<body data-pane="site">
<a class="skip" href="#dashboard">Skip to the dashboard</a>
<header class="top">
<p class="brand">Koby AI</p>
<h1>Your website answers its visitors, and tells you what it could not.</h1>
<ol class="steps" id="steps" aria-label="Try it"></ol>
</header>
<main>
<div class="switch" role="group" aria-label="What is shown">
<button type="button" id="show-site" aria-pressed="true">The website</button>
<button type="button" id="show-dashboard" aria-pressed="false">The dashboard</button>
</div>
<section id="site" class="pane" aria-label="The customer’s website">
<div class="bar"><span class="dots" aria-hidden="true"></span><span id="site-address" class="address"></span>
<label class="visually-hidden" for="site-language">Visitor’s language</label>
<select id="site-language"><option value="">English</option><option value="es">Español</option><option value="ar">العربية</option><option value="de">Deutsch</option><option value="fr">Français</option><option value="zh">中文</option></select>
<button type="button" id="site-reload" class="quiet small">New visitor</button></div>
<iframe id="site-frame" title="The customer’s website" allow="microphone; autoplay; clipboard-write"></iframe>
</section>
<section id="dashboard" class="pane" aria-label="The customer’s dashboard" tabindex="-1">
<div class="bar"><h2 id="org-name">Dashboard</h2><span id="org-plan" class="tag" hidden></span>
<div id="client-field" hidden><label class="visually-hidden" for="client">Customer</label><select id="client"></select></div>
<fieldset id="role"><legend class="visually-hidden">Signed in as</legend><div class="segments">${roles()}</div></fieldset></div>
<nav id="tabs" aria-label="Dashboard"></nav>
<p id="notice" role="status"></p>
<div id="view" class="view" tabindex="0" role="region" aria-label="What is chosen"></div>
<noscript><p class="view">This page takes JavaScript.</p></noscript>
</section>
</main>
<footer>
<p class="quiet">${standInLine(env)}</p>
${developersSection(env)}
</footer>
</body>`,
	);
}

function roles(): string {
	return [
		["member", "Member"],
		["admin", "Admin"],
		["staff", "Koby staff"],
	]
		.map(
			([value, label]) =>
				`<label><input type="radio" name="role" value="${value}"${value === "admin" ? " checked" : ""}><span>${label}</span></label>`,
		)
		.join("");
}

/** Who answers in a vendor's place: said once. */
function standInLine(env: GatewayEnv): string {
	const standIns = vendorList(env.STAND_IN_VENDORS);
	const real = VENDORS.filter((vendor) => !standIns.includes(vendor));
	const text = new Intl.ListFormat("en").format(standIns);
	const first = standIns.length === 0 ? "" : `On this machine, stand-ins answer for ${text}. `;
	const second =
		real.length === 0 ? "" : `${new Intl.ListFormat("en").format(real)}: the vendor itself, which may cost money. `;
	return `${first}${second}The two customers and their numbers are samples.`;
}
