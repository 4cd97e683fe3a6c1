import { examples } from "../../run/examples.ts";
import { vendorList } from "../../run/vendors.ts";
import type { GatewayEnv } from "../env.ts";
import { escaped } from "../../html.ts";

const DEPLOYMENTS = [
	{
		name: "koby-portal",
		health: "/health",
		api: "/portal/openapi.json",
		does: "the dashboard’s API, Stripe’s webhooks",
	},
	{ name: "chadis-chat", health: "/chat/health", api: "/chat/openapi.json", does: "the website chat and its widget" },
	{ name: "chadis-voice", health: "/voice/health", api: "/voice/openapi.json", does: "text to speech" },
	{
		name: "chadis-voice-conversation",
		health: "/conversation/health",
		api: "/conversation/openapi.json",
		does: "spoken conversations",
	},
];

/** For whoever wants to know what is underneath: closed until it is asked for. */
export function developersSection(env: GatewayEnv): string {
	return `<details id="developers">
<summary>For developers: what runs, and commands to copy</summary>
<ul class="deployments">${DEPLOYMENTS.map(deployment).join("")}</ul>
<p class="quiet"><a href="/reference">The API, with examples</a>. A click selects a whole command.</p>
${commands(env)}
</details>`;
}

function deployment({ name, health, api, does }: (typeof DEPLOYMENTS)[number]): string {
	const of = `<span class="visually-hidden"> of ${name}</span>`;
	return `<li><b>${name}</b> ${does} <a href="${health}">health${of}</a> <a href="${api}">API${of}</a></li>`;
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
