import index from "../index.ts?raw";
import clients from "../clients/client-routes.ts?raw";
import golden from "../golden/golden-routes.ts?raw";
import routes from "../routes.ts?raw";
import settings from "../settings/config-routes.ts?raw";

const SOURCE = [index, routes, settings, golden, clients].join("\n");
const ID = "([A-Za-z0-9_-]{1,64})";
/** The only ways in which these files may look at a path; any other hides a route from the tests. */
const LOOKS =
	/switch \(url\.pathname\)|\w+_PATH\.exec\(call\.url\.pathname\)|url\.pathname\.startsWith\("\/portal\/[a-z-]*"\)|namesOf\(request\.method, url\.pathname\)/g;

/**
 * Every path that the code serves, as a description names it (`/portal/engines/{id}`), read from the source itself: no
 * list beside the code can miss one.
 * @throws {Error} when the source has a form that this does not read
 */
export function servedPaths(): string[] {
	if (SOURCE.replace(LOOKS, "").includes("pathname"))
		throw new Error("a path is looked at in a way that the tests do not read");
	return [...literals(), ...patterns()].sort();
}

/** The cases of the switches; those without a slash are methods. */
function literals(): string[] {
	const labels = [...SOURCE.matchAll(/\bcase (.+?):/g)].map(([, label = ""]) => label);
	const odd = labels.filter((label) => !/^"[^"]+"$/.test(label));
	if (odd.length > 0) throw new Error(`a case is no text: ${odd.join(", ")}`);
	return labels.map((label) => label.slice(1, -1)).filter((label) => label.startsWith("/"));
}

/** The regular expressions of the paths that hold an id. */
function patterns(): string[] {
	const used = [...SOURCE.matchAll(/(\w+_PATH)\.exec/g)].map(([, name = ""]) => name);
	const defined = new Map(
		[...SOURCE.matchAll(/^const (\w+_PATH) = \/\^(.+)\$\/;$/gm)].map(([, name = "", pattern = ""]) => [name, pattern]),
	);
	return used.flatMap((name) => templates(defined.get(name) ?? "[undefined]"));
}

function templates(pattern: string): string[] {
	const path = pattern.replaceAll("\\/", "/").replaceAll(ID, "{id}");
	const [group, optional] = /\(([^()]+)\)\?$/.exec(path) ?? [];
	const paths =
		group === undefined || optional === undefined ? [path] : [path.replace(group, ""), path.replace(group, optional)];
	const unread = paths.filter((read) => !/^(?:\/[a-z-]+|\/\{id\})+$/.test(read));
	if (unread.length > 0) throw new Error(`a pattern is none that the tests read: ${pattern}`);
	return paths;
}
