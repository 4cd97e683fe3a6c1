import { SECOND_MS } from "../../time.ts";
import type { KnownPassage } from "../search.ts";
import type { PackedVectors } from "./vectors.ts";

/** What the passages of an org mean, as read. */
export interface Meanings {
	orgId: string;
	/** As `spaceName`. */
	space: string;
	/** `orgs.knowledge_version` when it was read: it counts every change of the knowledge and of its vectors. */
	version: number;
	passages: readonly KnownPassage[];
	/** Of the passages, in their order. */
	vectors: PackedVectors;
}

/** What all orgs' may take of an isolate's 128 MB together, bytes. */
const MAX_BYTES = 24 * 1024 * 1024;
/** A database that was put back may count to the same version again: nothing is believed for longer, ms. */
const MAX_AGE_MS = 600 * SECOND_MS;

/** By org, oldest first. Plain data, the owners' own words; nothing of a visitor. */
const known = new Map<string, { meanings: Meanings; readAt: number; bytes: number }>();
let bytes = 0;

/**
 * What this isolate remembers of an org. It counts only where the database says the same version, which every turn asks it.
 * @param now ms since the epoch
 */
export function recallMeanings(orgId: string, space: string, now: number): Meanings | undefined {
	const entry = known.get(orgId);
	if (entry === undefined || entry.meanings.space !== space) return undefined;
	return now - entry.readAt < MAX_AGE_MS && now >= entry.readAt ? entry.meanings : undefined;
}

/** Keeps what was read, and forgets the oldest for it where that is too much. @param now ms since the epoch */
export function rememberMeanings(meanings: Meanings, now: number): void {
	const { orgId } = meanings;
	forget(orgId);
	const size = sizeOf(meanings);
	if (size > MAX_BYTES) return;
	for (const [oldest] of known) {
		if (bytes + size <= MAX_BYTES) break;
		forget(oldest);
	}
	bytes += size;
	known.set(orgId, { meanings, readAt: now, bytes: size });
}

function forget(orgId: string): void {
	bytes -= known.get(orgId)?.bytes ?? 0;
	known.delete(orgId);
}

/** A text takes two bytes a UTF-16 unit at most. */
function sizeOf({ passages, vectors }: Meanings): number {
	return passages.reduce((sum, { content }) => sum + 2 * content.length, vectors.bytes.byteLength);
}
