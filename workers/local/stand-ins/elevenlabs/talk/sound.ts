/** Sound in one message, s. */
const CHUNK_SECONDS = 0.25;
const SECONDS_PER_CHARACTER = 0.055;
/** Of 16 bits: soft, as nobody has asked for tones. */
const VOLUME = 2_500;
const LOWEST_HZ = 180;
/** A tone for each character, s apart. */
const STEPS = 24;
const MS = 1_000;

/** Words as soft tones, a pitch for each character, in pieces of 16-bit samples. @param rate samples a second */
export function sounding(words: string, rate: number): Int16Array[] {
	const perCharacter = Math.round(SECONDS_PER_CHARACTER * rate);
	const characters = [...words];
	const samples = new Int16Array(characters.length * perCharacter);
	for (const [index, character] of characters.entries()) {
		if (character === " ") continue;
		const hertz = LOWEST_HZ * 2 ** (((character.codePointAt(0) ?? 0) % STEPS) / STEPS);
		for (let at = 0; at < perCharacter; at += 1) {
			// Swells and fades: a tone that is cut clicks.
			const swell = Math.sin((Math.PI * at) / perCharacter);
			samples[index * perCharacter + at] = Math.round(VOLUME * swell * Math.sin((2 * Math.PI * hertz * at) / rate));
		}
	}
	const size = Math.round(CHUNK_SECONDS * rate);
	const chunks: Int16Array[] = [];
	for (let start = 0; start < samples.length; start += size) chunks.push(samples.subarray(start, start + size));
	return chunks;
}

/** Samples as a message has them: little-endian bytes, base64. */
export function toBase64(samples: Int16Array): string {
	const bytes = new Uint8Array(samples.length * 2);
	const view = new DataView(bytes.buffer);
	for (const [index, sample] of samples.entries()) view.setInt16(index * 2, sample, true);
	return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

/** The loudest sample of such a piece, and how long it lasts. */
export function loudness(base64: string, rate: number): { peak: number; ms: number } {
	const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
	const view = new DataView(bytes.buffer);
	const count = Math.floor(bytes.length / 2);
	let peak = 0;
	for (let index = 0; index < count; index += 1) peak = Math.max(peak, Math.abs(view.getInt16(index * 2, true)));
	return { peak, ms: (count / rate) * MS };
}
