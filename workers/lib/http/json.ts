/** A JSON response. `Cache-Control: no-store` unless `headers` says otherwise. */
export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
	return new Response(JSON.stringify(body), {
		status,
		headers: { "Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-store", ...headers },
	});
}

/** Whether a parsed JSON value is an object (neither array nor null). */
export function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

const lenientUtf8 = new TextDecoder();

/** The value of a JSON text, or of its UTF-8 bytes; undefined when it is not JSON. For what others send: a vendor, a cache. */
export function parseJson(source: string | Uint8Array): unknown {
	try {
		return JSON.parse(typeof source === "string" ? source : lenientUtf8.decode(source));
	} catch {
		return undefined;
	}
}
