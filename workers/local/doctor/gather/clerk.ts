import { ApiError } from "../../../lib/http/errors.ts";
import { parseClerkDomain } from "../../../portal/auth/clerk-config.ts";
import type { ClerkFacts } from "../facts.ts";
import { ask } from "./ask.ts";
import type { Asking } from "./ask.ts";

/** What the doctor needs to ask Clerk. */
interface ClerkKeys {
	/** CLERK_DOMAIN */
	domain: string;
	/** CLERK_SECRET_KEY; undefined = not at hand. */
	secretKey: string | undefined;
	/** Base URL of the Backend API; undefined = the key may not go there. */
	apiUrl: string | undefined;
	environment: string;
}

/** The keys of the instance as everybody sees them, and as its secret key does (GET /v1/jwks of the Backend API). */
export async function clerkFacts(asking: Asking, keys: ClerkKeys): Promise<ClerkFacts> {
	const { secretKey, apiUrl } = keys;
	const address = addressOf(keys);
	const [published, own] = await Promise.all([
		address === undefined ? undefined : ask(asking, address.jwksUrl),
		secretKey === undefined || apiUrl === undefined
			? undefined
			: ask(asking, `${apiUrl}/v1/jwks`, { headers: { Authorization: `Bearer ${secretKey}` } }),
	]);
	return { issuer: address?.issuer, published, own };
}

function addressOf({ domain, environment }: ClerkKeys): { issuer: string; jwksUrl: string } | undefined {
	try {
		return parseClerkDomain(domain, environment);
	} catch (thrown) {
		if (thrown instanceof ApiError) return undefined;
		throw thrown;
	}
}
