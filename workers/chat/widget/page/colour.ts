/** The grounds that text in the brand's colour stands on: the bubbles of the style sheet, light and dark. */
const LIGHT_GROUND = "#f1f3f6";
const DARK_GROUND = "#272b33";
const DEFAULT_BRAND = "#2563eb";
/** WCAG 2.2, 1.4.3. */
const MIN_CONTRAST = 4.5;
const STEPS = 20;
/** The luminance whose contrast with both is the same: 1.05 / (x + 0.05) = (x + 0.05) / 0.05. */
const AS_NEAR_TO_BLACK_AS_TO_WHITE = 0.1791;

type Rgb = readonly [number, number, number];

const BLACK: Rgb = [0, 0, 0];
const WHITE: Rgb = [255, 255, 255];

/** The custom properties that the launcher needs of a brand's colour, as declarations; one that is none is ours. */
export function launcherStyle(brandColor: string): string {
	const brand = brandOf(brandColor);
	const isLight = luminance(rgbOf(brand)) > AS_NEAR_TO_BLACK_AS_TO_WHITE;
	return `--brand:${brand};--on-brand:${isLight ? "#000" : "#fff"}`;
}

/** Those that the panel needs beside them. */
export function panelProperties(brandColor: string): Record<string, string> {
	const rgb = rgbOf(brandOf(brandColor));
	return {
		"--accent-light": legible(rgb, rgbOf(LIGHT_GROUND), BLACK),
		"--accent-dark": legible(rgb, rgbOf(DARK_GROUND), WHITE),
	};
}

function brandOf(color: string): string {
	return /^#[0-9a-f]{6}$/i.test(color) ? color : DEFAULT_BRAND;
}

/** The colour, moved towards `end` as far as it takes to be read on `ground`. */
function legible(colour: Rgb, ground: Rgb, end: Rgb): string {
	for (let step = 0; step < STEPS; step++) {
		const mixed = mix(colour, end, step / STEPS);
		if (contrast(mixed, ground) >= MIN_CONTRAST) return css(mixed);
	}
	return css(end);
}

function mix(from: Rgb, to: Rgb, share: number): Rgb {
	const channel = (index: 0 | 1 | 2): number => Math.round(from[index] + (to[index] - from[index]) * share);
	return [channel(0), channel(1), channel(2)];
}

function css(colour: Rgb): string {
	return `rgb(${colour.join(" ")})`;
}

function rgbOf(hex: string): Rgb {
	const value = Number(`0x${hex.slice(1)}`);
	return [value >> 16, (value >> 8) & 255, value & 255];
}

function contrast(one: Rgb, other: Rgb): number {
	const [a, b] = [luminance(one), luminance(other)];
	return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

function luminance([red, green, blue]: Rgb): number {
	return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

function linear(channel: number): number {
	const share = channel / 255;
	return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}
