import { endpointsSection } from "./endpoints.ts";
import { errorsSection } from "./errors.ts";
import { tablesSection } from "./tables.ts";
import { variablesSection } from "./variables.ts";

/** The page with generated parts, from the repository's top. */
export const REFERENCE_PAGE = "workers/docs/reference.md";

const SECTIONS: Readonly<Record<string, () => string | Promise<string>>> = {
	endpoints: endpointsSection,
	errors: errorsSection,
	variables: variablesSection,
	tables: tablesSection,
};

const MARKED = /(<!-- generated: (\w+) -->\n)[\s\S]*?(<!-- end -->)/g;

/**
 * The page with its generated parts anew; what stands outside their marks stays.
 * @throws {Error} where a part is marked that nothing generates, or one is not marked
 */
export async function generated(page: string): Promise<string> {
	const names = [...page.matchAll(MARKED)].map(([, , name = ""]) => name);
	const missing = Object.keys(SECTIONS).filter((name) => !names.includes(name));
	if (missing.length > 0) throw new Error(`The page has no mark for ${missing.join(", ")}.`);
	const texts = new Map<string, string>();
	for (const name of names) {
		const make = SECTIONS[name];
		if (make === undefined) throw new Error(`Nothing generates ${name}.`);
		texts.set(name, await make());
	}
	return page.replaceAll(
		MARKED,
		(_, begin: string, name: string, end: string) => `${begin}\n${texts.get(name)}\n\n${end}`,
	);
}
