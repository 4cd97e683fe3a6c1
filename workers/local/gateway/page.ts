import { allowMethods } from "../../lib/http.ts";
import { examples } from "../examples.ts";
import { VENDORS, vendorList } from "../vendors.ts";
import type { GatewayEnv } from "./env.ts";

const HEADERS = {
	"Content-Type": "text/html; charset=utf-8",
	"Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
};

const DEPLOYMENTS = [
	{ name: "koby-portal", path: "/portal/", health: "/health" },
	{ name: "chadis-chat", path: "/chat", health: "/chat/health" },
	{ name: "chadis-voice", path: "/voice", health: "/voice/health" },
	{ name: "chadis-voice-conversation", path: "/conversation", health: "/conversation/health" },
];

/** The page at `/`: what runs, who is a stand-in, and commands to copy. No script, nothing from elsewhere. */
export function pageAnswer(request: Request, env: GatewayEnv): Response {
	allowMethods(request, "GET");
	return new Response(html(env), { headers: HEADERS });
}

function html(env: GatewayEnv): string {
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Koby AI back end, running locally</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/local/page.css">
</head>
<body>
<main>
<h1>Koby AI back end</h1>
<p>Running on this machine, on the runtime and the database that Cloudflare runs.</p>
<h2>Deployments</h2>
<ul>${DEPLOYMENTS.map(deployment).join("")}</ul>
<h2>Vendors</h2>
<ul>${vendors(env)}</ul>
<p>A stand-in answers where <code>.dev.vars</code> has no key; <code>.dev.vars.example</code> names them. <a href="/local/status">Status as JSON</a>.</p>
<h2>Try it</h2>
<p>A click selects a whole command.</p>
${commands(env)}
</main>
</body>
</html>
`;
}

function deployment({ name, path, health }: (typeof DEPLOYMENTS)[number]): string {
	return `<li><b>${name}</b> <code>${path}</code> <a href="${health}">health</a></li>`;
}

function vendors(env: GatewayEnv): string {
	const standIns = vendorList(env.STAND_IN_VENDORS);
	return VENDORS.map((vendor) => `<li><b>${vendor}</b> ${standIns.includes(vendor) ? "stand-in" : "the vendor itself"}</li>`).join("");
}

function commands(env: GatewayEnv): string {
	const setup = { origin: env.ORIGIN, standIns: vendorList(env.STAND_IN_VENDORS), databaseFlags: env.DATABASE_FLAGS };
	return examples(setup).map(({ title, command }) => `<h3>${escaped(title)}</h3>\n<pre tabindex="0">${escaped(command)}</pre>`).join("\n");
}

function escaped(text: string): string {
	return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
