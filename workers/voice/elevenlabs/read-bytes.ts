/** A read brings so much at most: one costs the same whatever it brings, and workerd brings 4 KB unless asked for more. */
const SMALL_READ_BYTES = 8192;
const LARGE_READ_BYTES = 32_768;
/** Buffers of ended clips that wait for the next one: 256 KiB of an isolate's memory at most. */
const MAX_SPARE = 32;

const spare: ArrayBuffer[] = [];

/**
 * The next bytes of a stream, undefined at its end.
 * @param atLeast bytes to wait for, 1 or more; fewer come at the end of the stream, and no more than 32 KiB are waited for
 * @param spent bytes from here that nobody needs any more: their memory is read into again
 */
export async function nextBytes(
	reader: ReadableStreamBYOBReader,
	atLeast: number,
	spent?: Uint8Array,
): Promise<Uint8Array | undefined> {
	const size = atLeast > SMALL_READ_BYTES / 2 ? LARGE_READ_BYTES : SMALL_READ_BYTES;
	let buffer = spent?.buffer.byteLength === size ? spent.buffer : bufferOf(size);
	for (;;) {
		const { done, value } = await reader.readAtLeast(Math.min(atLeast, size), new Uint8Array(buffer));
		if (value !== undefined && value.byteLength > 0) return value;
		if (done) {
			keep(value);
			return undefined;
		}
		buffer = value.buffer;
	}
}

function bufferOf(size: number): ArrayBufferLike {
	return (size === SMALL_READ_BYTES ? spare.pop() : undefined) ?? new ArrayBuffer(size);
}

/** @param view what the end of a stream gives back of the last buffer, if anything (the types know of nothing) */
function keep(view: unknown): void {
	const buffer = view instanceof Uint8Array ? view.buffer : undefined;
	if (buffer instanceof ArrayBuffer && buffer.byteLength === SMALL_READ_BYTES && spare.length < MAX_SPARE) {
		spare.push(buffer);
	}
}
