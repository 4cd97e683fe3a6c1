import { isObject } from "../http/json.ts";
import type { OpenapiPart } from "../http/openapi.ts";

/**
 * A description with examples: what the product was asked and has answered, as `npm run api-examples` recorded it. They are kept
 * in a JSON file of their own, read when somebody asks for the description and never before.
 * @param examples by operationId: `parameters` by name, `request`, and `responses` by status and media type; of a stream `events` by name
 */
export function withExamples(description: OpenapiPart, examples: unknown): OpenapiPart {
	const recorded = partOf(examples);
	const paths = mapped(description.paths, (item) =>
		mapped(item, (operation) => {
			if (!isObject(operation) || typeof operation.operationId !== "string") return operation;
			return exemplified(operation, partOf(recorded[operation.operationId]));
		}),
	);
	return { ...description, paths };
}

function exemplified(operation: OpenapiPart, example: OpenapiPart): OpenapiPart {
	const responses = mapped(operation.responses, (response, status) => {
		const bodies = partOf(partOf(example.responses)[status]);
		return isObject(response) && isObject(response.content)
			? { ...response, content: mapped(response.content, (media, type) => withValue(media, bodies[type])) }
			: response;
	});
	const { requestBody } = operation;
	const request = isObject(requestBody)
		? {
				requestBody: {
					...requestBody,
					content: mapped(requestBody.content, (media) => withValue(media, example.request)),
				},
			}
		: {};
	return { ...operation, ...request, responses };
}

/** Of a stream each kind of event is an example of its own. */
function withValue(media: unknown, value: unknown): unknown {
	if (value === undefined) return media;
	if (!isObject(value) || !isObject(value.events)) return { ...partOf(media), example: value };
	return { ...partOf(media), examples: mapped(value.events, (event) => ({ value: event })) };
}

function mapped(part: unknown, change: (value: unknown, key: string) => unknown): OpenapiPart {
	return Object.fromEntries(Object.entries(partOf(part)).map(([key, value]) => [key, change(value, key)]));
}

function partOf(value: unknown): OpenapiPart {
	return isObject(value) ? value : {};
}
