/** Before the listener has a head start: what has come, which workerd brings in 4 KB at most. */
const FIRST_READ_BYTES = 8192;
/** After it: one read costs the same whatever it brings. 5 MB in pieces of 4 KB cost four times the CPU, and twice the memory. */
const READ_BYTES = 32_768;
/** Buffers of ended clips that wait for the next one: 256 KiB of an isolate's memory at most. */
const MAX_SPARE = 32;

const spare: ArrayBuffer[] = [];

/**
 * The next bytes of a stream, undefined at its end.
 * @param whole false: as soon as there are any; true: a whole buffer, or what is left
 * @param spent bytes from here that nobody needs any more: their memory is read into again
 */
export async function nextBytes(
	reader: ReadableStreamBYOBReader,
	whole: boolean,
	spent?: Uint8Array,
): Promise<Uint8Array | undefined> {
	const size = whole ? READ_BYTES : FIRST_READ_BYTES;
	let buffer = spent?.buffer.byteLength === size ? spent.buffer : bufferOf(size);
	for (;;) {
		const { done, value } = await reader.readAtLeast(whole ? size : 1, new Uint8Array(buffer));
		if (value !== undefined && value.byteLength > 0) return value;
		if (done) {
			keep(value);
			return undefined;
		}
		buffer = value.buffer;
	}
}

function bufferOf(size: number): ArrayBufferLike {
	return (size === FIRST_READ_BYTES ? spare.pop() : undefined) ?? new ArrayBuffer(size);
}

/** @param view what the end of a stream gives back of the last buffer, if anything (the types know of nothing) */
function keep(view: unknown): void {
	const buffer = view instanceof Uint8Array ? view.buffer : undefined;
	if (buffer instanceof ArrayBuffer && buffer.byteLength === FIRST_READ_BYTES && spare.length < MAX_SPARE) {
		spare.push(buffer);
	}
}
