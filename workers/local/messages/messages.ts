import { readdirSync } from "node:fs";
import { join } from "node:path";
import { isNode, listOf, meaningOf, nameOf, nodesOf } from "./syntax.ts";
import type { Node, Place } from "./syntax.ts";

// The messages of all errors, read out of the source: those that no test meets as well. Only what stands in a message by a value of
// run time is left open, as X.

/** A message as a file writes it. */
export interface Message {
	file: string;
	code: string;
	/** undefined = the words are not in the source: they are a customer's, or chosen elsewhere. */
	text: string | undefined;
	/** Whether it names a time to come back. */
	hasRetryAfter: boolean;
}

/** What makes an error: a class or function by its name, and which of its arguments the code and the message are. */
interface Maker {
	name: string;
	code: number | string;
	message: number;
	hasRetryAfter: boolean;
}

interface Source {
	file: string;
	places: Place[];
}

const OPEN = "X";
/** What ships; the widget runs in pages and refuses nobody. */
const FOLDERS = ["lib", "portal", "chat", "voice"];

function sources(root: string): Source[] {
	const files = FOLDERS.flatMap((folder) =>
		readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)),
	);
	return files
		.filter((file) => /\.ts$/.test(file) && !/\.d\.ts$|[\\/](?:test|page|loader|trouble)[\\/]/.test(file))
		.map((file) => ({ file, places: nodesOf(join(root, file)) }));
}

/** Every message of an `ApiError` below a folder of workers, wherever its words come from. */
export function readMessages(root: string): Message[] {
	const all = sources(root);
	const texts = resolver(all);
	const makers: Maker[] = [{ name: "ApiError", code: 0, message: 1, hasRetryAfter: false }];
	const messages: Message[] = [];
	for (const maker of makers) {
		for (const { file, places } of all) {
			for (const place of places.filter((one) => makes(one, maker.name))) {
				const further = passedOn(place, maker);
				if (further === undefined) messages.push(...messagesAt(file, place, maker, texts));
				else if (!makers.some(({ name }) => name === further.name)) makers.push(further);
			}
		}
	}
	return messages;
}

/** Whether a node calls this maker; `super` calls the class that its own class extends. */
function makes({ node, within }: Place, name: string): boolean {
	if (node.type !== "NewExpression" && node.type !== "CallExpression") return false;
	if (nameOf(node.callee) === name) return true;
	const owner = within.findLast(({ type }) => type === "ClassDeclaration");
	return isNode(node.callee) && node.callee.type === "Super" && nameOf(owner?.superClass) === name;
}

/** The function around a call that gives its own argument on as the message: it makes errors as well. */
function passedOn({ node, within }: Place, { code, message, hasRetryAfter }: Maker): Maker | undefined {
	const sent = parameterAt(node, message, within);
	if (sent === undefined) return undefined;
	const ownCode = typeof code === "string" ? code : parameterAt(node, code, within)?.index;
	const named = typeof code === "number" ? listOf(node.arguments)[code]?.value : undefined;
	const further = ownCode ?? (typeof named === "string" ? named : -1);
	return {
		name: sent.of,
		code: further,
		message: sent.index,
		hasRetryAfter: hasRetryAfter || sent.of === "retryLater",
	};
}

function parameterAt(node: Node, index: number, within: readonly Node[]): { of: string; index: number } | undefined {
	const name = nameOf(listOf(node.arguments)[index]);
	const meaning = name === undefined ? undefined : meaningOf(name, within);
	return meaning !== undefined && "of" in meaning ? meaning : undefined;
}

type Resolve = (place: Place) => string[] | undefined;

function messagesAt(file: string, { node, within }: Place, maker: Maker, texts: Resolve): Message[] {
	const argument = (index: number): string[] | undefined => {
		const sent = listOf(node.arguments)[index];
		return sent === undefined ? undefined : texts({ node: sent, within });
	};
	const codes = typeof maker.code === "string" ? [maker.code] : (argument(maker.code) ?? [OPEN]);
	const written = argument(maker.message) ?? [undefined];
	return codes.flatMap((code) => written.map((text) => ({ file, code, text, hasRetryAfter: maker.hasRetryAfter })));
}

/** What an expression can say, as far as the source tells; undefined = it does not. */
function resolver(all: readonly Source[]): Resolve {
	const places = all.flatMap((source) => source.places);
	const functions = places.filter(({ node }) => node.type === "FunctionDeclaration");
	const constants = places.filter(({ node, within }) => node.type === "VariableDeclarator" && within.length <= 3);

	const constantOf = (name: string, within: readonly Node[]): Place | undefined => {
		const meaning = meaningOf(name, within);
		if (meaning !== undefined) return "constant" in meaning ? meaning.constant : undefined;
		const found = constants.find(({ node }) => nameOf(node) === name);
		return isNode(found?.node.init) ? { node: found.node.init, within: found.within } : undefined;
	};
	const returned = (name: string): string[] | undefined => {
		const made = functions.find(({ node }) => nameOf(node) === name)?.node;
		const ends = places.filter(({ node, within }) => node.type === "ReturnStatement" && within.includes(made ?? node));
		return union(ends.map(({ node, within }) => part(node.argument, within)));
	};
	const member = ({ object, property, computed }: Node, within: readonly Node[]): string[] | undefined => {
		const holder = constantOf(nameOf(object) ?? "", within);
		const properties = listOf(holder?.node.properties);
		const named = properties.filter(({ key }) => computed === true || nameOf(key) === nameOf(property));
		return holder === undefined ? undefined : union(named.map(({ value }) => part(value, holder.within)));
	};
	const template = ({ quasis, expressions }: Node, within: readonly Node[]): string[] => {
		const holes = listOf(expressions).map((expression) => part(expression, within) ?? [OPEN]);
		return listOf(quasis).reduce<string[]>(
			(heads, quasi, index) => {
				const cooked = cookedOf(quasi);
				return heads.flatMap((head) => (holes[index] ?? [""]).map((hole) => head + cooked + hole));
			},
			[""],
		);
	};
	const part = (node: unknown, within: readonly Node[]): string[] | undefined =>
		isNode(node) ? resolve({ node, within }) : undefined;
	const resolve: Resolve = ({ node, within }) => {
		switch (node.type) {
			case "Literal":
				return typeof node.value === "string" || typeof node.value === "number" ? [String(node.value)] : undefined;
			case "TemplateLiteral":
				return template(node, within);
			case "Identifier": {
				const constant = constantOf(nameOf(node) ?? "", within);
				return constant === undefined ? undefined : resolve(constant);
			}
			case "ConditionalExpression":
				return union([part(node.consequent, within), part(node.alternate, within)]);
			case "LogicalExpression":
				return union([part(node.left, within), part(node.right, within)]);
			case "MemberExpression":
				return member(node, within);
			case "CallExpression":
				return returned(nameOf(node.callee) ?? "");
			default:
				return undefined;
		}
	};
	return resolve;
}

function cookedOf({ value }: Node): string {
	return typeof value === "object" && value !== null && "cooked" in value ? String(value.cooked) : "";
}

function union(parts: readonly (string[] | undefined)[]): string[] | undefined {
	const texts = parts.flatMap((one) => one ?? []);
	return texts.length === 0 ? undefined : texts;
}
