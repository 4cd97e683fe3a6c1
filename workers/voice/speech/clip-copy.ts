/** A clip longer than this is not kept, bytes: 1,000 characters of speech at 32 kbit/s are about 300 KB. */
const MAX_CLIP_BYTES = 2 * 1024 * 1024;
/** Memory of all copies of an isolate together, bytes; an isolate has 128 MB, and slow listeners hold theirs for long. */
const MAX_HELD_BYTES = 24 * 1024 * 1024;
/** Memory that a copy begins with when the clip's length is not known, bytes; it doubles when it is full. */
const FIRST_BYTES = 16_384;

/** What has passed of a clip, kept to be stored once it has ended well. */
export interface ClipCopy {
	/** Its memory, of which the first `bytes` are filled. */
	memory: Uint8Array<ArrayBuffer>;
	bytes: number;
	/** False once it was given up: the clip then passes without being stored. */
	isKept: boolean;
}

const NO_MEMORY = new Uint8Array();

/** The copies being made now, oldest first. */
const held = new Set<ClipCopy>();
let heldBytes = 0;

/** @param lengthBytes of the whole clip; null = not known */
export function openCopy(lengthBytes: number | null): ClipCopy {
	const copy: ClipCopy = { memory: NO_MEMORY, bytes: 0, isKept: true };
	held.add(copy);
	grow(copy, lengthBytes ?? FIRST_BYTES);
	return copy;
}

/**
 * Keeps the bytes of one more chunk, whose own memory may be used again. When there is too much, this copy (too long a clip)
 * or the oldest (slow, or its request is no more) is given up.
 */
export function addToCopy(copy: ClipCopy, chunk: Uint8Array): void {
	if (!copy.isKept) return;
	const bytes = copy.bytes + chunk.byteLength;
	if (bytes > copy.memory.byteLength) grow(copy, bytes);
	if (!copy.isKept) return;
	copy.memory.set(chunk, copy.bytes);
	copy.bytes = bytes;
}

/** Gives a copy memory for so many bytes and some more, so that it grows seldom. */
function grow(copy: ClipCopy, neededBytes: number): void {
	if (neededBytes > MAX_CLIP_BYTES) {
		dropCopy(copy);
		return;
	}
	const size = Math.min(MAX_CLIP_BYTES, Math.max(neededBytes, 2 * copy.memory.byteLength));
	heldBytes += size - copy.memory.byteLength;
	const memory = new Uint8Array(size);
	memory.set(copy.memory.subarray(0, copy.bytes));
	copy.memory = memory;
	for (const oldest of held) {
		if (heldBytes <= MAX_HELD_BYTES) return;
		dropCopy(oldest);
	}
}

export function dropCopy(copy: ClipCopy): void {
	if (held.delete(copy)) heldBytes -= copy.memory.byteLength;
	copy.isKept = false;
	copy.memory = NO_MEMORY;
	copy.bytes = 0;
}

/** The whole clip, if it was kept; lets go of the copy either way. */
export function takeCopy(copy: ClipCopy): Uint8Array<ArrayBuffer> | undefined {
	const clip = copy.isKept ? copy.memory.subarray(0, copy.bytes) : undefined;
	dropCopy(copy);
	return clip;
}
