import { ownUrl } from "../../lib/http/serve.ts";
import { sha256Hex } from "../../lib/text/digest.ts";
import { log } from "../../lib/log.ts";
import type { Sound } from "../elevenlabs/speech.ts";

/** The sound of a clip as far as it is known before its site is read. */
type NamedSound = Omit<Sound, "languageCode">;

interface StoredClip {
	body: ReadableStream;
	/** In which it was spoken; null = by its text. */
	languageCode: string | null;
}

/** Part of every key: raise it when what is stored changes its form. Clips of before 3 are kept for a week, and are found no more. */
const KEY_VERSION = 3;
/** How long a data centre may keep a clip, seconds: nothing can take a word out of there, so a day is all. */
const MAX_AGE_SECONDS = 86_400;

/**
 * Where a clip lies in the edge cache: a URL on our own hostname that nobody serves, named by a digest of all that changes
 * the sound and of the site key, so that a site finds only what its own callers had spoken. The key rather than the site's
 * id, because the cache can then be asked before the database; a rotated key begins anew. The language hangs on the site's
 * locale, which only the database tells, so it is stored with the clip, and who finds one compares it.
 * @param siteKey null = legacy
 */
export async function clipUrl(
	requestUrl: string,
	siteKey: string | null,
	baseUrl: string,
	sound: NamedSound,
	text: string,
): Promise<string> {
	const parts = [KEY_VERSION, siteKey, baseUrl, sound.voiceId, sound.modelId, sound.outputFormat, text];
	return ownUrl(requestUrl, `/clips/${await sha256Hex(JSON.stringify(parts))}`);
}

/** A clip spoken before, in this data centre. A cache that fails is a miss. */
export async function findClip(url: string): Promise<StoredClip | undefined> {
	try {
		const stored = await caches.default.match(url);
		if (!stored?.body) return undefined;
		return { body: stored.body, languageCode: stored.headers.get("Content-Language") };
	} catch {
		log("warn", "clip_cache_failed", { operation: "match" });
		return undefined;
	}
}

/** Stores a whole clip. Whole bytes, never a stream: a stream that is cut would be stored as a good clip (seen on workerd). */
export async function storeClip(url: string, clip: Uint8Array, languageCode: string | null): Promise<void> {
	const headers = new Headers({ "Content-Type": "audio/mpeg", "Cache-Control": `public, max-age=${MAX_AGE_SECONDS}` });
	if (languageCode !== null) headers.set("Content-Language", languageCode);
	try {
		await caches.default.put(url, new Response(clip, { headers }));
	} catch {
		log("warn", "clip_cache_failed", { operation: "put" });
	}
}
