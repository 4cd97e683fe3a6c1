import { Validator } from "@cfworker/json-schema";
import { isObject } from "../http/json.ts";

/** An answer as a test saw it. */
interface SeenAnswer {
	method: string;
	/** Without the query. */
	path: string;
	status: number;
	headers: Headers;
	/** null = not read, as a stream's. */
	text: string | null;
}

type Part = Record<string, unknown>;

interface Operation {
	path: RegExp;
	/** As the description names it. */
	literal: string;
	method: string;
	request: unknown;
	/** By status. */
	responses: Part;
}

export interface Description {
	/** Throws where the description does not say what the answer is. */
	checkAnswer(answer: SeenAnswer): void;
	/** Throws where the description does not take what was sent. */
	checkRequest(method: string, path: string, body: unknown): void;
	/** As `checkAnswer`, for an event of an operation's stream. */
	checkEvent(method: string, path: string, event: string, data: unknown): void;
	/** Every operation, such as `GET /sessions/{id}`. */
	operations: string[];
}

const METHODS = ["get", "post", "put", "patch", "delete"];
const ERROR = { $ref: "#/components/schemas/Error" };

/** Throws where an answer lacks what every one of ours has against being read as something else, by https against plain http as well. */
export function requireSafeHeaders({ headers }: { headers: Headers }, url: string): void {
	const names = ["X-Content-Type-Options", "Content-Security-Policy", "Referrer-Policy"];
	if (url.startsWith("https:")) names.push("Strict-Transport-Security");
	const missing = names.filter((name) => !headers.has(name));
	if (missing.length > 0) throw new Error(`${url} lacks ${missing.join(", ")}`);
}

/** What an OpenAPI 3.1 description promises, ready to be held against real answers: they may hold no field that it does not name. */
export function readDescription(description: unknown): Description {
	const { paths, components } = closed(description);
	const operations: Operation[] = [];
	const names: string[] = [];
	for (const [path, item] of Object.entries(part(paths))) {
		for (const [method, operation] of Object.entries(part(item)).filter(([key]) => METHODS.includes(key))) {
			operations.push({
				path: pattern(path),
				literal: path,
				method: method.toUpperCase(),
				request: part(operation).requestBody,
				responses: part(part(operation).responses),
			});
			names.push(`${method.toUpperCase()} ${path}`);
		}
	}
	// A validator reads all components first, which costs more than a validation.
	const validators = new Map<unknown, Validator>();
	const validate = (schema: unknown, value: unknown, what: string): void => {
		const validator = validators.get(schema) ?? new Validator({ ...part(schema), components }, "2020-12");
		validators.set(schema, validator);
		const { valid, errors } = validator.validate(value);
		if (!valid)
			throw new Error(
				`${what} is not as described: ${errors.map(({ instanceLocation, error }) => `${instanceLocation} ${error}`).join("; ")}`,
			);
	};
	const find = (method: string, path: string): Operation | undefined =>
		served(operations, path).find((operation) => operation.method === (method === "HEAD" ? "GET" : method));
	return {
		operations: names,
		checkAnswer(answer) {
			const what = `${answer.method} ${answer.path}: ${answer.status}`;
			if (!answer.headers.has("X-Request-Id")) throw new Error(`${what} has no X-Request-Id`);
			if (answer.method === "OPTIONS") return;
			const operation = find(answer.method, answer.path);
			const schema =
				operation === undefined ? unservedSchema(operations, answer, what) : bodySchema(operation, answer, what);
			if (schema === undefined && answer.text !== "") throw new Error(`${what} has a body`);
			// A handler called without the runtime leaves the body of a HEAD in place.
			const isBare = answer.text === null || (answer.method === "HEAD" && answer.text === "");
			if (schema !== undefined && !isBare && isJson(answer.headers))
				validate(schema, JSON.parse(answer.text ?? ""), what);
		},
		checkRequest(method, path, body) {
			const content = part(part(find(method, path)?.request).content);
			const schema = part(content["application/json"]).schema;
			if (schema === undefined) throw new Error(`${method} ${path} takes no body`);
			validate(schema, body, `What ${method} ${path} was sent`);
		},
		checkEvent(method, path, event, data) {
			const what = `${method} ${path}: event ${event}`;
			const content = part(part(part(find(method, path)?.responses)["200"]).content);
			const schema = part(part(content["text/event-stream"]).schema);
			const forms = part(part(components).schemas);
			const { oneOf } = part(forms[nameOf(schema)]);
			const names = Array.isArray(oneOf) ? oneOf.map((form) => nameOf(part(form))) : [];
			const described = names.map((name) => part(part(forms[name]).properties));
			const found = described.find((properties) => part(properties.event).const === event);
			if (found === undefined) throw new Error(`${what} is not described`);
			validate(found.data, data, what);
		},
	};
}

/** The operations of a path: one that the description names in these words comes before a pattern that it fits as well. */
function served(operations: Operation[], path: string): Operation[] {
	const named = operations.filter(({ literal }) => literal === path);
	return named.length > 0 ? named : operations.filter((operation) => operation.path.test(path));
}

/** What nobody serves is an error all the same, and a 405 names the methods that are described. */
function unservedSchema(operations: Operation[], { status, path, headers }: SeenAnswer, what: string): Part {
	const methods = served(operations, path).map(({ method }) => method);
	if (status === 404 && methods.length === 0) return ERROR;
	const allowed = [...methods, ...(methods.includes("GET") ? ["HEAD"] : []), "OPTIONS"].sort().join(", ");
	if (status !== 405 || methods.length === 0 || headers.get("Allow")?.split(", ").sort().join(", ") !== allowed)
		throw new Error(`${what} is not described`);
	return ERROR;
}

/** The schema of a JSON body; undefined = no body. */
function bodySchema({ responses }: Operation, { status, headers }: SeenAnswer, what: string): Part | undefined {
	const response = responses[String(status)];
	if (!isObject(response)) throw new Error(`${what} is not described`);
	if (response.content === undefined) return undefined;
	const mediaType = (headers.get("Content-Type") ?? "").split(";", 1)[0] ?? "";
	const media = part(response.content)[mediaType];
	if (!isObject(media)) throw new Error(`${what} has a type that is not described: ${mediaType}`);
	return part(media.schema);
}

/** Of the schema that a reference names. */
function nameOf({ $ref }: Part): string {
	return String($ref).replace(/.*\//, "");
}

function isJson(headers: Headers): boolean {
	return (headers.get("Content-Type") ?? "").startsWith("application/json");
}

function pattern(path: string): RegExp {
	return new RegExp(`^${path.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{\w+\}/g, "[^/]+")}$`);
}

/** The description with every object whose properties it names closed to others. */
function closed(value: unknown): Part {
	return part(
		JSON.parse(JSON.stringify(value), (_, inner: unknown) =>
			isOpenObject(inner) ? { ...inner, additionalProperties: false } : inner,
		),
	);
}

function isOpenObject(value: unknown): value is Part {
	return (
		isObject(value) && value.type === "object" && isObject(value.properties) && value.additionalProperties === undefined
	);
}

function part(value: unknown): Part {
	return isObject(value) ? value : {};
}
