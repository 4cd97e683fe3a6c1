import { readFileSync } from "node:fs";
import { parse } from "acorn";
import { transformSync } from "esbuild";
import { isObject } from "../../lib/http/json.ts";

/** A node of a syntax tree (ESTree). */
export interface Node {
	type: string;
	[part: string]: unknown;
}

/** A node with the nodes it stands in, the outermost first. */
export interface Place {
	node: Node;
	within: readonly Node[];
}

/** Every node of a TypeScript file. */
export function nodesOf(path: string): Place[] {
	const { code } = transformSync(readFileSync(path, "utf8"), { loader: "ts", target: "es2024" });
	const places: Place[] = [];
	const walk = (value: unknown, within: readonly Node[]): void => {
		if (Array.isArray(value)) for (const item of value) walk(item, within);
		if (!isNode(value)) return;
		places.push({ node: value, within });
		for (const part of Object.values(value)) walk(part, [...within, value]);
	};
	walk(parse(code, { ecmaVersion: "latest", sourceType: "module" }), []);
	return places;
}

export function isNode(value: unknown): value is Node {
	return isObject(value) && typeof value.type === "string";
}

/** The nodes of a list, such as the arguments of a call. */
export function listOf(value: unknown): Node[] {
	return Array.isArray(value) ? value.filter(isNode) : [];
}

/** The name of an identifier, of what declares one, or of a parameter with a default. */
export function nameOf(value: unknown): string | undefined {
	if (!isNode(value)) return undefined;
	if (typeof value.name === "string") return value.name;
	return nameOf(value.type === "AssignmentPattern" ? value.left : value.id);
}

/** What a name stands for where it is used: a constant with where it is declared, or a parameter of a function. */
export type Meaning = { constant: Place } | { of: string; index: number };

/** What a name means at a place; undefined = it is declared elsewhere, or taken out of an object. */
export function meaningOf(name: string, within: readonly Node[]): Meaning | undefined {
	for (let depth = within.length - 1; depth >= 0; depth--) {
		const node = within[depth];
		const inside = within.slice(0, depth + 1);
		const init = node === undefined ? undefined : declared(name, node);
		if (init !== undefined) return { constant: { node: init, within: inside } };
		const index = listOf(node?.params).findIndex((parameter) => nameOf(parameter) === name);
		const of = functionName(inside);
		if (index !== -1 && of !== undefined) return { of, index };
	}
	return undefined;
}

function declared(name: string, { type, body }: Node): Node | undefined {
	if (type !== "BlockStatement" && type !== "Program") return undefined;
	const statements = listOf(body).map((statement) =>
		isNode(statement.declaration) ? statement.declaration : statement,
	);
	const declarator = statements.flatMap(({ declarations }) => listOf(declarations)).find((one) => nameOf(one) === name);
	return isNode(declarator?.init) ? declarator.init : undefined;
}

/** By what name the innermost of these functions is called: a constructor by its class's. */
function functionName(within: readonly Node[]): string | undefined {
	const own = nameOf(within.at(-1));
	const parent = within.at(-2);
	if (own !== undefined || parent === undefined) return own;
	if (parent.type === "VariableDeclarator") return nameOf(parent);
	return parent.type === "MethodDefinition" && parent.kind === "constructor"
		? nameOf(within.findLast(({ type }) => type === "ClassDeclaration"))
		: undefined;
}
