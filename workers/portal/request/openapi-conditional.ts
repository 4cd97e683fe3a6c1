import { isObject } from "../../lib/http/json.ts";
import { NOT_MODIFIED } from "../../lib/http/openapi.ts";
import type { OpenapiPart, OpenapiRoom } from "../../lib/http/openapi.ts";
import { parameter } from "./openapi-parts.ts";

const ETAG: OpenapiPart = {
	ETag: { description: "Of this answer: send it as If-None-Match when you ask again.", schema: { type: "string" } },
};

/**
 * A room with what all its reads have in common, which so is said once: each GET that answers JSON carries an ETag, and takes it back in
 * `If-None-Match` (`taggedJson`).
 */
export function conditionalReads({ paths, schemas }: OpenapiRoom): OpenapiRoom {
	return {
		schemas,
		paths: Object.fromEntries(Object.entries(paths).map(([path, item]) => [path, conditionalItem(item)])),
	};
}

function conditionalItem(item: unknown): unknown {
	if (!isObject(item) || !isObject(item.get) || !isObject(item.get.responses)) return item;
	const { responses, parameters } = item.get;
	const good = responses["200"];
	if (!isObject(good) || !isObject(good.content) || good.content["application/json"] === undefined) return item;
	const get = {
		...item.get,
		parameters: [...(Array.isArray(parameters) ? parameters : []), parameter("ifNoneMatch")],
		responses: { ...responses, "200": { ...good, headers: ETAG }, ...NOT_MODIFIED },
	};
	return { ...item, get };
}
