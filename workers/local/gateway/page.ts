import { allowMethods } from "../../lib/http/serve.ts";
import { examples } from "../run/examples.ts";
import { VENDORS, vendorList } from "../run/vendors.ts";
import type { GatewayEnv } from "./env.ts";
import { dashboardSection, siteSection, voiceSection } from "./page-sections.ts";

/** The browser may ask this server, and nobody else; the voice's clips are blobs of the page's own. */
const POLICY = [
	"default-src 'none'",
	"script-src 'self'",
	"style-src 'self'",
	"connect-src 'self'",
	"media-src blob:",
	"img-src data:",
	"base-uri 'none'",
	"form-action 'none'",
	"frame-ancestors 'none'",
];

const HEADERS = { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": POLICY.join("; ") };

const DEPLOYMENTS = [
	{
		name: "koby-portal",
		path: "/portal/",
		health: "/health",
		api: "/portal/openapi.json",
		does: "the API behind the dashboard, Stripe's webhooks",
	},
	{
		name: "chadis-chat",
		path: "/chat",
		health: "/chat/health",
		api: "/chat/openapi.json",
		does: "the website chat and its widget",
	},
	{ name: "chadis-voice", path: "/voice", health: "/voice/health", api: "/voice/openapi.json", does: "text to speech" },
	{
		name: "chadis-voice-conversation",
		path: "/conversation",
		health: "/conversation/health",
		api: "/conversation/openapi.json",
		does: "sessions of spoken conversation",
	},
];

/** The page at `/`: the product at work, who is a stand-in, what runs, and commands to copy. Nothing from elsewhere. */
export function pageAnswer(request: Request, env: GatewayEnv): Response {
	allowMethods(request, "GET");
	return new Response(html(env), { headers: HEADERS });
}

function html(env: GatewayEnv): string {
	const standIns = vendorList(env.STAND_IN_VENDORS);
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Koby AI back end, running locally</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/local/page.css">
<script src="/local/page.js" defer></script>
</head>
<body>
<a class="skip" href="#site">Skip to the demo</a>
<header>
<div class="top"><p class="brand">Koby AI</p>
<nav aria-label="On this page"><a href="#site">Chat</a><a href="#voice">Voice</a><a href="#dashboard">Dashboard</a><a href="#runs">What runs</a><a href="#commands">Commands</a></nav></div>
</header>
<main>
<div class="intro">
<h1>The Koby AI back end, at work</h1>
<p class="lead">All of it runs on this machine, on the runtime and the database that Cloudflare runs. The customers and their numbers are samples.</p>
<ul class="vendors" aria-label="Vendors">${vendors(env)}</ul>
<p class="muted">${standInNote(standIns.length)} <a href="/local/status">Status as JSON</a></p>
</div>
${siteSection(standIns.includes("Gemini"))}
${voiceSection(standIns.includes("ElevenLabs"))}
${dashboardSection()}
<section id="runs" aria-labelledby="runs-title">
<h2 id="runs-title">What runs</h2>
<p>Four deployments behind one address, each as its configuration has it.</p>
<ul class="deployments">${DEPLOYMENTS.map(deployment).join("")}</ul>
</section>
<section id="commands" aria-labelledby="commands-title">
<h2 id="commands-title">Try it from a terminal</h2>
<p>A click selects a whole command.</p>
${commands(env)}
</section>
</main>
<script src="/chat/widget.js" data-site-key="sk_chadis_test_abc123" async></script>
</body>
</html>
`;
}

function deployment({ name, path, health, api, does }: (typeof DEPLOYMENTS)[number]): string {
	return `<li><b>${name}</b> <code>${path}</code><span>${does}</span><span><a href="${health}">health<span class="visually-hidden"> of ${name}</span></a> <a href="${api}">API<span class="visually-hidden"> of ${name}</span></a></span></li>`;
}

function vendors(env: GatewayEnv): string {
	const standIns = vendorList(env.STAND_IN_VENDORS);
	return VENDORS.map(
		(vendor) => `<li><b>${vendor}</b> ${standIns.includes(vendor) ? "stand-in" : "the vendor itself"}</li>`,
	).join("");
}

function standInNote(standIns: number): string {
	if (standIns === 0) return "Every vendor is the real one: what is done here may cost money.";
	return "A stand-in answers where <code>.dev.vars</code> has no key: it speaks the vendor’s protocol, and its answers are made up. <code>.dev.vars.example</code> names the keys.";
}

function commands(env: GatewayEnv): string {
	const setup = { origin: env.ORIGIN, standIns: vendorList(env.STAND_IN_VENDORS), databaseFlags: env.DATABASE_FLAGS };
	return examples(setup)
		.map(
			({ title, command }) =>
				`<div class="command"><h3>${escaped(title)}</h3>\n<pre tabindex="0">${escaped(command)}</pre></div>`,
		)
		.join("\n");
}

function escaped(text: string): string {
	return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
