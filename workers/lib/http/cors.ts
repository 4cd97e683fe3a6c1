/** How long a browser may keep the response to a preflight, seconds. */
const MAX_AGE_SECONDS = "7200";

/** What a page may do at a worker; each is a comma-separated list, as its header has it. */
export interface CorsRules {
	/** Methods a page may use. */
	methods: string;
	/** Request headers a page may send. */
	headers: string;
	/** Response headers a page may read. */
	expose: string;
}

/**
 * The headers that let the page at `origin` read a response; without an Origin only `Vary`.
 * Whether the page may be served at all is decided before: CORS hides a response, it does not stop a request.
 */
export function corsHeaders(origin: string | null, rules: CorsRules): Record<string, string> {
	if (origin === null) return { Vary: "Origin" };
	return { "Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": rules.expose, Vary: "Origin" };
}

/** The 204 of a preflight; `origin` null = no page is allowed. Touches nothing else, so it holds when all else is down. */
export function preflight(origin: string | null, rules: CorsRules): Response {
	const headers = new Headers({ "Cache-Control": "no-store" });
	if (origin !== null) {
		headers.set("Access-Control-Allow-Methods", rules.methods);
		headers.set("Access-Control-Allow-Headers", rules.headers);
		headers.set("Access-Control-Max-Age", MAX_AGE_SECONDS);
	}
	return new Response(null, { status: 204, headers });
}
