import { isObject } from "../http/json.ts";
import type { OpenapiPart, Words } from "../http/openapi.ts";

/**
 * A part with words for every property that has none of its own.
 * @param path where the part stands, such as `Overview`
 */
export function worded(part: unknown, path: string, words: Readonly<Record<string, string>>): unknown {
	if (Array.isArray(part)) return part.map((item) => worded(item, path, words));
	if (!isObject(part)) return part;
	const entries = Object.entries(part).map(([key, value]) => {
		if (key === "properties" && isObject(value)) return [key, wordedProperties(value, path, words)];
		return [key, DATA.has(key) ? value : worded(value, path, words)];
	});
	return Object.fromEntries(entries);
}

/** Keywords whose value is data of the caller's, in which a `properties` would be no keyword. */
const DATA: ReadonlySet<string> = new Set(["enum", "const", "default", "example", "examples", "required"]);

function wordedProperties(properties: OpenapiPart, path: string, words: Readonly<Record<string, string>>): OpenapiPart {
	return Object.fromEntries(
		Object.entries(properties).map(([name, property]) => {
			const own = `${path}.${name}`;
			const inner = worded(property, own, words);
			const description = words[own] ?? words[name];
			if (!isObject(inner) || typeof inner.description === "string" || description === undefined) return [name, inner];
			return [name, { ...inner, description }];
		}),
	);
}

/** An operation with what it does, and with words for the bodies that have no name of their own. */
export function wordedOperation(operation: OpenapiPart, { operations = {}, properties = {} }: Words): OpenapiPart {
	const id = String(operation.operationId);
	const { description = operations[id] } = operation;
	const inner = Object.entries(operation).map(([key, value]) => [key, worded(value, id, properties)]);
	return { ...Object.fromEntries(inner), ...(description === undefined ? {} : { description }) };
}
