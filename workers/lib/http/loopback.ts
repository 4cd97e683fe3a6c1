const LOOPBACK_HOSTS = ["localhost", "127.0.0.1", "[::1]"];

/** Whether a URL's host is this machine. */
export function isLoopback(hostname: string): boolean {
	return LOOPBACK_HOSTS.includes(hostname);
}
