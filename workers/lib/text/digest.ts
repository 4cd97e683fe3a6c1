const utf8 = new TextEncoder();

/** The SHA-256 of a text (UTF-8), 64 hexadecimal digits. */
export async function sha256Hex(text: string): Promise<string> {
	return new Uint8Array(await crypto.subtle.digest("SHA-256", utf8.encode(text))).toHex();
}
