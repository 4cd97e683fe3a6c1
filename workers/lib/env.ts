import { notConfigured } from "./http/errors.ts";

/** A secret: trimmed (a piped `wrangler secret put` keeps the newline), undefined when absent or blank. */
export function secret(value: string | undefined): string | undefined {
	const trimmed = value?.trim();
	return trimmed === undefined || trimmed === "" ? undefined : trimmed;
}

/**
 * A secret that the path at hand cannot do without.
 * @param variable its name, for the log
 * @throws {ApiError} not_configured
 */
export function requiredSecret(value: string | undefined, variable: string): string {
	const present = secret(value);
	if (present === undefined) throw notConfigured(variable);
	return present;
}

/**
 * A whole number from a variable, of at most twelve digits; `fallback` when it is absent or blank.
 * @throws {ApiError} not_configured when it is anything else: a limit that cannot be read is no limit
 */
export function numberVariable(value: string | undefined, variable: string, fallback: number): number {
	const text = secret(value);
	if (text === undefined) return fallback;
	if (!/^\d{1,12}$/.test(text)) throw notConfigured(variable);
	return Number(text);
}

/** The items of a comma-separated variable, trimmed, blanks left out. */
export function listVariable(value: string | undefined): string[] {
	return (value ?? "")
		.split(",")
		.map((item) => item.trim())
		.filter((item) => item !== "");
}

/**
 * Reads something of the bindings once: what they say stays the same as long as the isolate lives.
 * @param read what throws is tried again at the next call
 */
export function once<Bindings extends object, Value>(read: (env: Bindings) => Value): (env: Bindings) => Value {
	const known = new WeakMap<Bindings, { value: Value }>();
	return (env) => {
		const kept = known.get(env) ?? { value: read(env) };
		known.set(env, kept);
		return kept.value;
	};
}

/**
 * A value that is made when it is first needed, and then stays.
 * @param make what throws is tried again at the next call
 */
export function lazy<Value>(make: () => Value): () => Value {
	let kept: { value: Value } | undefined;
	return () => {
		kept ??= { value: make() };
		return kept.value;
	};
}
