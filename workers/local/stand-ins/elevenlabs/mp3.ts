/** MPEG audio Layer III, one mono channel: a soft note per frame group, so that a clip can be decoded and heard. */
interface Layout {
	/** Bits 4–1 of the header's second byte: MPEG-1 or MPEG-2 (LSF), Layer III, no CRC. */
	version: number;
	bitrates: readonly number[];
	rates: readonly number[];
	granules: number;
	sideInfoBytes: number;
}

const MPEG1: Layout = {
	version: 0xfb,
	bitrates: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
	rates: [44_100, 48_000, 32_000],
	granules: 2,
	sideInfoBytes: 17,
};
const MPEG2: Layout = {
	version: 0xf3,
	bitrates: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
	rates: [22_050, 24_000, 16_000],
	granules: 1,
	sideInfoBytes: 9,
};
const SAMPLES_PER_GRANULE = 576;
const HEADER_BYTES = 4;
const MONO = 0xc0;
/** Loudness; four steps are 6 dB. This one peaks at about -18 dB. */
const NOTE_GAIN = 196;
const LOWEST_PAIR = 4;
const NOTES = 12;

/** A writer of big-endian bit fields into a frame. */
interface Bits {
	write(value: number, width: number): void;
}

function bitsOf(bytes: Uint8Array, firstByte: number): Bits {
	let at = firstByte * 8;
	return {
		write(value, width) {
			for (let bit = width - 1; bit >= 0; bit -= 1) {
				if (((value >> bit) & 1) === 1) bytes[at >> 3] = (bytes[at >> 3] ?? 0) | (0x80 >> (at & 7));
				at += 1;
			}
		},
	};
}

/** Huffman table 1: zero pairs, then one line of amplitude 1. */
function noteBits(pair: number): number {
	return pair - 1 + 3;
}

function writeSideInfo(bits: Bits, layout: Layout, pair: number): void {
	const mpeg1 = layout === MPEG1;
	bits.write(0, mpeg1 ? 9 + 5 + 4 : 8 + 1);
	for (let granule = 0; granule < layout.granules; granule += 1) {
		bits.write(noteBits(pair), 12);
		bits.write(pair, 9);
		bits.write(NOTE_GAIN, 8);
		bits.write(0, mpeg1 ? 4 : 9);
		bits.write(0, 1);
		for (let region = 0; region < 3; region += 1) bits.write(1, 5);
		bits.write(0, 4 + 3);
		bits.write(0, (mpeg1 ? 1 : 0) + 1 + 1);
	}
}

function writeNote(bits: Bits, pair: number): void {
	for (let zero = 1; zero < pair; zero += 1) bits.write(1, 1);
	bits.write(0b01, 2);
	bits.write(0, 1);
}

function frame(layout: Layout, sampleRate: number, kbps: number, note: number): Uint8Array<ArrayBuffer> {
	const length = Math.floor((layout.granules * 72 * kbps * 1000) / sampleRate);
	const bytes = new Uint8Array(length);
	const bitrate = layout.bitrates.indexOf(kbps) << 4;
	bytes.set([0xff, layout.version, bitrate | (layout.rates.indexOf(sampleRate) << 2), MONO]);
	const pair = LOWEST_PAIR + note;
	writeSideInfo(bitsOf(bytes, HEADER_BYTES), layout, pair);
	const main = bitsOf(bytes, HEADER_BYTES + layout.sideInfoBytes);
	for (let granule = 0; granule < layout.granules; granule += 1) writeNote(main, pair);
	return bytes;
}

/** Whether the rate and bit rate exist in Layer III. */
export function isMp3Format(sampleRate: number, kbps: number): boolean {
	const layout = MPEG1.rates.includes(sampleRate) ? MPEG1 : MPEG2;
	return kbps > 0 && layout.rates.includes(sampleRate) && layout.bitrates.includes(kbps);
}

/**
 * A clip whose length and notes follow the text: the same text gives the same bytes, another text others.
 * @param secondsPerChar speech rate
 */
export function mp3Clip(
	text: string,
	sampleRate: number,
	kbps: number,
	secondsPerChar: number,
): Uint8Array<ArrayBuffer> {
	const layout = MPEG1.rates.includes(sampleRate) ? MPEG1 : MPEG2;
	const frames = Array.from({ length: NOTES }, (_, note) => frame(layout, sampleRate, kbps, note));
	const framesPerChar = (secondsPerChar * sampleRate) / (layout.granules * SAMPLES_PER_GRANULE);
	const count = Math.max(1, Math.ceil(text.length * framesPerChar));
	const [{ length } = new Uint8Array()] = frames;
	const clip = new Uint8Array(count * length);
	for (let index = 0; index < count; index += 1) {
		const note = text.charCodeAt(Math.floor(index / framesPerChar)) % NOTES;
		clip.set(frames[note] ?? [], index * length);
	}
	return clip;
}
