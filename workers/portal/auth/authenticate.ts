import type { Caller } from "./clerk-claims.ts";
import type { ClerkSettings } from "./clerk-config.ts";
import { verifySessionToken } from "./clerk-token.ts";
import { clientKey } from "../../lib/http/client-ip.ts";
import { ApiError } from "../../lib/http/errors.ts";
import { isWithinLimit, rateLimited, requireWithinLimit } from "../../lib/http/rate-limit.ts";

export interface Doorkeeping {
	/** @throws {ApiError} not_configured */
	clerk(): ClerkSettings;
	/** USER_LIMITER: requests of one signed-in user. */
	userLimiter: RateLimit | undefined;
	/** FAILED_TOKEN_LIMITER: refused tokens of one client address. */
	failedTokenLimiter: RateLimit | undefined;
}

/**
 * Who calls. Refused tokens are counted by address, so that a guesser is told to wait; a good token from the same address
 * (an office behind one NAT) still passes.
 * @param now epoch ms
 * @throws {ApiError} unauthenticated, rate_limited, auth_unavailable, not_configured
 */
export async function authenticate(request: Request, doorkeeping: Doorkeeping, now: number): Promise<Caller> {
	const caller = await verified(request, doorkeeping, now);
	await requireWithinLimit(doorkeeping.userLimiter, "USER_LIMITER", caller.userId, "allow");
	return caller;
}

async function verified(request: Request, { clerk, failedTokenLimiter }: Doorkeeping, now: number): Promise<Caller> {
	try {
		return await verifySessionToken(request.headers.get("Authorization"), clerk(), now);
	} catch (error) {
		const isRefused = error instanceof ApiError && error.code === "unauthenticated";
		if (isRefused && !(await isWithinLimit(failedTokenLimiter, "FAILED_TOKEN_LIMITER", clientKey(request), "allow")))
			throw rateLimited();
		throw error;
	}
}
