import { isObject } from "../../lib/http/json.ts";
import { NOT_MODIFIED } from "../../lib/http/openapi.ts";
import type { OpenapiPart, OpenapiRoom } from "../../lib/http/openapi.ts";

/** The header that a conditional read takes, among the description's shared parameters. */
export const IF_NONE_MATCH: OpenapiPart = {
	ifNoneMatch: {
		name: "If-None-Match",
		in: "header",
		description: "The ETag of an answer that you still have; where it is still the answer, 304 without a body.",
		schema: { type: "string" },
	},
};
const REFERENCE = { $ref: "#/components/parameters/ifNoneMatch" };

const ETAG: OpenapiPart = {
	ETag: { description: "Of this answer: send it as If-None-Match when you ask again.", schema: { type: "string" } },
};

/**
 * A room with what all its reads have in common, which so is said once: each GET that answers JSON carries an ETag, and takes it back in
 * `If-None-Match` (`taggedJson`).
 */
export function conditionalReads(room: OpenapiRoom): OpenapiRoom {
	return {
		...room,
		paths: Object.fromEntries(Object.entries(room.paths).map(([path, item]) => [path, conditionalItem(item)])),
	};
}

function conditionalItem(item: unknown): unknown {
	if (!isObject(item) || !isObject(item.get) || !isObject(item.get.responses)) return item;
	const { responses, parameters } = item.get;
	const good = responses["200"];
	if (!isObject(good) || !isObject(good.content) || good.content["application/json"] === undefined) return item;
	const get = {
		...item.get,
		parameters: [...(Array.isArray(parameters) ? parameters : []), REFERENCE],
		responses: { ...responses, "200": { ...good, headers: ETAG }, ...NOT_MODIFIED },
	};
	return { ...item, get };
}
