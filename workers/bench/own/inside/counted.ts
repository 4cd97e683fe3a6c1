import type { Counts } from "../recording.ts";

/** What this isolate asked of the platform so far. */
export const counts: Counts = {
	roundTrips: 0,
	statements: 0,
	limiterCalls: 0,
	fetches: 0,
	cacheMatches: 0,
	cachePuts: 0,
};

/** Limiters that let everybody pass at once. */
export function openLimiters(names: readonly string[]): Record<string, RateLimit> {
	const limit = async (): Promise<{ success: true }> => {
		counts.limiterCalls += 1;
		return { success: true };
	};
	return Object.fromEntries(names.map((name) => [name, { limit }]));
}

/** The part of a cache that the workers use. */
export interface PlainCache {
	match(key: string | Request): Promise<Response | undefined>;
	put(key: string | Request, response: Response): Promise<void>;
}

/** Puts a cache of ours in the platform's place. */
export function replaceCache(cache: PlainCache): void {
	Object.defineProperty(globalThis, "caches", { value: { default: cache } });
}

/** A cache key without its origin: the recorder and the player listen at different ports. */
export function pathOf(key: string | Request): string {
	const url = typeof key === "string" ? key : key.url;
	return url.slice(url.indexOf("/", "https://".length));
}

export function toBase64(bytes: Uint8Array): string {
	return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

export function fromBase64(text: string): Uint8Array {
	return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}
