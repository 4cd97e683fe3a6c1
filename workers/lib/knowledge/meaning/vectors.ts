/** The longest text of vectors in one row, base64 characters: an export of it can be imported again. */
const MAX_TEXT_CHARS = 60_000;
/** Before the numbers of a vector stands what its dot products are multiplied by, a float of 32 bits, little-endian. */
const SCALE_BYTES = 4;
const MAX_INT8 = 127;
/** Products of a dot product that are added at once. */
const AT_ONCE = 4;

/** Vectors of one model, one behind the other, as their texts hold them. */
export interface PackedVectors {
	dimensions: number;
	bytes: Uint8Array;
}

/** A vector in whole numbers of a byte, and what makes a unit vector of it. */
interface Quantised {
	values: Int8Array;
	scale: number;
}

/** Bytes of a vector: a multiple of three, so that in base64 each takes the same characters, none of them padding. */
function bytesOf(dimensions: number): number {
	return Math.ceil((SCALE_BYTES + dimensions) / 3) * 3;
}

/** Base64 characters of one packed vector: SQL cuts a single one out of its text by this. */
export function vectorChars(dimensions: number): number {
	return (bytesOf(dimensions) / 3) * 4;
}

/** How many vectors a text holds at most (58 of 768 dimensions). */
export function vectorsPerText(dimensions: number): number {
	return Math.floor(MAX_TEXT_CHARS / vectorChars(dimensions));
}

/** The whole numbers nearest to a vector, its largest value made 127; each vector by its own largest value. */
function quantise(vector: readonly number[]): Quantised {
	const values = new Int8Array(vector.length);
	const most = vector.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
	let squares = 0;
	for (const [index, value] of vector.entries()) {
		const rounded = most === 0 ? 0 : Math.round((value / most) * MAX_INT8);
		values[index] = rounded;
		squares += rounded * rounded;
	}
	return { values, scale: squares === 0 ? 0 : 1 / Math.sqrt(squares) };
}

/**
 * The texts of vectors of one length, in order: base64, each of at most 60,000 characters, joined they are the text of all.
 * Each number takes a byte; of what a cosine says that costs about a hundredth.
 * @param vectors of at most 44,000 dimensions, which need not be of unit length; one of zeros is near to nothing
 */
export function packVectors(vectors: readonly (readonly number[])[]): string[] {
	const dimensions = vectors[0]?.length ?? 0;
	const perText = vectorsPerText(dimensions);
	const texts: string[] = [];
	for (let first = 0; first < vectors.length; first += perText)
		texts.push(packed(vectors.slice(first, first + perText), dimensions));
	return texts;
}

function packed(vectors: readonly (readonly number[])[], dimensions: number): string {
	const size = bytesOf(dimensions);
	const bytes = new Uint8Array(vectors.length * size);
	const view = new DataView(bytes.buffer);
	for (const [index, vector] of vectors.entries()) {
		const { values, scale } = quantise(vector);
		view.setFloat32(index * size, scale, true);
		bytes.set(new Uint8Array(values.buffer), index * size + SCALE_BYTES);
	}
	return bytes.toBase64();
}

/**
 * The vectors of texts, joined. A text that is none (written by hand) counts as vectors of zeros.
 * @param counts how many vectors each text is to hold
 */
export function unpackVectors(texts: readonly string[], counts: readonly number[], dimensions: number): PackedVectors {
	const size = bytesOf(dimensions);
	const bytes = new Uint8Array(counts.reduce((sum, count) => sum + count, 0) * size);
	let offset = 0;
	for (const [index, text] of texts.entries()) {
		const place = bytes.subarray(offset, offset + (counts[index] ?? 0) * size);
		if (!isDecoded(text, place)) place.fill(0);
		offset += place.length;
	}
	return { dimensions, bytes };
}

/** Whether a text is the base64 of as many bytes as there are places for; what it has put there counts only then. */
function isDecoded(text: string, place: Uint8Array): boolean {
	try {
		const { read, written } = place.setFromBase64(text);
		return read === text.length && written === place.length;
	} catch {
		return false;
	}
}

/**
 * How near each of the vectors is to a question's: the cosine, from -1 to 1, in their order. Linear: a multiplication of whole
 * numbers for each dimension of each.
 * @param question of the vectors' dimensions; any other is near to none (zeros)
 */
export function similarities({ dimensions, bytes }: PackedVectors, question: readonly number[]): Float32Array {
	const size = bytesOf(dimensions);
	const count = Math.floor(bytes.length / size);
	const near = new Float32Array(count);
	if (question.length !== dimensions) return near;
	const asked = quantise(question);
	const padded = new Int8Array(Math.ceil(dimensions / AT_ONCE) * AT_ONCE);
	padded.set(asked.values);
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const numbers = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	for (let index = 0; index < count; index++) {
		const at = index * size;
		near[index] = dot(padded, numbers, at + SCALE_BYTES) * asked.scale * view.getFloat32(at, true);
	}
	return near;
}

/**
 * The sum stays a whole number of 32 bits: 44,000 dimensions of 127 × 127 fit. Four at once take three fifths of the time.
 * @param asked padded with zeros to a multiple of four, so that what follows a vector counts nothing
 */
function dot(asked: Int8Array, numbers: Int8Array, at: number): number {
	let sum = 0;
	for (let index = 0; index < asked.length; index += AT_ONCE) {
		const other = at + index;
		const four =
			(asked[index] ?? 0) * (numbers[other] ?? 0) +
			(asked[index + 1] ?? 0) * (numbers[other + 1] ?? 0) +
			(asked[index + 2] ?? 0) * (numbers[other + 2] ?? 0) +
			(asked[index + 3] ?? 0) * (numbers[other + 3] ?? 0);
		sum = (sum + four) | 0;
	}
	return sum;
}
