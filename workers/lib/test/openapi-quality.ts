import { isObject } from "../http/json.ts";

type Part = Record<string, unknown>;

/** How much of a description says what it is for. */
export interface Quality {
	operations: number;
	properties: number;
	/** A line for each thing that is missing: where it is, and what to write where. */
	faults: string[];
}

const METHODS = ["get", "post", "put", "patch", "delete"];
/** A description says something: a word repeated does not. */
const MIN_DESCRIPTION = 10;

/**
 * What a description lacks of what a reader and a generator need: for each operation an id, a tag, a summary, a description, security,
 * described parameters and an example of its request and of each good answer that has a body which JSON or text can show; for each
 * property a description; for each number its bounds, for each text and list that a caller sends its bound.
 */
export function qualityOf(description: unknown): Quality {
	const { paths, components } = part(description);
	const operations = Object.entries(part(paths)).flatMap(([path, item]) =>
		Object.entries(part(item))
			.filter(([method]) => METHODS.includes(method))
			.map(([method, operation]) => ({
				name: `${method.toUpperCase()} ${path}`,
				operation: part(operation),
				item: part(item),
			})),
	);
	const properties = [
		...Object.entries(part(part(components).schemas)).flatMap(([name, schema]) => propertiesOf(schema, name)),
		...operations.flatMap(({ operation }) => propertiesOf(operation, String(operation.operationId))),
	];
	const parameters = part(part(components).parameters);
	return {
		operations: operations.length,
		properties: properties.length,
		faults: [
			...operations.flatMap(({ name, operation, item }) => operationFaults(name, operation, item, parameters)),
			...properties.flatMap(({ where, schema }) => propertyFaults(where, schema)),
			...operations.flatMap(({ operation }) =>
				propertiesOf(operation.requestBody, String(operation.operationId)).flatMap(({ where, schema }) =>
					sentFaults(where, schema),
				),
			),
		],
	};
}

function operationFaults(name: string, operation: Part, item: Part, shared: Part): string[] {
	const { operationId, summary, description, tags, security, parameters, requestBody, responses } = operation;
	const faults: string[] = [];
	const require = (isThere: boolean, what: string): void => {
		if (!isThere) faults.push(`${name} (${String(operationId)}) lacks ${what}`);
	};
	require(typeof operationId === "string", "an operationId");
	require(Array.isArray(tags) && tags.length === 1, "its tag: give its room one");
	require(isSaid(summary), "a summary");
	require(isSaid(description), `a description: add "${String(operationId)}" to the words of its room`);
	require(security === undefined || Array.isArray(security), "security");
	for (const given of [...list(parameters), ...list(item.parameters)]) {
		const parameter = given.$ref === undefined ? given : part(shared[String(given.$ref).replace(/.*\//, "")]);
		require(isSaid(parameter.description), `a description of its parameter ${String(parameter.name)}`);
		require(isObject(parameter.schema), `a schema of its parameter ${String(parameter.name)}`);
	}
	const bodies = [["its request", requestBody] as const, ...goodOf(responses)];
	for (const [what, body] of bodies) {
		const media = Object.entries(part(part(body).content)).filter(([type]) => type !== "audio/mpeg");
		for (const [type, content] of media)
			require(part(content).example !== undefined ||
				part(content).examples !== undefined, `an example of ${what} (${type}): run npm run api-examples`);
	}
	return faults;
}

function goodOf(responses: unknown): [string, unknown][] {
	return Object.entries(part(responses))
		.filter(([status]) => status.startsWith("2"))
		.map(([status, response]) => [`its answer ${status}`, response]);
}

/** Every property of a part and of what is in it, with where it stands. */
function propertiesOf(value: unknown, where: string): { where: string; schema: Part }[] {
	if (Array.isArray(value)) return value.flatMap((item) => propertiesOf(item, where));
	if (!isObject(value)) return [];
	const own = Object.entries(part(value.properties)).flatMap(([name, schema]) => [
		{ where: `${where}.${name}`, schema: part(schema) },
		...propertiesOf(schema, `${where}.${name}`),
	]);
	const others = Object.entries(value).filter(([key]) => !["properties", "example", "enum", "default"].includes(key));
	return [...own, ...others.flatMap(([, inner]) => propertiesOf(inner, where))];
}

function propertyFaults(where: string, schema: Part): string[] {
	const faults = isSaid(schema.description) ? [] : [`${where} has no description: add it to the words of its room`];
	for (const form of formsOf(schema)) {
		const isNumber = form.type === "integer" || form.type === "number";
		if (isNumber && form.minimum === undefined && form.enum === undefined && form.const === undefined)
			faults.push(`${where} has no minimum`);
	}
	return faults;
}

function sentFaults(where: string, schema: Part): string[] {
	return formsOf(schema).flatMap((form) => {
		const isBoundText = ["maxLength", "enum", "const", "format", "pattern"].some((bound) => form[bound] !== undefined);
		if (form.type === "string" && !isBoundText)
			return [`${where} is a text without a bound (maxLength, pattern, enum)`];
		if (form.type === "array" && form.maxItems === undefined) return [`${where} is a list without maxItems`];
		return [];
	});
}

/** A schema, or each that it may be. */
function formsOf(schema: Part): Part[] {
	return Array.isArray(schema.anyOf) ? list(schema.anyOf) : [schema];
}

function isSaid(text: unknown): boolean {
	return typeof text === "string" && text.trim().length >= MIN_DESCRIPTION;
}

function list(value: unknown): Part[] {
	return Array.isArray(value) ? value.filter(isObject) : [];
}

function part(value: unknown): Part {
	return isObject(value) ? value : {};
}
