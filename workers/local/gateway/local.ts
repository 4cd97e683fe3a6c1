import script from "koby-local-page";
import { allowMethods, notFound } from "../../lib/http/serve.ts";
import { VENDORS, vendorList } from "../run/vendors.ts";
import type { GatewayEnv } from "./env.ts";
import baseCss from "./styles/base.css";
import layoutCss from "./styles/layout.css";
import siteCss from "./styles/site.css";
import viewsCss from "./styles/views.css";
import { sendStripeEvent } from "./stripe-event.ts";
import { sessionToken } from "./token.ts";
import { json } from "../../lib/http/json.ts";

/** `/local/…`: what only a local run has. */
export async function localAnswer(request: Request, url: URL, env: GatewayEnv): Promise<Response> {
	switch (url.pathname) {
		case "/local/status":
			allowMethods(request, "GET");
			return json({ vendors: vendorStates(env) });
		case "/local/token":
			allowMethods(request, "GET");
			return text(await sessionToken(url.searchParams, env), "text/plain");
		case "/local/stripe-event":
			allowMethods(request, "POST");
			return json(await sendStripeEvent(url.searchParams, env));
		case "/local/page.css":
			allowMethods(request, "GET");
			return text(baseCss + layoutCss + viewsCss, "text/css");
		case "/local/site.css":
			allowMethods(request, "GET");
			return text(siteCss, "text/css");
		case "/local/page.js":
			allowMethods(request, "GET");
			return text(script, "text/javascript");
		default:
			throw notFound();
	}
}

function vendorStates(env: GatewayEnv): Record<string, "stand_in" | "real"> {
	const standIns = vendorList(env.STAND_IN_VENDORS);
	return Object.fromEntries(
		VENDORS.map((vendor) => [vendor.toLowerCase().replace(" ", "_"), standIns.includes(vendor) ? "stand_in" : "real"]),
	);
}

function text(body: string, type: string): Response {
	return new Response(body, { headers: { "Content-Type": `${type}; charset=utf-8` } });
}
