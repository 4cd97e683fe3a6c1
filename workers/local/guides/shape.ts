import { isObject } from "../../lib/http/json.ts";

/**
 * Where an output lacks what a page shows of it; undefined = nowhere. Shown members and items must be there and alike; others may be
 * there as well. Texts are alike when they are the same but for digits and ids, or, where the shown one ends in `…`, begin so. A shown
 * null goes with anything.
 */
export function shapeFault(shown: unknown, found: unknown, where = "it"): string | undefined {
	if (shown === null) return undefined;
	if (Array.isArray(shown)) {
		if (!Array.isArray(found)) return `${where} is no list`;
		return firstOf(shown.map((item, index) => shapeFault(item, found[index], `${where}[${index}]`)));
	}
	if (isObject(shown)) {
		if (!isObject(found)) return `${where} is ${JSON.stringify(found)}`;
		return firstOf(Object.entries(shown).map(([name, inner]) => shapeFault(inner, found[name], `${where}.${name}`)));
	}
	if (typeof shown === "string") return textFault(shown, found, where);
	return typeof shown === typeof found ? undefined : `${where} is ${JSON.stringify(found)}`;
}

/** Which shown line the output does not have after the one before it; undefined = it has all, in their order. */
export function linesFault(shown: string, found: string): string | undefined {
	const output = levelled(found);
	let from = 0;
	for (const line of shown.split("\n").filter((one) => one.trim() !== "")) {
		const at = output.indexOf(levelled(line), from);
		if (at === -1) return `it has not, or not there: ${line}`;
		from = at + levelled(line).length;
	}
	return undefined;
}

function firstOf(faults: readonly (string | undefined)[]): string | undefined {
	return faults.find((fault) => fault !== undefined);
}

function textFault(shown: string, found: unknown, where: string): string | undefined {
	if (typeof found !== "string") return `${where} is ${JSON.stringify(found)}`;
	const [expected, actual] = [levelled(shown), levelled(found)];
	// What was asked before, by this page or another, comes from the cache.
	if (where.endsWith(".finish") && shown === "stop" && found === "cached") return undefined;
	const isAlike = expected.endsWith("…") ? actual.startsWith(expected.slice(0, -1)) : actual === expected;
	return isAlike ? undefined : `${where} is ${JSON.stringify(found)}`;
}

/** What differs from run to run, made the same: ids and runs of digits. */
function levelled(text: string): string {
	return text
		.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}|\b(?=[0-9a-f]*\d)[0-9a-f]{16,}\b/g, "#")
		.replaceAll(/\d+/g, "0")
		.trimEnd();
}
