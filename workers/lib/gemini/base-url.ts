import { vendorBaseUrl } from "../vendor/base-url.ts";

/** Where Gemini is asked. @param environment development, staging or production @throws {ApiError} not_configured */
export function geminiBaseUrl(value: string | undefined, environment: string): string {
	return vendorBaseUrl(value, {
		variable: "GEMINI_BASE_URL",
		fallback: "https://generativelanguage.googleapis.com",
		domain: "generativelanguage.googleapis.com",
		environment,
	});
}
