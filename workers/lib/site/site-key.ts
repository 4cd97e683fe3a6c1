import { ApiError } from "../http/errors.ts";

/** What a site is for, as its key names it: `live` for a customer's visitors, the others for tests, also of pages on localhost. */
export type KeyEnvironment = "live" | "test" | "dev";

const SITE_KEY = /^sk_[a-z0-9_-]+_(?:live|test|dev)_[A-Za-z0-9]{3,64}$/;

/** Whether a text has the form of a site key. The key is public (it stands in the customer's page): it names a site, it proves nothing. */
export function isSiteKey(text: string): boolean {
	return text.length <= 200 && SITE_KEY.test(text);
}

/** The 401 of a key that is malformed or unknown: one text for both, so that guessing learns nothing. */
export function invalidSiteKey(): ApiError {
	return new ApiError("invalid_site_key", "This site key is not valid; copy it again from the dashboard.");
}

/**
 * The site key of a header or query value.
 * @throws {ApiError} invalid_site_key
 */
export function parseSiteKey(value: string): string {
	if (!isSiteKey(value)) throw invalidSiteKey();
	return value;
}
