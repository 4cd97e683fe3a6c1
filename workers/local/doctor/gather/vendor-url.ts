import { ApiError } from "../../../lib/http/errors.ts";
import { vendorBaseUrl } from "../../../lib/vendor/base-url.ts";

/** Addresses of the vendors by the variable that may put another in its place. */
const VENDOR_URLS = {
	CLERK_API_URL: { fallback: "https://api.clerk.com", domain: "clerk.com", throughGateway: false },
	STRIPE_API_BASE: { fallback: "https://api.stripe.com", domain: "stripe.com" },
	GEMINI_BASE_URL: {
		fallback: "https://generativelanguage.googleapis.com",
		domain: "generativelanguage.googleapis.com",
	},
	ELEVENLABS_BASE_URL: { fallback: "https://api.elevenlabs.io", domain: "elevenlabs.io" },
} as const;

export type VendorVariable = keyof typeof VENDOR_URLS;
export const VENDOR_VARIABLES: readonly VendorVariable[] = [
	...(["CLERK_API_URL", "STRIPE_API_BASE", "GEMINI_BASE_URL", "ELEVENLABS_BASE_URL"] as const),
];

/** Where a vendor is asked, as the workers decide it; undefined = its key would not be sent there. @param environment of the workers */
export function vendorUrl(variable: VendorVariable, value: string, environment: string): string | undefined {
	try {
		return vendorBaseUrl(value, { variable, ...VENDOR_URLS[variable], environment });
	} catch (thrown) {
		if (thrown instanceof ApiError) return undefined;
		throw thrown;
	}
}
