import { numberVariable, requiredSecret } from "../../lib/env.ts";
import { vendorBaseUrl } from "../../lib/vendor/base-url.ts";
import { VendorTimeout, callVendor } from "../../lib/vendor/call.ts";
import { pause } from "../../lib/time-limit.ts";
import type { Deadline, VendorRequest } from "../../lib/vendor/call.ts";
import { coverageOf } from "./covered.ts";
import type { Coverage, CoverageVariables } from "./covered.ts";
import { VendorFault, connectionFault, timeoutFault, vendorFault } from "./error.ts";

/** The domain that is trusted with the key, and that a signed URL may name. */
export const VENDOR_DOMAIN = "elevenlabs.io";
/** Another try is begun only with this much of the time limit left. */
const MIN_TRY_MS = 500;

/** How ElevenLabs is reached. */
export interface ElevenLabs {
	apiKey: string;
	baseUrl: string;
	/** How long the first byte of a response's body may take, both tries together, ms. */
	timeoutMs: number;
	coverage: Coverage;
	/** development, staging or production */
	environment: string;
}

/** The variables behind it, any of them possibly absent. */
export interface ElevenLabsVariables {
	/** ELEVENLABS_API_KEY */
	apiKey: string | undefined;
	/** ELEVENLABS_BASE_URL */
	baseUrl: string | undefined;
	/** ELEVENLABS_TIMEOUT_MS */
	timeoutMs: string | undefined;
	coverage: CoverageVariables;
	environment: string;
}

/** @throws {ApiError} not_configured */
export function elevenLabs(variables: ElevenLabsVariables): ElevenLabs {
	const { environment } = variables;
	const apiKey = requiredSecret(variables.apiKey, "ELEVENLABS_API_KEY");
	const baseUrl = vendorBaseUrl(variables.baseUrl, {
		variable: "ELEVENLABS_BASE_URL",
		fallback: `https://api.${VENDOR_DOMAIN}`,
		domain: VENDOR_DOMAIN,
		environment,
	});
	return {
		apiKey,
		baseUrl,
		timeoutMs: numberVariable(variables.timeoutMs, "ELEVENLABS_TIMEOUT_MS", 10_000),
		coverage: coverageOf(baseUrl, variables.coverage),
		environment,
	};
}

export interface CallInit extends Partial<VendorRequest> {
	/** A status beside 200 that is no fault. */
	accepts?: number;
}

/** Makes of a 200 what the call is for. `deadline` ends with the reading; its `abort` lets go of the connection. */
type Reader<T> = (response: Response, deadline: Deadline) => Promise<T>;

/**
 * One call, with the key, and one more when the fault is of the passing kind and there is time for it: nothing has reached
 * the caller yet.
 * @throws {ApiError} voice_provider_auth, voice_quota_exhausted, voice_not_available, voice_busy, voice_unavailable, voice_timeout
 */
export async function callElevenLabs<T>(vendor: ElevenLabs, path: string, init: CallInit, read: Reader<T>): Promise<T> {
	const url = vendor.baseUrl + path;
	const request = { ...init, headers: { ...init.headers, "xi-api-key": vendor.apiKey } };
	const deadline = Date.now() + vendor.timeoutMs;
	try {
		return await attempt(vendor.timeoutMs, url, request, read);
	} catch (thrown) {
		if (!(thrown instanceof VendorFault)) throw thrown;
		const { error, retryInMs } = thrown;
		if (retryInMs === undefined || Date.now() + retryInMs + MIN_TRY_MS > deadline) throw error;
		await pause(retryInMs);
	}
	return attempt(deadline - Date.now(), url, request, read).catch((thrown: unknown) => {
		throw thrown instanceof VendorFault ? thrown.error : thrown;
	});
}

async function attempt<T>(
	limitMs: number,
	url: string,
	{ accepts = 200, ...request }: CallInit & VendorRequest,
	read: Reader<T>,
): Promise<T> {
	try {
		return await callVendor(url, request, limitMs, async (response, deadline) => {
			if (response.status !== 200 && response.status !== accepts) throw await vendorFault(response);
			return read(response, deadline);
		});
	} catch (thrown) {
		if (thrown instanceof VendorTimeout) throw timeoutFault();
		throw thrown instanceof VendorFault ? thrown : connectionFault();
	}
}
