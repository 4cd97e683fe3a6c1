/** A clip longer than this is not kept, bytes: 1,000 characters of speech at 32 kbit/s are about 300 KB. */
const MAX_CLIP_BYTES = 2 * 1024 * 1024;
/** All copies of an isolate together, bytes; an isolate has 128 MB, and slow listeners hold theirs for long. */
const MAX_HELD_BYTES = 24 * 1024 * 1024;

/** What has passed of a clip, kept to be stored once it has ended well. */
export interface ClipCopy {
	chunks: Uint8Array[];
	bytes: number;
	/** False once it was given up: the clip then passes without being stored. */
	isKept: boolean;
}

/** The copies being made now, oldest first. */
const held = new Set<ClipCopy>();
let heldBytes = 0;

export function openCopy(): ClipCopy {
	const copy: ClipCopy = { chunks: [], bytes: 0, isKept: true };
	held.add(copy);
	return copy;
}

/** Keeps the bytes of one more chunk, whose own memory may be used again. When there is too much, this copy (too long a clip) or the oldest (slow, or its request is no more) is given up. */
export function addToCopy(copy: ClipCopy, chunk: Uint8Array): void {
	if (!copy.isKept) return;
	copy.chunks.push(chunk.slice());
	copy.bytes += chunk.byteLength;
	heldBytes += chunk.byteLength;
	if (copy.bytes > MAX_CLIP_BYTES) dropCopy(copy);
	for (const oldest of held) {
		if (heldBytes <= MAX_HELD_BYTES) return;
		dropCopy(oldest);
	}
}

export function dropCopy(copy: ClipCopy): void {
	if (held.delete(copy)) heldBytes -= copy.bytes;
	copy.isKept = false;
	copy.chunks = [];
	copy.bytes = 0;
}

/** The whole clip, if it was kept; lets go of the copy either way. */
export function takeCopy(copy: ClipCopy): Uint8Array | undefined {
	const clip = copy.isKept ? joined(copy) : undefined;
	dropCopy(copy);
	return clip;
}

function joined({ chunks, bytes }: ClipCopy): Uint8Array {
	const clip = new Uint8Array(bytes);
	let offset = 0;
	for (const chunk of chunks) {
		clip.set(chunk, offset);
		offset += chunk.byteLength;
	}
	return clip;
}
