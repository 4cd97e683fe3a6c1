import { failure, generated, refusedBody } from "../gemini/gemini.ts";
import type { GeminiOptions } from "../gemini/gemini.ts";
import { GEMINI_MODELS } from "../gemini/gemini-reply.ts";
import { bearerOf, isRecord, jsonAnswer, parseJson } from "../wire.ts";
import type { Answer, Incoming, Vendor } from "../wire.ts";
import type { GoogleAccounts } from "./accounts.ts";

const METHOD_PATH =
	/^\/v1\/projects\/([^/]+)\/locations\/([^/]+)\/publishers\/google\/models\/([^/:]+):(generateContent|streamGenerateContent)$/;
const HOST = /^(?:aiplatform|([a-z0-9-]+)-aiplatform|aiplatform\.(us|eu)\.rep)\.googleapis\.com$/;

/** Whether a host is one of Vertex AI's: the global one, a multi-region's or a region's. */
export function isVertexHost(hostname: string): boolean {
	return HOST.test(hostname);
}

/**
 * Vertex AI's `generateContent` and `streamGenerateContent` (docs.cloud.google.com/gemini-enterprise-agent-platform/resources/locations).
 * Who calls is the account whose bearer comes along. A location is served on its own host alone.
 */
export function createVertex(accounts: GoogleAccounts, options: GeminiOptions): Vendor {
	return {
		name: "vertex",
		credential: (headers) => accounts.namedIn(bearerOf(headers)),
		answer: (call) => answer(call, accounts, options),
		failure,
	};
}

function answer(call: Incoming, accounts: GoogleAccounts, options: GeminiOptions): Answer | undefined {
	const [, project = "", location = "", model = "", method = ""] = METHOD_PATH.exec(call.url.pathname) ?? [];
	if (method === "" || call.method !== "POST") return undefined;
	if (call.headers.has("x-goog-api-key") || accounts.holderOf(bearerOf(call.headers)) === undefined)
		return failure(401, {});
	if (locationOf(call.url.hostname) !== location && isVertexHost(call.url.hostname)) return failure(400, {});
	const refused = refusedBody(call);
	if (refused !== undefined) return refused;
	if (!GEMINI_MODELS.has(model)) return unknownModel(project, location, model);
	const request = parseJson(call.text);
	// The Developer API takes a content without a role for the user's.
	if (
		isRecord(request) &&
		Array.isArray(request.contents) &&
		request.contents.some((one) => !isRecord(one) || !one.role)
	)
		return refusal(400, "INVALID_ARGUMENT", "Please use a valid role: user, model.");
	return generated(call, { request, model, method }, options);
}

function locationOf(hostname: string): string {
	const [, region, multi] = HOST.exec(hostname) ?? [];
	return region ?? multi ?? "global";
}

function unknownModel(project: string, location: string, model: string): Answer {
	const name = `projects/${project}/locations/${location}/publishers/google/models/${model}`;
	const message = `Publisher Model \`${name}\` was not found or your project does not have access to it.`;
	return refusal(404, "NOT_FOUND", message);
}

function refusal(code: number, status: string, message: string): Answer {
	return jsonAnswer({ error: { code, message, status } }, code);
}
