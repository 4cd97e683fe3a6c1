import type { Shot } from "./load.ts";

/** Sessions that a database has before a load that goes on with them. */
export const SHORT_SESSIONS = 3000;

/** The id of the n-th of them; after the last comes the first again. */
export function shortSession(n: number): string {
	return `2${(n % SHORT_SESSIONS).toString(16).padStart(7, "0")}-0000-4000-8000-000000000000`;
}

/** A different client each time, as real visitors are: limiters count by address. */
function clientIp(n: number): string {
	return `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;
}

/** What stands in a request for something that differs from request to request. */
const PARTS: Readonly<Record<string, (n: number) => string>> = {
	"{n}": String,
	"{ip}": clientIp,
	"{session}": shortSession,
};

/** The text of the n-th request: {n} is its number, {ip} the address of a client of its own, {session} one of the short sessions. */
function filled(text: string, n: number): string {
	return text.replace(/\{(?:n|ip|session)\}/g, (part) => PARTS[part]?.(n) ?? part);
}

/** The n-th request of a shot that holds such parts. */
export function numberedShot(shot: Shot, n: number): Shot {
	const headers = Object.fromEntries(Object.entries(shot.headers).map(([name, value]) => [name, filled(value, n)]));
	return { ...shot, headers, ...(shot.body === undefined ? {} : { body: filled(shot.body, n) }) };
}
