/** How sound is sent, as ElevenLabs names it: `pcm_16000`, `ulaw_8000`. */
export interface Format {
	isUlaw: boolean;
	/** Samples a second. */
	rate: number;
}

const HALF = 32_768;
/** Of G.711. */
const BIAS = 132;
const CLIP = 32_635;

/** null = a format that is none of those. */
export function formatOf(name: string): Format | null {
	const [, codec, rate] = /^(pcm|ulaw)_(\d{4,5})$/.exec(name) ?? [];
	return codec === undefined ? null : { isUlaw: codec === "ulaw", rate: Number(rate) };
}

/** Samples from -1 to 1 as they are sent: bytes of a format, base64. */
export function encoded(samples: Float32Array, { isUlaw }: Format): string {
	const bytes = new Uint8Array(samples.length * (isUlaw ? 1 : 2));
	const view = new DataView(bytes.buffer);
	for (const [index, sample] of samples.entries()) {
		const value = Math.round(Math.max(-1, Math.min(1, sample)) * (HALF - 1));
		if (isUlaw) bytes[index] = toUlaw(value);
		else view.setInt16(index * 2, value, true);
	}
	return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

/** What was sent, as samples from -1 to 1. */
export function decoded(base64: string, { isUlaw }: Format): Float32Array<ArrayBuffer> {
	const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
	const view = new DataView(bytes.buffer);
	const count = isUlaw ? bytes.length : bytes.length >> 1;
	return Float32Array.from(
		{ length: count },
		(_, index) => (isUlaw ? fromUlaw(view.getUint8(index)) : view.getInt16(index * 2, true)) / HALF,
	);
}

function toUlaw(value: number): number {
	const size = Math.min(Math.abs(value), CLIP) + BIAS;
	const exponent = 24 - Math.clz32(size);
	const mantissa = (size >> (exponent + 3)) & 15;
	return ~((value < 0 ? 128 : 0) | (exponent << 4) | mantissa) & 255;
}

function fromUlaw(byte: number): number {
	const bits = ~byte & 255;
	const size = ((((bits & 15) << 3) + BIAS) << ((bits >> 4) & 7)) - BIAS;
	return bits & 128 ? -size : size;
}

/**
 * Makes sound of another rate, block by block: each sample is the mean of those that it stands for. Not left to the browser, as not
 * every one lets a context have another rate than its microphone.
 */
export function createResampler(from: number, to: number): (block: Float32Array) => Float32Array {
	const step = from / to;
	let rest = new Float32Array();
	let offset = 0;
	return (block) => {
		const samples = new Float32Array(rest.length + block.length);
		samples.set(rest);
		samples.set(block, rest.length);
		const count = Math.max(0, Math.floor((samples.length - offset) / step));
		const made = Float32Array.from({ length: count }, (_, index) => {
			const start = Math.floor(offset + index * step);
			const end = Math.max(start + 1, Math.floor(offset + (index + 1) * step));
			let sum = 0;
			for (let at = start; at < end; at += 1) sum += samples[at] ?? 0;
			return sum / (end - start);
		});
		const used = offset + count * step;
		rest = samples.slice(Math.floor(used));
		offset = used - Math.floor(used);
		return made;
	};
}
