import { requiredSecret } from "../../lib/env.ts";
import { geminiBaseUrl } from "../../lib/gemini/base-url.ts";

/** What a request proves with who asks. */
interface Credential {
	headers: Record<string, string>;
	/** The vendor has refused it: whether another one is to be had, so that asking again makes sense. */
	isRenewable(): boolean;
}

/** Where models are asked, and as whom. The bodies of both services are the same (docs.cloud.google.com/vertex-ai, "Migrate from AI Studio"). */
export interface Endpoint {
	/** Without a trailing slash. What a turn sends goes nowhere else. */
	baseUrl: string;
	/**
	 * Finds what is wrong with the secret before anything is reserved by which it would be used.
	 * @throws {ApiError} not_configured
	 */
	prepare(): Promise<void>;
	/** The URL of a model's method, such as `generateContent`. */
	url(model: string, method: string): string;
	/**
	 * What the next request is to carry. Costs nothing but now and then.
	 * @param signal fires when the try's time is up
	 * @throws {GeminiFault} it cannot be had now
	 */
	credential(signal: AbortSignal): Promise<Credential>;
}

/**
 * The Gemini Developer API (ai.google.dev/api): a key in `x-goog-api-key`.
 * @throws {ApiError} not_configured
 */
export function developerEndpoint(
	apiKeyText: string | undefined,
	baseUrlText: string | undefined,
	environment: string,
): Endpoint {
	const apiKey = requiredSecret(apiKeyText, "GEMINI_API_KEY");
	const baseUrl = geminiBaseUrl(baseUrlText, environment);
	const credential: Credential = { headers: { "x-goog-api-key": apiKey }, isRenewable: () => false };
	return {
		baseUrl,
		prepare: () => Promise.resolve(),
		url: (model, method) => `${baseUrl}/v1beta/models/${model}:${method}`,
		credential: () => Promise.resolve(credential),
	};
}
