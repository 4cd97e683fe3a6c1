import { Problem } from "./problem.ts";

/** An object of an answer, its fields not yet looked at. */
export type Fields = Readonly<Record<string, unknown>>;

/** Readers of one field each. All throw a Problem when the answer is not what the portal documents. */
export function fields(value: unknown, name = "answer"): Fields {
	if (typeof value === "object" && value !== null && !Array.isArray(value))
		return Object.fromEntries(Object.entries(value));
	throw unexpected(name);
}

export function object(from: Fields, name: string): Fields {
	return fields(from[name], name);
}

export function list<Item>(from: Fields, name: string, itemOf: (item: Fields) => Item): Item[] {
	const value = from[name];
	if (!Array.isArray(value)) throw unexpected(name);
	return value.map((item: unknown) => itemOf(fields(item, name)));
}

export function number(from: Fields, name: string): number {
	const value = from[name];
	if (typeof value === "number") return value;
	throw unexpected(name);
}

export function numberOrNull(from: Fields, name: string): number | null {
	return from[name] === null ? null : number(from, name);
}

export function text(from: Fields, name: string): string {
	const value = from[name];
	if (typeof value === "string") return value;
	throw unexpected(name);
}

export function textOrNull(from: Fields, name: string): string | null {
	return from[name] === null ? null : text(from, name);
}

function unexpected(name: string): Problem {
	return new Problem(`The portal's answer has no usable "${name}". This page and the portal do not match.`);
}
