import { numberVariable, requiredSecret } from "../../lib/env.ts";
import { VendorFault, connectionFault, timeoutFault, vendorFault } from "./error.ts";
import { vendorBaseUrl } from "../../lib/vendor/base-url.ts";

/** The domain that is trusted with the key, and that a signed URL may name. */
export const VENDOR_DOMAIN = "elevenlabs.io";
/** Another try is begun only with this much of the time limit left. */
const MIN_TRY_MS = 500;

/** How ElevenLabs is reached. */
export interface ElevenLabs {
	apiKey: string;
	baseUrl: string;
	/** To the first byte of an answer's body, both tries together. */
	timeoutMs: number;
	/** development, staging or production */
	environment: string;
}

/** What `elevenLabs` reads. */
export type ElevenLabsVariables = Pick<
	Env,
	"ELEVENLABS_API_KEY" | "ELEVENLABS_BASE_URL" | "ELEVENLABS_TIMEOUT_MS" | "ENVIRONMENT"
>;

/** @throws {ApiError} not_configured */
export function elevenLabs(variables: ElevenLabsVariables): ElevenLabs {
	const environment = variables.ENVIRONMENT;
	return {
		apiKey: requiredSecret(variables.ELEVENLABS_API_KEY, "ELEVENLABS_API_KEY"),
		baseUrl: vendorBaseUrl(variables.ELEVENLABS_BASE_URL, {
			variable: "ELEVENLABS_BASE_URL",
			fallback: `https://api.${VENDOR_DOMAIN}`,
			domain: VENDOR_DOMAIN,
			environment,
		}),
		timeoutMs: numberVariable(variables.ELEVENLABS_TIMEOUT_MS, "ELEVENLABS_TIMEOUT_MS", 10_000),
		environment,
	};
}

export interface CallInit {
	method: "GET" | "POST";
	headers?: Record<string, string>;
	body?: string;
	/** A status beside 200 that is an answer, not a fault. */
	accepts?: number;
}

/** Makes of a 200 what the call is for. `control` ends the connection; the time limit ends with the reading. */
type Reader<T> = (response: Response, control: AbortController) => Promise<T>;

/**
 * One call, with the key, and one more when the fault is of the passing kind and there is time for it: nothing has reached
 * the caller yet. Redirects are not followed, since the key would go along.
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
		const { answer, retryInMs } = thrown;
		if (retryInMs === undefined || Date.now() + retryInMs + MIN_TRY_MS > deadline) throw answer;
		await new Promise((resolve) => setTimeout(resolve, retryInMs));
	}
	return attempt(deadline - Date.now(), url, request, read).catch((thrown: unknown) => {
		throw thrown instanceof VendorFault ? thrown.answer : thrown;
	});
}

async function attempt<T>(
	limitMs: number,
	url: string,
	{ accepts = 200, ...init }: CallInit,
	read: Reader<T>,
): Promise<T> {
	const control = new AbortController();
	let isLate = false;
	const timer = setTimeout(() => {
		isLate = true;
		control.abort();
	}, limitMs);
	try {
		const response = await fetch(url, { ...init, redirect: "manual", signal: control.signal });
		if (response.status !== 200 && response.status !== accepts) throw await vendorFault(response);
		return await read(response, control);
	} catch (thrown) {
		if (isLate) throw timeoutFault();
		throw thrown instanceof VendorFault ? thrown : connectionFault();
	} finally {
		clearTimeout(timer);
	}
}
