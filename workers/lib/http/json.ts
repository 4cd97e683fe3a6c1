/** A JSON response. `Cache-Control: no-store` unless `headers` says otherwise. */
export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
	return jsonText(JSON.stringify(body), status, headers);
}

/** The same of a text that is JSON already. */
export function jsonText(text: string, status = 200, headers: Record<string, string> = {}): Response {
	return new Response(text, {
		status,
		headers: { "Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-store", ...headers },
	});
}

/** Whether a parsed JSON value is an object (neither array nor null). */
export function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What a JSON value is, in words: an error says that of what was sent, never the value itself. */
export function kindOf(value: unknown): "null" | "text" | "a number" | "true or false" | "a list" | "an object" {
	if (value === null) return "null";
	if (Array.isArray(value)) return "a list";
	if (typeof value === "string") return "text";
	if (typeof value === "number") return "a number";
	return typeof value === "boolean" ? "true or false" : "an object";
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
