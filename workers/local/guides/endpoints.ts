import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { isObject } from "../../lib/http/json.ts";
import { ROOT } from "../root.ts";
import { code, markdownTable } from "./table.ts";

/** A deployment, and the export of its worker that describes it. */
const DESCRIBED = [
	{ name: "koby-portal", file: "portal", export: "portalOpenapi" },
	{ name: "chadis-chat", file: "chat", export: "chatOpenapi" },
	{ name: "chadis-voice", file: "voice", export: "voiceOpenapi" },
	{ name: "chadis-voice-conversation", file: "voice", export: "conversationOpenapi" },
] as const;

const METHODS = ["get", "post", "put", "patch", "delete"];
/** Stands with every operation of the portal. */
const EVERYWHERE = "orgId";
/** Headers and statuses that are told in words at the head of the section. */
const TOLD = ["If-None-Match", "If-Match"];
const COMMON_STATUSES = ["401", "403", "404", "405", "422", "429", "500", "503"];
/** How a summary or description begins that says who may. */
const FOR = /^For (admins and staff|staff|the organization's own admins|Stripe alone)[:.] ?/;

/**
 * The endpoints of every deployment by tag. The documents are loaded by their address: they belong to the workers, which have types of
 * their own, and all that is read of them is looked at first.
 */
export async function endpointsSection(): Promise<string> {
	const parts: string[] = [];
	for (const { name, file, export: described } of DESCRIBED) {
		const module: unknown = await import(pathToFileURL(join(ROOT, `workers/${file}/openapi.ts`)).href);
		const describe = isObject(module) ? module[described] : undefined;
		if (typeof describe !== "function") throw new Error(`workers/${file}/openapi.ts has no ${described}.`);
		parts.push(deployment(name, describe()));
	}
	return parts.join("\n\n");
}

function deployment(name: string, document: unknown): string {
	const tags = list(part(document).tags).map((tag) => String(part(tag).name));
	const rows = operations(document);
	const sections = tags.map((tag) => {
		const own = rows.filter((row) => row.tag === tag).map(({ cells }) => cells);
		return `**${tag}**\n\n${markdownTable(["endpoint", "what it does", "who", "parameters", "answers"], own)}`;
	});
	return `### ${name}\n\n${sections.join("\n\n")}`;
}

function operations(document: unknown): { tag: string; cells: string[] }[] {
	const { paths, components } = part(document);
	return Object.entries(part(paths)).flatMap(([path, item]) =>
		METHODS.filter((method) => isObject(part(item)[method])).map((method) => {
			const operation = part(part(item)[method]);
			const shared = [...list(part(item).parameters), ...list(operation.parameters)];
			const names = shared
				.map((one) => resolved(one, part(components).parameters))
				.filter((one) => one["in"] !== "path" && one["name"] !== EVERYWHERE && !TOLD.includes(String(one["name"])))
				.map((one) => code(String(one["name"])));
			return {
				tag: String(list(operation.tags)[0]),
				cells: [
					code(`${method.toUpperCase()} ${path}`),
					capitalised(String(operation.summary).replace(FOR, "")),
					whoMay(path, operation),
					names.join(", "),
					Object.keys(part(operation.responses))
						.filter((status) => !COMMON_STATUSES.includes(status))
						.join(" "),
				],
			};
		}),
	);
}

function whoMay(path: string, { summary, description }: Record<string, unknown>): string {
	const named = [summary, description].map((text) => FOR.exec(String(text))?.[1]).find((who) => who !== undefined);
	return named ?? (path.startsWith("/portal/") ? "members" : "");
}

function capitalised(text: string): string {
	return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** A parameter, or what its reference names. */
function resolved(parameter: unknown, shared: unknown): Record<string, unknown> {
	const { $ref: reference } = part(parameter);
	return typeof reference === "string" ? part(part(shared)[reference.split("/").at(-1) ?? ""]) : part(parameter);
}

function part(value: unknown): Record<string, unknown> {
	return isObject(value) ? value : {};
}

function list(value: unknown): unknown[] {
	return Array.isArray(value) ? value : [];
}
