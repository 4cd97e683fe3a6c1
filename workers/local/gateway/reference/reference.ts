import { parseJson, isObject, json } from "../../../lib/http/json.ts";
import type { OpenapiPart } from "../../../lib/http/openapi.ts";
import { allowMethods, notFound } from "../../../lib/http/serve.ts";
import type { GatewayEnv } from "../env.ts";
import { joinDescriptions } from "./joined.ts";
import { passedOn } from "../passed-on.ts";

/** The renderer sets styles on its elements; scripts and everything else come from this address alone. */
const POLICY = [
	"default-src 'none'",
	"script-src 'self'",
	"style-src 'self' 'unsafe-inline'",
	"connect-src 'self'",
	"img-src 'self' data:",
	"base-uri 'none'",
	"form-action 'none'",
	"frame-ancestors 'none'",
].join("; ");

/** The renderer's own files, served from its package by the start script (workers/local/run/reference-files.ts). */
const FILES: Readonly<Record<string, string>> = {
	"swagger-ui-bundle.js": "text/javascript",
	"swagger-ui.css": "text/css",
};

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Koby AI API reference</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/reference/swagger-ui.css">
<script src="/reference/swagger-ui-bundle.js" defer></script>
<script src="/reference/start.js" defer></script>
</head>
<body>
<main id="reference"><noscript><p>This page takes JavaScript. The same as JSON: <a href="/openapi.json">/openapi.json</a></p></noscript></main>
</body>
</html>
`;

const START = `SwaggerUIBundle({
	url: "/openapi.json",
	dom_id: "#reference",
	deepLinking: true,
	displayOperationId: true,
	docExpansion: "list",
	defaultModelsExpandDepth: 0,
	filter: true,
	validatorUrl: null,
});
`;

/** `GET /openapi.json`: the descriptions of all four deployments as one. */
export async function joinedAnswer(request: Request, env: GatewayEnv): Promise<Response> {
	allowMethods(request, "GET");
	const deployments = [
		{ name: "", prefix: "", worker: env.PORTAL },
		{ name: "Chat", prefix: "/chat", worker: env.CHAT },
		{ name: "Voice", prefix: "/voice", worker: env.VOICE },
		{ name: "Conversation", prefix: "/conversation", worker: env.CONVERSATION },
	];
	const described = await Promise.all(
		deployments.map(async ({ name, prefix, worker }) => ({
			name,
			prefix,
			description: await descriptionOf(request, worker),
		})),
	);
	return json(joinDescriptions(env.ORIGIN, described));
}

async function descriptionOf(request: Request, worker: Fetcher): Promise<OpenapiPart> {
	const own = new Request(new URL("/openapi.json", request.url), { headers: request.headers });
	const response = await worker.fetch(passedOn(own));
	const description = parseJson(await response.text());
	if (!response.ok || !isObject(description))
		throw new Error(`A deployment answered ${response.status} to /openapi.json.`);
	return description;
}

/** `/reference`: the joined description as a page to read and to try, and the files that it loads. */
export async function referenceAnswer(request: Request, path: string, env: GatewayEnv): Promise<Response> {
	allowMethods(request, "GET");
	if (path === "/reference") return text(PAGE, "text/html", { "Content-Security-Policy": POLICY });
	if (path === "/reference/start.js") return text(START, "text/javascript");
	const name = path.slice("/reference/".length);
	const type = Object.hasOwn(FILES, name) ? FILES[name] : undefined;
	if (type === undefined) throw notFound();
	const file = await env.REFERENCE_FILES.fetch(`http://files/${name}`);
	return text(file.body, type);
}

function text(body: BodyInit | null, type: string, headers: Record<string, string> = {}): Response {
	return new Response(body, { headers: { "Content-Type": `${type}; charset=utf-8`, ...headers } });
}
