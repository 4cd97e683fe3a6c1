import { isObject } from "../../lib/http/json.ts";
import type { OpenapiPart } from "../../lib/http/openapi.ts";

/** The query parameters of an operation by its method and the path of a request. */
export type QueryNames = (method: string, pathname: string) => ReadonlySet<string>;

interface DescribedPath {
	pattern: RegExp;
	/** By method, in lower case. */
	operations: Map<string, ReadonlySet<string>>;
}

const NONE: ReadonlySet<string> = new Set();

/**
 * What the description says each operation may be asked, which so is said once: a parameter is served only when it is described.
 * Read when it is first asked for, as most requests have no query. What is not described may be asked nothing.
 */
export function queryNames(description: () => OpenapiPart): QueryNames {
	let read: DescribedPath[] | undefined;
	return (method, pathname) => {
		read ??= describedPaths(description());
		const name = method === "HEAD" ? "get" : method.toLowerCase();
		return read.find(({ pattern }) => pattern.test(pathname))?.operations.get(name) ?? NONE;
	};
}

function describedPaths({ paths, components }: OpenapiPart): DescribedPath[] {
	const shared = isObject(components) && isObject(components.parameters) ? components.parameters : {};
	return entriesOf(paths).map(([path, operations]) => ({
		pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`),
		operations: new Map(entriesOf(operations).map(([method, operation]) => [method, namesOf(operation, shared)])),
	}));
}

function namesOf(operation: unknown, shared: Record<string, unknown>): ReadonlySet<string> {
	const listed = isObject(operation) && Array.isArray(operation.parameters) ? operation.parameters : [];
	const parameters = listed.filter(isObject).map(({ $ref, ...inline }) => {
		return typeof $ref === "string" ? shared[$ref.slice($ref.lastIndexOf("/") + 1)] : inline;
	});
	return new Set(
		parameters
			.filter(isObject)
			.filter((parameter) => parameter.in === "query")
			.map(({ name }) => String(name)),
	);
}

function entriesOf(part: unknown): [string, unknown][] {
	return isObject(part) ? Object.entries(part) : [];
}
