import type { KeyEnvironment } from "../../lib/site/site-key.ts";

const RANDOM_CHARS = 24;
/** As much of a key's name is taken over, so that no key is longer than the 200 characters it may have. */
const MAX_NAME_CHARS = 160;
const LOWER = "abcdefghijklmnopqrstuvwxyz";
const DIGITS = "0123456789";
const ALPHABET = `${LOWER.toUpperCase()}${LOWER}${DIGITS}`;

/** A random site key. @param name lower-case letters, digits, _ and -, such as the org's slug */
export function newSiteKey(name: string, environment: KeyEnvironment): string {
	return `sk_${name.slice(0, MAX_NAME_CHARS)}_${environment}_${randomText(RANDOM_CHARS, ALPHABET)}`;
}

/** A random key with the name and environment of another. @throws {TypeError} that is no key */
export function successor(key: string): string {
	const [, name = "", environment = ""] = /^sk_([a-z0-9_-]+)_(live|test|dev)_[A-Za-z0-9]+$/.exec(key) ?? [];
	if (environment !== "live" && environment !== "test" && environment !== "dev")
		throw new TypeError("a stored key does not look like one");
	return newSiteKey(name, environment);
}

/** A random end of an id, which so is nobody's else. @param length characters, of 36 each */
export function randomSuffix(length: number): string {
	return randomText(length, `${LOWER}${DIGITS}`);
}

/** Random characters, each as likely as any other: a byte beyond the last whole run of the alphabet is drawn again. */
function randomText(length: number, alphabet: string): string {
	const limit = 256 - (256 % alphabet.length);
	let text = "";
	while (text.length < length) {
		const bytes = crypto.getRandomValues(new Uint8Array(length)).filter((byte) => byte < limit);
		for (const byte of bytes) text += alphabet.charAt(byte % alphabet.length);
	}
	return text.slice(0, length);
}
