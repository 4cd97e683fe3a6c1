/** What the page itself may do: ask this server, frame the customer's website that stands on it, and nothing else. */
export function pagePolicy(): string {
	return policy(["frame-src 'self'", "connect-src 'self'", "media-src blob:", "frame-ancestors 'none'"]);
}

/**
 * What the customer's website may do. Its widget is given the voice's address by number, and a spoken conversation a socket: both
 * are this machine's.
 * @param standInOrigin such as http://127.0.0.1:8787
 */
export function sitePolicy(origin: string, standInOrigin: string): string {
	const own = [origin, standInOrigin].flatMap((one) => [one, one.replace(/^http/, "ws")]);
	return policy([
		`connect-src 'self' ${own.join(" ")}`,
		"media-src 'self' blob:",
		"worker-src 'self' blob:",
		"frame-ancestors 'self'",
	]);
}

function policy(rules: string[]): string {
	return [
		"default-src 'none'",
		"script-src 'self'",
		"style-src 'self'",
		"img-src 'self' data:",
		"base-uri 'none'",
		"form-action 'none'",
		...rules,
	].join("; ");
}
