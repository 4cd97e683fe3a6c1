/** `[::1]` as well: a development server that listens to IPv6 alone is named by it, and it is the same machine. */
const LOOPBACK_HOSTS = ["localhost", "127.0.0.1", "[::1]"];
const LONGEST_ORIGIN = "https://localhost:65535".length;

/** Whether a URL's host is this machine. */
export function isLoopback(hostname: string): boolean {
	return LOOPBACK_HOSTS.includes(hostname);
}

/** Whether a text is, to the letter, the origin of a page on this machine: http or https, on any port. */
export function isLoopbackOrigin(text: string): boolean {
	const url = text.length <= LONGEST_ORIGIN && URL.canParse(text) ? new URL(text) : undefined;
	return url !== undefined && url.origin === text && /^https?:$/.test(url.protocol) && isLoopback(url.hostname);
}
