import { parse } from "acorn";
import type { Node } from "acorn";

/** Where a function of the sources is. */
export interface FunctionPlace {
	file: string;
	/** Its own name, or that of what it is assigned to. */
	name: string;
}

/** What the probes push the numbers of entered functions onto. */
export const PROBE_LIST = "enteredFunctions";

/** A place in the text where something is put in. */
interface Insertion {
	at: number;
	text: string;
}

const FUNCTION_TYPES = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]);

/**
 * Puts a probe at the beginning of every function that has a name, generators, methods and constructors among them. A
 * callback without a name is part of the function in which it is written.
 * @param code JavaScript, a module
 * @param add keeps a function's place and gives its number
 */
export function withProbes(code: string, file: string, add: (place: FunctionPlace) => number): string {
	const insertions: Insertion[] = [];
	const visit = (node: Node, givenName: string | undefined): void => {
		const name = nameOf(node, "id") ?? givenName;
		if (FUNCTION_TYPES.has(node.type) && name !== undefined) insertions.push(...probe(node, add({ file, name })));
		for (const [child, childName] of childrenOf(node)) visit(child, childName);
	};
	visit(parse(code, { ecmaVersion: "latest", sourceType: "module" }), undefined);
	insertions.sort((one, other) => other.at - one.at);
	return insertions.reduce((text, { at, text: put }) => text.slice(0, at) + put + text.slice(at), code);
}

function probe(node: Node, index: number): Insertion[] {
	const body = field(node, "body");
	if (!isNode(body)) return [];
	const call = `${PROBE_LIST}.push(${index})`;
	if (body.type === "BlockStatement") return [{ at: body.start + 1, text: `${call};` }];
	// An arrow's expression may be an object or a sequence, already within parentheses of its own.
	return [
		{ at: body.start, text: `(${call}, ` },
		{ at: body.end, text: ")" },
	];
}

/** A node's children, each with the name that its parent gives it. */
function childrenOf(node: Node): [Node, string | undefined][] {
	const name = nameOf(node, "id") ?? nameOf(node, "key") ?? nameOf(node, "left");
	return Object.values(node)
		.flatMap((value: unknown) => (Array.isArray(value) ? value : [value]))
		.filter(isNode)
		.map((child) => [child, name]);
}

function nameOf(node: Node, key: "id" | "key" | "left"): string | undefined {
	const named = field(node, key);
	const name = isNode(named) ? field(named, "name") : undefined;
	return typeof name === "string" ? name : undefined;
}

function field(node: Node, name: string): unknown {
	return Object.hasOwn(node, name) ? Reflect.get(node, name) : undefined;
}

function isNode(value: unknown): value is Node {
	return typeof value === "object" && value !== null && "type" in value && "start" in value;
}
