import { Fault, faultOf } from "./fault.ts";

/** Asks a route. What goes wrong is a `Fault`, or what aborted the request. @param base folder of the routes */
export async function request(base: string, path: string, init: RequestInit = {}): Promise<Response> {
	let response: Response;
	try {
		response = await fetch(base + path, { ...init, credentials: "omit", referrerPolicy: "strict-origin" });
	} catch (thrown) {
		if (init.signal?.aborted === true) throw thrown;
		return faultIn(base, null);
	}
	return response.ok ? response : faultIn(base, response);
}

/** What a failed request comes to, thrown. @param response null = none came */
export async function faultIn(base: string, response: Response | null): Promise<never> {
	if (response === null) throw new Fault(await whyUnreachable(base));
	const body: unknown = await response.json().catch(() => null);
	throw faultOf(body, response.status, Number(response.headers.get("Retry-After")) || 0);
}

/** The body of `GET /config`. @param language tags with commas between them @param isFresh whatever the browser holds of it */
export async function requestConfig(
	base: string,
	siteKey: string,
	language: string,
	isFresh = false,
): Promise<unknown> {
	const path = `config?site_key=${encodeURIComponent(siteKey)}&language=${language}`;
	return (await request(base, path, { cache: isFresh ? "reload" : "default" })).json();
}

/** A browser does not tell a refused origin from a dead network; whether the server is there at all does. Any page may have this file. */
async function whyUnreachable(base: string): Promise<"offline" | "unreachable" | "wrong_origin"> {
	if (!navigator.onLine) return "offline";
	try {
		await fetch(`${base}widget.js`, { mode: "no-cors", credentials: "omit", cache: "no-store" });
		return "wrong_origin";
	} catch {
		return "unreachable";
	}
}
