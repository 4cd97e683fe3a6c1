import { sha256Hex } from "../text/digest.ts";
import { jsonText } from "./json.ts";

/** How much of the digest of a body a tag holds, hexadecimal digits. */
const DIGEST_CHARS = 16;

interface Tagged {
	/** Of what is shown: it counts the writes to it, and a write may name it (`If-Match`). Absent where nobody writes to the whole. */
	version?: number;
	status?: number;
	headers?: Record<string, string>;
}

/**
 * A JSON response with an ETag. The tag is weak, as what carries a response may compress it, and has a digest of the body beside the
 * version: what is shown changes without a write as well, say with the days, with a counter, or with a new deployment's defaults.
 */
export async function taggedJson(body: unknown, { version, status, headers = {} }: Tagged = {}): Promise<Response> {
	const text = JSON.stringify(body);
	const digest = (await sha256Hex(text)).slice(0, DIGEST_CHARS);
	const tag = version === undefined ? digest : `${version}.${digest}`;
	return jsonText(text, status, { ...headers, ETag: `W/"${tag}"` });
}

/**
 * The response to a GET or HEAD, or where the client says that it has it already the 304 instead, with the same headers but those that
 * tell of a body (RFC 9110, 13.1.2 and 15.4.5). It stands behind all that may refuse a request, so that nothing is learned by asking.
 */
export function unlessKnown({ method, headers }: Request, response: Response): Response {
	const known = headers.get("If-None-Match");
	const tag = opaqueTag(response.headers.get("ETag") ?? "");
	if (known === null || tag === undefined || response.status !== 200) return response;
	if ((method !== "GET" && method !== "HEAD") || !isNamed(known, (named) => named === tag)) return response;
	const left = new Headers(response.headers);
	for (const name of ["Content-Type", "Content-Length"]) left.delete(name);
	return new Response(null, { status: 304, headers: left });
}

/**
 * Whether a list of tags, as `If-Match` and `If-None-Match` have it, holds one that `isMeant` takes; `*` stands for any. Tags are
 * compared weakly, so only what stands between the quotes counts.
 */
export function isNamed(list: string, isMeant: (opaque: string) => boolean): boolean {
	if (list.trim() === "*") return true;
	return list.split(",").some((tag) => {
		const opaque = opaqueTag(tag.trim());
		return opaque !== undefined && isMeant(opaque);
	});
}

function opaqueTag(tag: string): string | undefined {
	return /^(?:W\/)?"([^"]*)"$/.exec(tag)?.[1];
}
