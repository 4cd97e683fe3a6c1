const READ_BYTES = 32_768;

/**
 * The next bytes of a stream, undefined at its end.
 * @param whole false: as soon as there are any; true: a whole buffer, or what is left. One read costs the same whatever it
 * brings, and workerd brings 4 KB at most unless asked for more: 5 MB cost four times the CPU that way, and twice the memory
 * @param spent bytes from here that nobody needs any more: their memory is read into again
 */
export async function nextBytes(
	reader: ReadableStreamBYOBReader,
	whole: boolean,
	spent?: Uint8Array,
): Promise<Uint8Array | undefined> {
	let buffer =
		spent !== undefined && spent.buffer.byteLength === READ_BYTES ? spent.buffer : new ArrayBuffer(READ_BYTES);
	for (;;) {
		const { done, value } = await reader.readAtLeast(whole ? READ_BYTES : 1, new Uint8Array(buffer));
		if (value !== undefined && value.byteLength > 0) return value;
		if (done) return undefined;
		buffer = value.buffer;
	}
}
