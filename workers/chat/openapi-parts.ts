import { BODY_ERRORS, jsonContent, objectSchema, schema } from "../lib/http/openapi.ts";
import type { OpenapiPart } from "../lib/http/openapi.ts";

export const TEXT: OpenapiPart = { type: "string" };
export const UUID: OpenapiPart = { type: "string", format: "uuid" };
export const RATING: OpenapiPart = { enum: ["up", "down", null] };

export const VISITOR: OpenapiPart = {
	name: "X-Visitor-Id",
	in: "header",
	description:
		"The visitor_id that the conversation was begun with; left out where it was begun without. Browsers send headers in Latin-1: a visitor_id beyond ASCII arrives as another.",
	schema: text(128),
};

/** What is wrong with a body. */
export const BAD_BODY = [...BODY_ERRORS, "invalid_request"] as const;

/** Text of at most `maxLength` code points. */
export function text(maxLength: number, description?: string): OpenapiPart {
	return { type: "string", maxLength, ...(description === undefined ? {} : { description }) };
}

export function orNull(of: OpenapiPart): OpenapiPart {
	return { anyOf: [of, { type: "null" }] };
}

export function operation(
	operationId: string,
	summary: string,
	parts: OpenapiPart,
	responses: OpenapiPart,
): OpenapiPart {
	return { operationId, summary, ...parts, responses };
}

/** What an answer says it rests on. */
export function sources(description: string): OpenapiPart {
	return { type: "array", items: objectSchema({ title: TEXT, url: orNull(TEXT) }), description };
}

/** A body that must hold these fields but the `optional`. */
export function body(properties: OpenapiPart, optional: readonly string[]): OpenapiPart {
	return { required: true, content: jsonContent(objectSchema(properties, optional)) };
}

/** The good response: a schema by its name. */
export function answered(name: string): OpenapiPart {
	return { description: "OK", content: jsonContent(schema(name)) };
}
